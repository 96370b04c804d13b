"""/patients: who they are, how they are reached, whose they are, when they are free."""

from typing import Any

from scheduler.admissions import weekly_hours
from scheduler.people import Deed, Reach, Scope, patient_by_key
from scheduler.people.models import Person
from scheduler.programs import current_stays
from scheduler.programs.models import Enrolment
from scheduler.sessions import patients_near, patients_page
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    FREE,
    KEY,
    LINE,
    list_schema,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import reach_of_role
from scheduler.web.api.resources.free_windows import windows_said

STAY = record({"cohort": KEY, "from": DAY, "to": or_null(DAY), "waits": or_null(COUNT)})
PATIENT = record(
    {
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
    near = None
    if reach_of_role(call.staff, Deed.SEE_PATIENT) is not Reach.OTHER:
        near = patients_near(call.staff, day=call.now.date())
    after = call.after[0] if call.after else None
    people = patients_page(near, after=after, limit=call.limit + 1)
    stays = current_stays([person.id for person in people])

    def document(person: Person) -> Document:
        return patient_document(person, stays.get(person.id))

    return page_of(call, people, place=lambda person: [person.key], document=document)


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
    return Answered(patient_now(call.key))


def patient_now(key: str) -> Document:
    """Return a patient as they are in this transaction."""
    person = patient_by_key(key)
    stay = current_stays([person.id]).get(person.id)
    return patient_document(person, stay)


def patient_document(person: Person, stay: Enrolment | None) -> Document:
    """Return what the API says of a patient."""
    own = person.patient
    assert own is not None
    return {
        "key": person.key,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "zone": person.zone,
        "language": person.language,
        "state": own.state,
        "born": own.born.isoformat() if own.born else None,
        "clinician": own.treating.key,
        "free": windows_said(weekly_hours(person)),
        "stay": stay_document(stay) if stay else None,
    }


def stay_document(stay: Enrolment) -> dict[str, Any]:
    """Return what the API says of a stay within its patient."""
    return {
        "cohort": stay.cohort.key,
        "from": stay.first.isoformat(),
        "to": stay.last.isoformat() if stay.last else None,
        "waits": stay.waits,
    }
