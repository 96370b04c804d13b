"""Appointment and Schedule: sessions, and who leads them."""

from collections.abc import Callable, Mapping
from datetime import datetime

from scheduler.consents import audiences
from scheduler.invitations import UNANSWERED, standing_answers
from scheduler.people import Deed, Scope
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.sessions import SessionsWanted, sessions_page
from scheduler.sessions.models import Session, Status
from scheduler.web.api.door.api_routes import FHIR_BOOK, Answered, Call
from scheduler.web.api.fhir.fhir_people import practitioners_asked
from scheduler.web.api.fhir.fhir_search import (
    DAYS,
    FORMAT,
    FOUND,
    ID,
    PAGING,
    PATIENT,
    bundle_of,
    days_asked,
    id_asked,
    one_of_them,
    patient_searched,
)
from scheduler.web.api.fhir.fhir_values import (
    Resource,
    identifier,
    instant,
    narrative,
    reference,
)
from scheduler.web.api.resources.session_resource import relatives_among
from scheduler.web.desk.accounts.list_reach import cohorts_of_sessions_for

STATES = {
    Status.SCHEDULED: "booked",
    Status.CANCELLED: "cancelled",
    Status.HELD: "fulfilled",
}
STATUS = {"type": "string", "enum": ["booked", "cancelled", "fulfilled"]}


@FHIR_BOOK.route(
    "GET",
    "/Appointment",
    deed=Deed.SEE_SESSION,
    scope=Scope.READ,
    asks={"_id": ID, "patient": PATIENT, "date": DAYS, "status": STATUS, **PAGING},
    gives=FOUND,
)
def fhir_appointments(call: Call) -> Answered:
    """Search the sessions within reach, in order of time."""
    rows = _sessions(call)
    return bundle_of(call, rows, place=_place, resource=_resource_of(rows, call))


@FHIR_BOOK.route(
    "GET",
    "/Appointment/<key>",
    deed=Deed.SEE_SESSION,
    scope=Scope.READ,
    asks=FORMAT,
    gives=FOUND,
)
def fhir_appointment(call: Call) -> Answered:
    """Read one session within reach."""
    rows = _sessions(call)
    return one_of_them(rows, _resource_of(rows, call))


def _resource_of(rows: list[Session], call: Call) -> Callable[[Session], Resource]:
    told = audiences(rows, now=call.now)
    family = relatives_among(told)
    answers = standing_answers(told, rows)

    def resource(row: Session) -> Resource:
        return appointment_resource(row, family[row.id], answers[row.id])

    return resource


def _sessions(call: Call) -> list[Session]:
    whose = patient_searched(call)
    begin, end = days_asked(call)
    asked = SessionsWanted(
        cohorts=cohorts_of_sessions_for(call.staff),
        begins_from=begin,
        begins_before=end,
        patients=None if whose is None else [whose],
        status=_status(call.args.get("status")),
        ids=id_asked(call),
    )
    after = None
    if call.after:
        began, key = call.after
        after = datetime.fromisoformat(began), key
    return list(sessions_page(asked, after=after, limit=call.limit + 1))


def _place(row: Session) -> list[str]:
    return [row.starts_at.isoformat(), row.key]


def _status(word: str | None) -> Status | None:
    for status, said in STATES.items():
        if said == word:
            return status
    return None


def appointment_resource(row: Session, family: list[str], answers: Mapping[str, str]) -> Resource:
    """Return a session with who leads it, who sits in it, which relatives may know of it at this
    moment, and what each (key) answered to it as it stands.
    """
    participants = []
    for person in row.leads:
        participants.append(_participant("Practitioner", person.key, answers))
    for person in row.patients:
        participants.append(_participant("Patient", person.key, answers))
    for key in family:
        participants.append(_participant("RelatedPerson", key, answers))
    begin, end = instant(row.starts_at), instant(row.ends_at)
    return {
        "resourceType": "Appointment",
        "id": row.id,
        "text": narrative(row.title, f"{begin} – {end}"),
        "identifier": identifier(row.key),
        "status": STATES[row.status],
        "serviceType": [{"text": Kind(row.kind).value}],
        "description": row.title,
        "start": begin,
        "end": end,
        "minutesDuration": row.minutes,
        "participant": participants,
    }


def _participant(kind: str, key: str, answers: Mapping[str, str]) -> Resource:
    """Say who takes part; who was not asked has not answered (R4, participationstatus)."""
    return {"actor": reference(kind, key), "status": answers.get(key, UNANSWERED)}


@FHIR_BOOK.route(
    "GET",
    "/Schedule",
    deed=Deed.SEE_BOARD,
    scope=Scope.READ,
    asks={"_id": ID, **PAGING},
    gives=FOUND,
)
def fhir_schedules(call: Call) -> Answered:
    """Search the calendars of colleagues: one a colleague, of the same id."""
    people = practitioners_asked(call)
    return bundle_of(call, people, place=lambda person: [person.key], resource=schedule_resource)


@FHIR_BOOK.route(
    "GET",
    "/Schedule/<key>",
    deed=Deed.SEE_BOARD,
    scope=Scope.READ,
    asks=FORMAT,
    gives=FOUND,
)
def fhir_schedule(call: Call) -> Answered:
    """Read the calendar of one colleague."""
    return one_of_them(practitioners_asked(call), schedule_resource)


def schedule_resource(person: Person) -> Resource:
    """Return the calendar of a colleague."""
    account = person.clinician
    return {
        "resourceType": "Schedule",
        "id": person.key,
        "text": narrative(person.name),
        "identifier": identifier(person.key),
        "active": account is not None and account.ended_at is None,
        "actor": [reference("Practitioner", person.key)],
    }
