"""/enrolments: a patient's stays; the key of one is its patient's."""

from scheduler.kernel.errors import NotFound
from scheduler.people import Deed, Scope, patient_by_key
from scheduler.people.models import Person
from scheduler.programs import all_cohorts, current_stays, further_stays
from scheduler.programs.models import Enrolment, FurtherStay
from scheduler.sessions import patients_page
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    ID,
    KEY,
    list_schema,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patients_seen

STAY = record({"id": ID, "cohort": KEY, "from": DAY, "to": or_null(DAY), "waits": or_null(COUNT)})
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


def enrolment_now(person: Person) -> Document:
    """Return a patient's stays as they are in this transaction. Raises NotFound for others."""
    if person.patient is None:
        raise NotFound("there is no patient of that key here")
    return enrolment_documents([person])[person.key]


def enrolment_documents(people: list[Person]) -> dict[str, Document]:
    """Return what the API says of these patients' stays, by key."""
    cohorts = {cohort.id: cohort.key for cohort in all_cohorts()}
    others = further_stays([person.id for person in people])
    current = current_stays([person.id for person in people])
    found = {}
    for person in people:
        own = current.get(person.id)
        rows: list[Enrolment | FurtherStay] = [*others.get(person.id, [])]
        if own is not None:
            rows.append(own)
        rows.sort(key=lambda row: (row.first, row.id))
        found[person.key] = {
            "patient": person.key,
            "current": _stay(own, cohorts) if own else None,
            "stays": [_stay(row, cohorts) for row in rows],
        }
    return found


def _stay(row: Enrolment | FurtherStay, cohorts: dict[str, str]) -> Document:
    return {
        "id": row.id,
        "cohort": cohorts[row.cohort_id],
        "from": row.first.isoformat(),
        "to": row.last.isoformat() if row.last else None,
        "waits": row.waits,
    }
