"""/patients: who they are, how they are reached, whose they are, when they are free."""

from dataclasses import replace
from datetime import date
from typing import Any

from scheduler.admissions import (
    Admission,
    admit,
    change_facts,
    change_hours,
    every_week,
    facts_of,
    weekly_hours,
)
from scheduler.invitations import change_contact, note_welcome
from scheduler.kernel.errors import NotFound
from scheduler.kernel.ids import new_id
from scheduler.people import (
    Deed,
    Scope,
    contact_of,
    person_in_turn,
)
from scheduler.people.models import Person
from scheduler.sessions import PatientRecord, patient_record, patient_records
from scheduler.web.api.door.answering import follow_up, hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    FREE,
    ID,
    KEY,
    LINE,
    TEXT,
    changes,
    list_schema,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patients_seen
from scheduler.web.api.resources.free_windows import windows_of, windows_said
from scheduler.web.api.resources.typed_words import (
    NEW_KEY,
    REACHED,
    contact_with,
    day_needed,
    day_said,
    new_contact,
    typed_words,
)
from scheduler.web.desk.people.family_circle import circle_of
from scheduler.web.desk.people.patient_details import OLDEST

STAY = record({"cohort": KEY, "from": DAY, "to": or_null(DAY), "waits": or_null(COUNT)})
PATIENT = record(
    {
        "id": ID,
        "key": KEY,
        "name": LINE,
        "email": LINE,
        "phone": or_null(LINE),
        "zone": or_null(LINE),
        "language": or_null(LINE),
        "state": or_null(LINE),
        "born": or_null(DAY),
        "clinician": KEY,
        "free": FREE,
        "stay": or_null(STAY),
    }
)
FACTS = {"state": or_null(TEXT), "born": or_null(DAY), "clinician": KEY}
ADMISSION = record(
    {**REACHED, **FACTS, **NEW_KEY, "cohort": KEY, "from": DAY},
    needed=("name", "email", "clinician", "cohort", "from"),
)


@route(
    "GET",
    "/patients",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    gives=list_schema(PATIENT),
    is_list=True,
)
def patients(call: Call) -> Answered:
    """List the patients within reach, by key."""
    near = patients_seen(call.staff, now=call.now)
    after = call.after[0] if call.after else None
    people = patient_records(near, after=after, limit=call.limit + 1)
    return page_of(
        call,
        people,
        place=lambda row: [row.key],
        document=patient_document,
    )


@route(
    "GET",
    "/patients/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.PATIENT,
    gives=PATIENT,
    is_row=True,
)
def patient(call: Call) -> Answered:
    """Return one patient."""
    return Answered(patient_document(call.row))


@route(
    "POST",
    "/patients",
    deed=Deed.FIND_ANYBODY,
    scope=Scope.WRITE,
    takes=ADMISSION,
    gives=PATIENT,
    status=201,
    is_row=True,
    rehearses=True,
)
def admit_patient(call: Call) -> Answered:
    """Admit a patient with their first stay."""
    words = typed_words(call.body)
    said = Admission(
        contact=new_contact(words),
        state=words.get("state"),
        born=_born(call),
        clinician=call.body["clinician"],
        cohort=call.body["cohort"],
        first=day_needed(call.body, "from", now=call.now),
        free=windows_of(call.body.get("free")),
        key=words.get("key"),
    )
    person = admit(
        said,
        new_id(),
        by=call.by,
        now=call.now,
    )
    note_welcome(person, now=call.now)
    follow_up(call, {person.id})
    location = {"Location": f"/api/v1/patients/{person.key}"}
    return Answered(patient_now(person.key), headers=location)


@route(
    "PATCH",
    "/patients/<key>",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    about=About.PATIENT,
    takes=changes({**REACHED, **FACTS}),
    gives=PATIENT,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def change_patient(call: Call) -> Answered:
    """Change how a patient is reached, what is known of them, or when they are free."""
    person = person_in_turn(call.key)
    hold_to_match(call, patient_now(call.key))
    words = typed_words(call.body)
    before = contact_of(person)
    change_contact(
        person,
        contact_with(before, words),
        seen=before,
        by=call.by,
        now=call.now,
    )
    _change_facts(call, person, words)
    if "free" in call.body:
        free = windows_of(call.body["free"])
        seen = weekly_hours(person)
        change_hours(
            person,
            free,
            seen=seen,
            by=call.by,
            now=call.now,
        )
    follow_up(call, circle_of(person))
    return Answered(patient_now(call.key))


def _change_facts(call: Call, person: Person, words: dict[str, Any]) -> None:
    before = facts_of(person)
    facts = before
    if "state" in words:
        facts = replace(facts, state=words["state"])
    if "born" in call.body:
        facts = replace(facts, born=_born(call))
    if "clinician" in call.body:
        facts = replace(facts, clinician=call.body["clinician"])
    change_facts(
        person,
        facts,
        seen=before,
        by=call.by,
        now=call.now,
    )


def _born(call: Call) -> date | None:
    return day_said(
        call.body,
        "born",
        now=call.now,
        years_back=OLDEST,
        years_ahead=0,
    )


def patient_now(key: str) -> Document:
    """Return a patient as they are in this transaction. Raises NotFound."""
    row = patient_record(key)
    if row is None:
        raise NotFound(f"there is no patient with the key {key}")
    return patient_document(row)


def patient_document(row: PatientRecord) -> Document:
    """Return what the API says of a patient."""
    return {
        "id": row.id,
        "key": row.key,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "zone": row.zone,
        "language": row.language,
        "state": row.state,
        "born": row.born.isoformat() if row.born else None,
        "clinician": row.clinician,
        "free": windows_said(every_week(row.free)),
        "stay": _stay_document(row),
    }


def _stay_document(row: PatientRecord) -> Document | None:
    if row.cohort is None or row.first is None:
        return None
    return {
        "cohort": row.cohort,
        "from": row.first.isoformat(),
        "to": row.last.isoformat() if row.last else None,
        "waits": row.waits,
    }
