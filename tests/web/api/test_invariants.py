"""HL7's invariants hold of what is sound, and each is broken by something."""

from typing import Any

import pytest

from tests.web.api.invariants import findings, rules

NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">A</div>'}
WHO = {"reference": "Patient/jordan"}
BEGINS = "2027-03-09T23:00:00+00:00"
ENDS = "2027-03-09T23:50:00+00:00"


def least(kind: str, /, **said: Any) -> dict[str, Any]:
    """The least of a resource that breaks nothing, and what is said beside it; None takes away."""
    whole = {"resourceType": kind, "text": NARRATIVE, **LEAST.get(kind, {}), **said}
    return {name: value for name, value in whole.items() if value is not None}


LEAST: dict[str, dict[str, Any]] = {
    "Appointment": {
        "status": "booked",
        "start": BEGINS,
        "end": ENDS,
        "participant": [{"actor": WHO, "status": "accepted"}],
    },
    "Consent": {
        "status": "active",
        "scope": {"text": "privacy"},
        "category": [{"text": "release"}],
        "patient": WHO,
        "policy": [{"uri": "https://www.ecfr.gov/"}],
        "provision": {"period": {"start": BEGINS, "end": ENDS}},
    },
    "Bundle": {"text": None, "type": "searchset", "total": 0},
    "CapabilityStatement": {
        "kind": "instance",
        "implementation": {"description": "here"},
        "rest": [{"mode": "server", "resource": [{"type": "Patient"}]}],
    },
}
INSIDE = least("Patient", id="a")
ENTRY = {"fullUrl": "https://hl.example/fhir/R4/Patient/a", "resource": INSIDE}


def scoped(code: str) -> dict[str, Any]:
    """A consent of nobody in a scope; its invariant names this system, as it was published."""
    coding = {"system": "something", "code": code}
    return least("Consent", patient=None, scope={"coding": [coding]})


def bundle(kind: str, **entry: Any) -> dict[str, Any]:
    return least("Bundle", type=kind, total=None, entry=[ENTRY | entry])


def statement(**resource: Any) -> dict[str, Any]:
    """A statement that describes one kind of resource twice over."""
    described = [{"type": "Patient", **resource}] * (1 if resource else 2)
    return least("CapabilityStatement", rest=[{"mode": "server", "resource": described}])


LATE = {"period": {"start": ENDS, "end": BEGINS}}
BROKEN = {
    "ele-1": least("Patient", name=[{}]),
    "ext-1": least("Patient", extension=[{"url": "https://hl.example/a"}]),
    "ref-1": least("Patient", managingOrganization={"reference": "#b"}),
    "per-1": least("Consent", provision=LATE),
    "cpt-2": least("Patient", telecom=[{"value": "+17165550100"}]),
    "att-1": least("Consent", sourceAttachment={"data": "YQ=="}),
    "dom-2": least("Patient", contained=[INSIDE | {"contained": [INSIDE]}]),
    "dom-3": least("Patient", contained=[INSIDE]),
    "dom-4": least("Patient", contained=[INSIDE | {"meta": {"versionId": "1"}}]),
    "dom-5": least("Patient", contained=[INSIDE | {"meta": {"security": [{"code": "R"}]}}]),
    "dom-6": least("Patient", text=None),
    "pat-1": least("Patient", contact=[{"gender": "other"}]),
    "app-1": least("Appointment", participant=[{"status": "accepted"}]),
    "app-2": least("Appointment", end=None),
    "app-3": least("Appointment", start=None, end=None),
    "app-4": least("Appointment", cancelationReason={"text": "ill"}),
    "ppc-1": least("Consent", policy=None),
    "ppc-2": scoped("patient-privacy"),
    "ppc-3": scoped("research"),
    "ppc-4": scoped("adr"),
    "ppc-5": scoped("treatment"),
    "bdl-1": least("Bundle", type="collection"),
    "bdl-2": bundle("collection", search={"mode": "match"}),
    "bdl-3": bundle("searchset", request={"method": "GET", "url": "Patient"}),
    "bdl-4": bundle("searchset", response={"status": "200"}),
    "bdl-5": least("Bundle", entry=[{"fullUrl": "https://hl.example/a"}]),
    "bdl-7": least("Bundle", entry=[ENTRY, ENTRY]),
    "bdl-8": bundle("searchset", fullUrl="https://hl.example/a/_history/1"),
    "bdl-9": bundle("document"),
    "bdl-10": bundle("document"),
    "bdl-11": bundle("document"),
    "bdl-12": bundle("message"),
    "cpb-0": least("CapabilityStatement", name="no name"),
    "cpb-1": least("CapabilityStatement", rest=None),
    "cpb-2": least("CapabilityStatement", implementation=None),
    "cpb-3": least("CapabilityStatement", kind="capability", messaging=[{"endpoint": [{}]}]),
    "cpb-7": least("CapabilityStatement", document=[{"mode": "producer", "profile": "a"}] * 2),
    "cpb-9": statement(),
    "cpb-12": statement(searchParam=[{"name": "_id"}, {"name": "_id"}]),
    "cpb-14": least("CapabilityStatement", implementation=None),
    "cpb-15": least("CapabilityStatement", kind="capability"),
    "cpb-16": least("CapabilityStatement", kind="requirements"),
}


@pytest.mark.parametrize("kind", ["Patient", *LEAST])
def test_least_of_a_resource_breaks_nothing(kind: str) -> None:
    assert findings(least(kind)) == []
    assert findings(least("Bundle", total=1, entry=[ENTRY])) == []


@pytest.mark.parametrize("key", BROKEN)
def test_what_breaks_an_invariant_is_found(key: str) -> None:
    assert key in {found.partition(" ")[0] for found in findings(BROKEN[key])}


def test_every_invariant_is_broken_by_something() -> None:
    assert BROKEN.keys() == rules().keys()


def test_what_is_empty_is_no_json_of_fhir() -> None:
    assert findings(least("Patient", name=[{"text": ""}])) == ["json Patient.name[0].text"]
