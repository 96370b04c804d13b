"""Patient, RelatedPerson and Practitioner."""

from scheduler.i18n import language_for
from scheduler.people import Deed, Scope, staff_members
from scheduler.people.models import Person
from scheduler.sessions import patients_page, relatives_page
from scheduler.web.api.door.api_routes import FHIR_BOOK, About, Answered, Call
from scheduler.web.api.door.gatekeeper import patients_seen
from scheduler.web.api.fhir.fhir_search import (
    FORMAT,
    FOUND,
    ID,
    PAGING,
    PATIENT,
    after_key,
    bundle_of,
    id_asked,
    one_of_them,
    patient_searched,
)
from scheduler.web.api.fhir.fhir_values import (
    Resource,
    human_name,
    identifier,
    narrative,
    reference,
    telecom,
    without_empty,
)


@FHIR_BOOK.route(
    "GET",
    "/Patient",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    asks={"_id": ID, **PAGING},
    gives=FOUND,
)
def fhir_patients(call: Call) -> Answered:
    """Search the patients within reach."""
    return bundle_of(call, _patients(call), place=_place, resource=patient_resource)


@FHIR_BOOK.route(
    "GET",
    "/Patient/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.PATIENT,
    asks=FORMAT,
    gives=FOUND,
)
def fhir_patient(call: Call) -> Answered:
    """Read one patient."""
    return one_of_them(_patients(call), patient_resource)


def _patients(call: Call) -> list[Person]:
    return patients_page(
        patients_seen(call.staff, now=call.now),
        keys=id_asked(call),
        after=after_key(call),
        limit=call.limit + 1,
    )


@FHIR_BOOK.route(
    "GET",
    "/RelatedPerson",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    asks={"_id": ID, "patient": PATIENT, **PAGING},
    gives=FOUND,
)
def fhir_relatives(call: Call) -> Answered:
    """Search the relatives of patients within reach."""
    return bundle_of(call, _relatives(call), place=_place, resource=related_resource)


@FHIR_BOOK.route(
    "GET",
    "/RelatedPerson/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.RELATIVE,
    asks=FORMAT,
    gives=FOUND,
)
def fhir_relative(call: Call) -> Answered:
    """Read one relative."""
    return one_of_them(_relatives(call), related_resource)


def _relatives(call: Call) -> list[Person]:
    return relatives_page(
        patients_seen(call.staff, now=call.now),
        patient=patient_searched(call),
        keys=id_asked(call),
        after=after_key(call),
        limit=call.limit + 1,
    )


@FHIR_BOOK.route(
    "GET",
    "/Practitioner",
    deed=Deed.SEE_BOARD,
    scope=Scope.READ,
    asks={"_id": ID, **PAGING},
    gives=FOUND,
)
def fhir_practitioners(call: Call) -> Answered:
    """Search the colleagues, by name alone: boards show who leads what."""
    people = practitioners_asked(call)
    return bundle_of(call, people, place=_place, resource=practitioner_resource)


@FHIR_BOOK.route(
    "GET",
    "/Practitioner/<key>",
    deed=Deed.SEE_BOARD,
    scope=Scope.READ,
    asks=FORMAT,
    gives=FOUND,
)
def fhir_practitioner(call: Call) -> Answered:
    """Read one colleague, by name alone."""
    return one_of_them(practitioners_asked(call), practitioner_resource)


def practitioners_asked(call: Call) -> list[Person]:
    """Return the colleagues who are asked for, by key, one more than a page is long."""
    wanted = id_asked(call)
    after = after_key(call) or ""
    people = []
    for person in staff_members():
        if person.key > after and (wanted is None or person.key in wanted):
            people.append(person)
    return people[: call.limit + 1]


def _place(person: Person) -> list[str]:
    return [person.key]


def patient_resource(person: Person) -> Resource:
    """Return a patient."""
    own = person.patient
    assert own is not None
    language = language_for(person.language)
    return without_empty(
        {
            "resourceType": "Patient",
            "id": person.key,
            "text": narrative(person.name),
            "identifier": identifier(person.key),
            "active": True,
            "name": human_name(person.name),
            "telecom": telecom(person.email, person.phone),
            "birthDate": own.born.isoformat() if own.born else None,
            "address": [{"state": own.state}] if own.state else None,
            "communication": [_spoken(language)],
            "generalPractitioner": [reference("Practitioner", own.treating.key)],
        }
    )


def _spoken(language: str) -> Resource:
    coding = {"system": "urn:ietf:bcp:47", "code": language}
    return {"language": {"coding": [coding]}, "preferred": True}


def related_resource(person: Person) -> Resource:
    """Return a relative; what they may know stands in consents."""
    own = person.relative
    assert own is not None
    return without_empty(
        {
            "resourceType": "RelatedPerson",
            "id": person.key,
            "text": narrative(person.name, own.relationship_word),
            "identifier": identifier(person.key),
            "active": True,
            "patient": reference("Patient", own.patient.key),
            "relationship": [{"text": own.relationship_word}],
            "name": human_name(person.name),
            "telecom": telecom(person.email, person.phone),
        }
    )


def practitioner_resource(person: Person) -> Resource:
    """Return a colleague."""
    account = person.clinician
    return {
        "resourceType": "Practitioner",
        "id": person.key,
        "text": narrative(person.name),
        "identifier": identifier(person.key),
        "active": account is not None and account.ended_at is None,
        "name": human_name(person.name),
    }
