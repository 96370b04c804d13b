"""Consent: what a patient lets one relative know, a provision per person and purpose."""

from scheduler import consents
from scheduler.consents.model.models import Grant
from scheduler.people import Deed, Scope
from scheduler.web.api.door.api_routes import FHIR_BOOK, About, Answered, Call
from scheduler.web.api.door.gatekeeper import patients_seen
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
from scheduler.web.api.fhir.fhir_values import Resource, instant, narrative, reference

ACTIVE = "active"
INACTIVE = "inactive"
STATUS = {"type": "string", "enum": [ACTIVE, INACTIVE]}
SCOPE = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/consentscope",
            "code": "patient-privacy",
        }
    ]
}
CATEGORY = {"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}
POLICY = [{"uri": "https://www.ecfr.gov/current/title-42/part-2/section-2.31"}]
TOLD = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}
    ]
}
PURPOSES = "urn:kinfold:purpose"


@FHIR_BOOK.route(
    "GET",
    "/Consent",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    asks={"_id": ID, "patient": PATIENT, "date": DAYS, "status": STATUS, **PAGING},
    gives=FOUND,
)
def fhir_consents(call: Call) -> Answered:
    """Search the consents of patients within reach, ended ones, too."""
    return bundle_of(
        call,
        _consents(call),
        place=lambda grant: [grant.id],
        resource=lambda grant: consent_resource(grant, call),
    )


@FHIR_BOOK.route(
    "GET",
    "/Consent/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.CONSENT,
    asks=FORMAT,
    gives=FOUND,
)
def fhir_consent(call: Call) -> Answered:
    """Read one consent."""
    return one_of_them(_consents(call), lambda grant: consent_resource(grant, call))


def _consents(call: Call) -> list[Grant]:
    whose = patient_searched(call)
    near = None
    if whose is None:
        near = patients_seen(call.staff, now=call.now)
    is_active = None
    if "status" in call.args:
        is_active = call.args["status"] == ACTIVE
    return consents.grants_page(
        near,
        patient=whose,
        ids=id_asked(call),
        holds=is_active,
        now=call.now,
        given=days_asked(call),
        after=call.after[0] if call.after else None,
        limit=call.limit + 1,
    )


def consent_resource(grant: Grant, call: Call) -> Resource:
    """Return a consent as it stands at this moment."""
    stands = grant.revoked_at is None and consents.holds(grant, call.now)
    purpose = {"system": PURPOSES, "code": grant.purpose.value}
    actor = {"role": TOLD, "reference": reference("RelatedPerson", grant.person.key)}
    period = {"start": instant(grant.valid_from), "end": instant(grant.valid_until)}
    words = f"{grant.person.name}: {grant.purpose.value}"
    return {
        "resourceType": "Consent",
        "id": grant.id,
        "text": narrative(words, f"{period['start']} – {period['end']}"),
        "status": ACTIVE if stands else INACTIVE,
        "scope": SCOPE,
        "category": [CATEGORY],
        "patient": reference("Patient", grant.patient.key),
        "dateTime": instant(grant.given_at),
        "policy": POLICY,
        "provision": {
            "type": "permit",
            "period": period,
            "actor": [actor],
            "purpose": [purpose],
        },
    }
