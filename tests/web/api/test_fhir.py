"""FHIR R4, read only: resources that HL7's schema and a foreign library take, no more than the
token may know, and a statement that is true.
"""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B import get_fhir_model_class
from flask import Flask
from sqlalchemy import select

from scheduler.invitations import answer
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.people import Scope, person_by_key
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.sessions.models import Session
from scheduler.web.api.door.api_routes import FHIR_BOOK
from tests.web.api.caller import Program, hl7, program
from tests.web.api.invariants import findings
from tests.web.house import NOW

BASE = "https://hl-sched.example"


def valid(answer: Any) -> dict[str, Any]:
    """What was answered, once the foreign library has read it; R4B has these as R4 has them. Of
    HL7's own invariants of R4 none is broken, and the caller holds every answer to their schema.
    """
    assert answer.content_type == "application/fhir+json"
    document: dict[str, Any] = json.loads(answer.data)
    get_fhir_model_class(document["resourceType"]).model_validate(document)
    assert findings(document) == []
    return document


def searched(caller: Program, question: str) -> dict[str, Any]:
    return valid(caller.get(f"/fhir/R4/{question}"))


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", [])]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("Patient", {"birthDate": "31.12.1990"}),
        ("Patient", {"colour": "red"}),
        ("Appointment", {"status": "planned"}),
        ("Appointment", {"participant": None}),
        ("Consent", {"category": None}),
        ("Bundle", {"type": "searched"}),
    ],
)
def test_schema_of_hl7_refuses_what_is_none(kind: str, change: dict[str, Any]) -> None:
    least = {
        "Patient": {},
        "Appointment": {"status": "booked", "participant": [{"status": "accepted"}]},
        "Consent": {"status": "active", "scope": {}, "category": [{}]},
        "Bundle": {"type": "searchset"},
    }
    whole = {"resourceType": kind, **least[kind]}
    changed = {name: value for name, value in {**whole, **change}.items() if value is not None}

    assert [hl7().is_valid(whole), hl7().is_valid(changed)] == [True, False]


def stranger() -> None:
    """A clinician whom nobody in the house is near to."""
    person = Person(
        key="moss",
        kind=PersonKind.CLINICIAN,
        name="Moss",
        email="moss@hl.example",
        free=(),
    )
    person.clinician = Clinician(roles=(Role.CLINICIAN,), licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.commit()


SEARCHES = [route for route in FHIR_BOOK.routes if "<key>" not in route.path]


@pytest.mark.parametrize("route", SEARCHES, ids=lambda route: route.path)
def test_every_resource_is_one_a_foreign_library_takes(house: Flask, route: Any) -> None:
    bundle = searched(program(house, "desk"), route.path.strip("/"))

    assert bundle["total"] == len(bundle["entry"]) > 0
    caller = program(house, "desk", Scope.READ)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        assert entry["fullUrl"] == f"{BASE}/fhir/R4{route.path}/{resource['id']}"
        assert valid(caller.get(f"/fhir/R4{route.path}/{resource['id']}")) == resource


def test_statement_is_valid_and_true(house: Flask) -> None:
    statement = valid(Program(house, "").get("/fhir/R4/metadata"))
    (rest,) = statement["rest"]
    said = {row["type"]: {one["name"] for one in row["searchParam"]} for row in rest["resource"]}
    does = {row["type"]: {one["code"] for one in row["interaction"]} for row in rest["resource"]}
    served = {}
    reads = set()
    for rule in house.url_map.iter_rules():
        kind, _, one = rule.rule.removeprefix("/fhir/R4/").partition("/")
        if not rule.endpoint.startswith("fhir.") or rule.endpoint == "fhir.capabilities":
            continue
        if one:
            reads.add(kind)
        else:
            served[kind] = rule.endpoint.removeprefix("fhir.")
    named = {route.name: route for route in FHIR_BOOK.routes}
    asks = {
        kind: set(named[name].asks) - {"_count", "_format", "_total", "cursor"}
        for kind, name in served.items()
    }

    assert said == asks
    kinds = "Appointment Consent Patient Practitioner RelatedPerson Schedule"
    assert sorted(said) == kinds.split()
    assert reads == set(said)
    assert does == {kind: {"read", "search-type"} for kind in said}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Patient?_id=jordan", ["jordan"]),
        ("Patient?_id=jordan,nobody", ["jordan"]),
        ("RelatedPerson?patient=jordan", ["jordan-father", "jordan-mother"]),
        ("RelatedPerson?patient=Patient/noemie", []),
        ("Practitioner?_id=rivera", ["rivera"]),
        ("Schedule?_id=desk", ["desk"]),
    ],
)
def test_search_finds_what_is_asked_for(house: Flask, question: str, found: list[str]) -> None:
    bundle = searched(program(house, "desk"), question)

    assert ids(bundle) == found
    assert bundle["total"] == len(found)
    assert bundle["link"][0]["relation"] == "self"


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("date=2027-03-02", ["evening.fam.jordan.w1"]),
        (
            "date=ge2027-03-02&date=lt2027-03-09",
            ["evening.fam.jordan.w1", "evening.process.2027-03-08"],
        ),
        ("date=gt2027-03-08", ["evening.fam.jordan.w2"]),
        ("patient=noemie", ["evening.process.2027-03-01", "evening.process.2027-03-08"]),
        ("status=cancelled", []),
    ],
)
def test_appointments_are_found_by_day_patient_and_status(
    house: Flask, question: str, keys: list[str]
) -> None:
    bundle = searched(program(house, "desk"), f"Appointment?{question}")

    found = [entry["resource"]["identifier"][0]["value"] for entry in bundle.get("entry", [])]
    assert found == keys


def test_appointment_names_only_relatives_who_may_know_of_it(house: Flask) -> None:
    session = db.session.scalars(select(Session.id).where(Session.key == "evening.fam.jordan.w1"))
    wanted = session.one()

    bundle = searched(program(house, "desk"), f"Appointment?_id={wanted}")

    actors = [one["actor"]["reference"] for one in bundle["entry"][0]["resource"]["participant"]]
    assert actors == ["Practitioner/rivera", "Patient/jordan", "RelatedPerson/jordan-mother"]


def test_appointment_says_what_each_answered_to_it_as_it_stands(house: Flask) -> None:
    mother = Invitation.person_id == person_by_key("jordan-mother").id
    for row in db.session.scalars(select(Invitation).where(mother)):
        answer(row, Answer.DECLINED, by="jordan-mother", now=NOW)
    db.session.commit()
    caller = program(house, "desk")

    said = []
    for entry in searched(caller, "Appointment?patient=jordan")["entry"]:
        taking_part = entry["resource"]["participant"]
        said.append({one["actor"]["reference"]: one["status"] for one in taking_part})
    unasked = {"Practitioner/rivera": "needs-action", "Patient/jordan": "needs-action"}
    assert said[:2] == [
        {**unasked, "Patient/noemie": "needs-action"},
        {**unasked, "RelatedPerson/jordan-mother": "declined"},
    ]


@pytest.mark.parametrize(
    ("question", "found"),
    [("date=ge2020-01-01", 1), ("date=gt{day}", 0), ("date={day}", 1), ("date=lt{day}", 0)],
)
def test_consents_are_found_by_the_day_they_were_given(
    house: Flask, question: str, found: int
) -> None:
    caller = program(house, "desk")
    (entry,) = searched(caller, "Consent")["entry"]
    zone = ZoneInfo("America/New_York")
    day = datetime.fromisoformat(entry["resource"]["dateTime"]).astimezone(zone).date()

    assert searched(caller, f"Consent?{question.format(day=day)}")["total"] == found


def test_consent_has_a_provision_for_its_person_and_purpose(house: Flask) -> None:
    caller = program(house, "desk")
    (entry,) = searched(caller, "Consent?patient=jordan&status=active")["entry"]
    provision = entry["resource"]["provision"]

    assert provision["actor"][0]["reference"] == {"reference": "RelatedPerson/jordan-mother"}
    assert provision["purpose"][0]["code"] == "family_therapy"
    caller.call("POST", f"/consents/{entry['resource']['id']}/withdraw")
    assert searched(caller, "Consent?status=active")["total"] == 0
    assert searched(caller, "Consent?status=inactive")["total"] == 1


@pytest.mark.parametrize(("wanted", "total"), [("none", None), ("estimate", 2), ("accurate", 2)])
def test_who_wants_no_total_is_told_none(house: Flask, wanted: str, total: int | None) -> None:
    bundle = searched(program(house, "desk"), f"Patient?_total={wanted}")

    assert (bundle.get("total"), len(bundle["entry"])) == (total, 2)


def test_pages_of_a_search_follow_one_another(house: Flask) -> None:
    caller = program(house, "desk")
    first = searched(caller, "Patient?_count=1")
    (following,) = (link["url"] for link in first["link"] if link["relation"] == "next")

    second = searched(caller, following.removeprefix(f"{BASE}/fhir/R4/"))

    assert (ids(first), ids(second)) == (["jordan"], ["noemie"])
    assert "total" not in first
    assert [link["relation"] for link in second["link"]] == ["self"]
    assert caller.get(f"/fhir/R4/RelatedPerson?{following.partition('?')[2]}").status_code == 400


def test_what_a_token_may_not_know_is_not_there(house: Flask) -> None:
    stranger()
    caller = program(house, "moss")

    for kind in ("Patient", "RelatedPerson", "Appointment", "Consent"):
        bundle = searched(caller, kind)
        assert (bundle["total"], bundle.get("entry")) == (0, None)
    hidden = searched(caller, "Patient?_id=jordan")
    nobody = searched(caller, "Patient?_id=nobody")
    assert hidden["total"] == nobody["total"] == 0


def test_what_a_token_may_not_know_is_not_read(house: Flask) -> None:
    everybody = program(house, "desk")
    there = {}
    for route in SEARCHES:
        kind = route.path.strip("/")
        there[kind] = ids(searched(everybody, kind))[0]
    stranger()
    caller = program(house, "moss")
    for kind in ("Patient", "RelatedPerson", "Appointment", "Consent"):
        hidden = caller.get(f"/fhir/R4/{kind}/{there[kind]}")
        nobody = caller.get(f"/fhir/R4/{kind}/{'0' * 32}")
        assert hidden.status_code == nobody.status_code in {403, 404}
        assert hidden.data == nobody.data
    assert everybody.get("/fhir/R4/Patient/jordan,noemie").status_code == 404
    assert everybody.get("/fhir/R4/Patient/jordan-mother").status_code == 404


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("Patient?colour=red", 400),
        ("Appointment?date=2027-02-30", 400),
        ("Appointment?status=pending", 400),
        ("Nothing", 404),
        ("RelatedPerson?patient=nobody", 404),
    ],
)
def test_refusal_is_an_outcome(house: Flask, question: str, status: int) -> None:
    answer = program(house, "desk").get(f"/fhir/R4/{question}")

    assert answer.status_code == status
    assert valid(answer)["resourceType"] == "OperationOutcome"
    assert Program(house, "").get("/fhir/R4/Patient").status_code == 401
    assert person_by_key("jordan").name not in answer.text
