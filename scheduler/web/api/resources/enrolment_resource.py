"""/enrolments: a patient's stays; the key of one is its patient's."""

from datetime import date

from scheduler.admissions import discharge
from scheduler.kernel.errors import NotFound
from scheduler.people import Deed, Scope, patient_by_key, person_in_turn
from scheduler.people.models import Person
from scheduler.programs import all_cohorts, current_stays, stays_of
from scheduler.programs.models import Enrolment
from scheduler.sessions import patients_page
from scheduler.web.api.door.answering import follow_up, hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    KEY,
    list_schema,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patients_seen
from scheduler.web.desk.people.family_circle import circle_of

STAY = record({"cohort": KEY, "from": DAY, "to": or_null(DAY), "waits": or_null(COUNT)})
ENROLMENT = record(
    {
        "patient": KEY,
        "current": or_null(STAY),
        "stays": {"type": "array", "items": STAY},
    }
)


@route(
    "GET",
    "/enrolments",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    gives=list_schema(ENROLMENT),
    is_list=True,
)
def enrolments(call: Call) -> Answered:
    """List the stays of the patients within reach, by the patient's key."""
    near = patients_seen(call.staff, now=call.now)
    after = call.after[0] if call.after else None
    people = patients_page(near, after=after, limit=call.limit + 1)
    known = enrolment_documents(people)
    return page_of(
        call,
        people,
        place=lambda person: [person.key],
        document=lambda person: known[person.key],
    )


@route(
    "GET",
    "/enrolments/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.PATIENT,
    gives=ENROLMENT,
    is_row=True,
)
def enrolment(call: Call) -> Answered:
    """Return the stays of one patient."""
    return Answered(enrolment_now(patient_by_key(call.key)))


@route(
    "PATCH",
    "/enrolments/<key>",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    about=About.PATIENT,
    takes=record({"to": DAY}),
    gives=ENROLMENT,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def end_enrolment(call: Call) -> Answered:
    """Discharge a patient: the current stay ends with a day, and with it what ends then."""
    person = person_in_turn(call.key)
    hold_to_match(call, enrolment_now(person))
    last = date.fromisoformat(call.body["to"])
    discharge(
        person,
        last,
        by=call.by,
        now=call.now,
    )
    follow_up(call, circle_of(person))
    return Answered(enrolment_now(person))


def enrolment_now(person: Person) -> Document:
    """Return a patient's stays as they are in this transaction. Raises NotFound for others."""
    if person.patient is None:
        raise NotFound("there is no patient of that key here")
    return enrolment_documents([person])[person.key]


def enrolment_documents(people: list[Person]) -> dict[str, Document]:
    """Return what the API says of these patients' stays, by key."""
    ids = [person.id for person in people]
    current = current_stays(ids)
    every = stays_of(ids)
    keys = {cohort.id: cohort.key for cohort in all_cohorts()}
    found = {}
    for person in people:
        stays = []
        for stay in every.get(person.id, []):
            document = _stay(
                keys[stay.cohort_id],
                stay.first,
                stay.last,
                stay.waits,
            )
            stays.append(document)
        document = {
            "patient": person.key,
            "current": _current(current.get(person.id)),
            "stays": stays,
        }
        found[person.key] = document
    return found


def _current(stay: Enrolment | None) -> Document | None:
    if stay is None:
        return None
    return _stay(
        stay.cohort.key,
        stay.first,
        stay.last,
        stay.waits,
    )


def _stay(cohort: str, first: date, last: date | None, waits: int | None) -> Document:
    return {
        "cohort": cohort,
        "from": first.isoformat(),
        "to": last.isoformat() if last else None,
        "waits": waits,
    }
