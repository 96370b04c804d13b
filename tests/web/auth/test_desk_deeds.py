"""Staff are held to the one table: each route of the desk, each role, each distance."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import Reach, cover, may, person_by_key
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session
from scheduler.tasks.models import Task
from scheduler.web.auth.access import STAFF
from scheduler.web.auth.desk_deeds import DEEDS, may_here
from tests.web.house import NOW, post
from visitor import sign_in
from watch import Watch

GROUP = "evening.process.2027-03-01"
WHY = "jordan called in a crisis tonight"


def moss(*roles: Role) -> Person:
    """Somebody of staff whom nobody in the house is near to."""
    person = Person(
        key="moss",
        kind=PersonKind.CLINICIAN,
        name="Moss",
        email="moss@hl.example",
        free=(),
    )
    person.clinician = Clinician(roles=roles, licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.commit()
    return person


def stand(person: Person, reach: str) -> None:
    """Bring somebody as near to Jordan as `reach` says."""
    if reach == "own":
        patient = person_by_key("jordan").patient
        assert patient is not None
        patient.clinician_id = person.id
        session = db.session.scalars(select(Session).where(Session.key == GROUP)).unique().one()
        session.leads.append(person)
    if reach == "covering":
        today = NOW.date()
        rivera = person_by_key("rivera")
        cover(rivera, person, first=today, last=today, by="desk", now=NOW)
    if reach == "cohort":
        patient = person_by_key("noemie").patient
        assert patient is not None
        patient.clinician_id = person.id
    db.session.commit()


def near(reach: str) -> Reach:
    return {"own": Reach.OWN, "covering": Reach.OWN, "cohort": Reach.COHORT}.get(reach, Reach.OTHER)


def test_every_route_of_the_desk_has_its_line(house: Flask) -> None:
    ours = set()
    for endpoint, view in house.view_functions.items():
        if getattr(view, "allowed", frozenset()) & frozenset(STAFF):
            ours.add(endpoint)

    assert ours == set(DEEDS)


@pytest.mark.parametrize("reach", ["own", "covering", "cohort", "other"])
@pytest.mark.parametrize("role", list(Role))
def test_each_route_is_open_as_the_table_says(house: Flask, role: Role, reach: str) -> None:
    person = moss(role)
    stand(person, reach)
    keys = {"/desk/patients/": "jordan", "/desk/sessions/": GROUP, "/desk/cohorts/": "evening"}
    wrong = []
    for rule in house.url_map.iter_rules():
        if rule.endpoint not in DEEDS:
            continue
        named = next((key for begin, key in keys.items() if rule.rule.startswith(begin)), None)
        names = {"key": named} if named and "key" in rule.arguments else {}
        distance = near(reach) if names else Reach.OWN
        if names.get("key") == "evening" and distance is Reach.OWN:
            distance = Reach.COHORT
        with house.test_request_context(rule.rule.replace("<key>", names.get("key", "x"))):
            allowed = may_here(person, rule.endpoint, names)
        if allowed != may([role], DEEDS[rule.endpoint], distance):
            wrong.append((rule.endpoint, allowed))

    assert wrong == []


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CLINICIAN, 303),
        (Role.COORDINATOR, 200),
        (Role.ADMINISTRATOR, 303),
        (Role.AUDITOR, 403),
    ],
)
def test_page_of_a_stranger_asks_why_or_is_refused(house: Flask, role: Role, status: int) -> None:
    client = house.test_client()
    sign_in(client, moss(role))

    assert client.get("/desk/patients/jordan").status_code == status


def test_opened_page_of_a_patient_is_written_down(house: Flask) -> None:
    client = house.test_client()
    jordan = person_by_key("jordan").id
    sign_in(client, person_by_key("rivera"))

    assert client.get("/desk/patients/jordan").status_code == 200
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "opened"))
    assert [(row.by, row.about, row.details) for row in rows] == [
        ("rivera", f"person {jordan}", {"page": "patients.patient"})
    ]


def with_reason(house: Flask) -> FlaskClient:
    client = house.test_client()
    sign_in(client, moss(Role.CLINICIAN))
    assert client.get("/desk/patients/jordan").location == "/desk/reason/jordan"
    post(client, "/desk/reason/jordan", "/desk/reason/jordan", reason=WHY)
    return client


def test_reason_opens_a_patient_for_an_hour_and_no_other(house: Flask, clock: Watch) -> None:
    client = with_reason(house)

    assert client.get("/desk/patients/jordan").status_code == 200
    assert client.get("/desk/patients/noemie").status_code == 303
    assert client.get("/desk/patients/jordan/signing").status_code == 403
    for _ in range(3):
        clock.moment += timedelta(minutes=20, seconds=1)
        last = client.get("/desk/patients/jordan")
    assert last.status_code == 303


def test_reason_is_a_task_of_the_auditor_alone(house: Flask) -> None:
    with_reason(house)
    task = db.session.scalars(select(Task).where(Task.kind == "broken_glass")).one()
    db.session.rollback()
    auditor, desk = house.test_client(), house.test_client()
    account = person_by_key("moss").clinician
    assert account is not None
    account.roles = (Role.AUDITOR,)
    db.session.commit()
    sign_in(auditor, person_by_key("moss"))
    sign_in(desk, person_by_key("desk"))

    assert WHY in auditor.get("/desk/tasks").text
    assert WHY not in desk.get("/desk/tasks").text
    post(desk, "/desk/tasks", "/desk/tasks", task=task.id)
    assert WHY in auditor.get("/desk/tasks").text


def test_reason_that_says_nothing_opens_nothing(house: Flask) -> None:
    client = house.test_client()
    sign_in(client, moss(Role.ADMINISTRATOR))

    refused = post(client, "/desk/reason/jordan", "/desk/reason/jordan", reason="   because  ")
    assert refused.status_code == 422
    assert client.get("/desk/patients/jordan").status_code == 303


def test_clinician_sees_the_boards_of_their_cohorts_alone(house: Flask) -> None:
    near_client, far = house.test_client(), house.test_client()
    sign_in(near_client, person_by_key("rivera"))
    sign_in(far, moss(Role.CLINICIAN))

    assert "/desk/cohorts/evening" in near_client.get("/desk/cohorts").text
    assert "/desk/cohorts/evening" not in far.get("/desk/cohorts").text
    assert far.get("/desk/cohorts/evening").status_code == 403
    assert db.session.scalars(select(Enrolment)).first() is not None


def test_cover_ends_with_its_last_day(house: Flask, clock: Watch) -> None:
    person = moss(Role.CLINICIAN)
    day: date = NOW.date()
    cover(person_by_key("rivera"), person, first=day, last=day, by="desk", now=NOW)
    db.session.commit()
    client = house.test_client()
    sign_in(client, person)
    assert client.get("/desk/patients/jordan").status_code == 200

    clock.moment += timedelta(days=1)
    sign_in(client, person_by_key("moss"))
    assert client.get("/desk/patients/jordan").status_code == 303
