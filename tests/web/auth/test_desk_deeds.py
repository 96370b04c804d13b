"""Staff are held to the one table: each route of the desk, each role, each distance."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import (
    Deed,
    Reach,
    cover,
    farthest,
    may,
    may_after_glass,
    person_by_key,
)
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
DAY = timedelta(days=1)
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
    if reach in {"own", "treating"}:
        treat(person, "jordan")
    if reach in {"own", "leading"}:
        session = db.session.scalars(select(Session).where(Session.key == GROUP)).unique().one()
        session.leads.append(person)
    if reach == "covering":
        stand_in(person, NOW.date())
    if reach == "covered before":
        stand_in(person, NOW.date() - DAY)
    if reach == "cohort":
        treat(person, "noemie")
    db.session.commit()


def treat(person: Person, key: str) -> None:
    patient = person_by_key(key).patient
    assert patient is not None
    patient.clinician_id = person.id


def stand_in(person: Person, day: date) -> None:
    cover(person_by_key("rivera"), person, first=day, last=day, by="desk", now=NOW)


REACHES = {
    # whoever stands so: how far Jordan is, a session of Jordan and Noemie, and their cohort
    "own": (Reach.OWN, Reach.OWN, Reach.COHORT),
    "treating": (Reach.OWN, Reach.COHORT, Reach.COHORT),
    "leading": (Reach.OWN, Reach.OWN, Reach.COHORT),
    "covering": (Reach.OWN, Reach.OWN, Reach.COHORT),
    "covered before": (Reach.OTHER, Reach.OTHER, Reach.OTHER),
    "cohort": (Reach.COHORT, Reach.COHORT, Reach.COHORT),
    "other": (Reach.OTHER, Reach.OTHER, Reach.OTHER),
}
ABOUT = {"/desk/patients/": "jordan", "/desk/sessions/": GROUP, "/desk/cohorts/": "evening"}


def about(rule: Rule) -> str | None:
    """The beginning of the address of a route that is about somebody or something."""
    begins = [begin for begin in ABOUT if rule.rule.startswith(begin)]
    return begins[0] if begins and "key" in rule.arguments else None


def far(rule: Rule, reach: str) -> Reach:
    """How far what a route is about is from whoever stands so."""
    begin = about(rule)
    return REACHES[reach][list(ABOUT).index(begin)] if begin else Reach.OWN


def filled(rule: Rule) -> str:
    """The address of a route, its blanks filled in with what is there."""
    address = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
    address = address.replace("<key>", ABOUT.get(about(rule) or "", "rivera"))
    address = address.replace("<person_key>", "jordan-mother")
    return re.sub(r"<\w+>", "0" * 32, address)


def routes(house: Flask) -> list[tuple[Rule, str]]:
    """Every route of the desk with each of its methods."""
    found = []
    for rule in house.url_map.iter_rules():
        if rule.endpoint in DEEDS:
            methods = sorted({"GET", "POST"} & set(rule.methods or ()))
            found += [(rule, method) for method in methods]
    return found


def judged(role: Role, rule: Rule, method: str, reach: str) -> int:
    """What the table says of a request: 299 where the page itself is asked, 303 where a reason
    would open it.
    """
    deed = DEEDS[rule.endpoint]
    if may([role], deed, far(rule, reach)):
        return 299
    is_behind_glass = about(rule) == "/desk/patients/" and may_after_glass([role], deed)
    return 303 if is_behind_glass and method == "GET" else 403


def test_every_route_of_the_desk_has_its_line(house: Flask) -> None:
    ours = set()
    for endpoint, view in house.view_functions.items():
        if getattr(view, "allowed", frozenset()) & frozenset(STAFF):
            ours.add(endpoint)

    assert ours == set(DEEDS)


@pytest.mark.parametrize("reach", REACHES)
@pytest.mark.parametrize("role", list(Role))
def test_each_route_is_open_as_the_table_says(house: Flask, role: Role, reach: str) -> None:
    person = moss(role)
    stand(person, reach)
    wrong = []
    for rule, _ in routes(house):
        begin = about(rule)
        names = {"key": ABOUT[begin]} if begin else {}
        with house.test_request_context(filled(rule)):
            allowed = may_here(person, rule.endpoint, names)
        if allowed != may([role], DEEDS[rule.endpoint], far(rule, reach)):
            wrong.append((rule.endpoint, allowed))

    assert wrong == []


WALKS = [(Role.CLINICIAN, reach) for reach in REACHES]
WALKS += [(role, "other") for role in Role if role is not Role.CLINICIAN]


@pytest.mark.parametrize(("role", "reach"), WALKS)
def test_each_request_is_answered_as_the_table_says(house: Flask, role: Role, reach: str) -> None:
    """By the door itself: every route and method; what is let pass is not done."""
    person = moss(role)
    stand(person, reach)
    client = house.test_client()
    sign_in(client, person)
    house.config["WTF_CSRF_ENABLED"] = False
    house.before_request_funcs[None].append(lambda: ("let pass", 299))
    wrong = []
    for rule, method in routes(house):
        if role is Role.CLINICIAN and reach != "other" and about(rule) is None:
            continue  # how near one stands is not asked
        answer = client.open(filled(rule), method=method)
        if answer.status_code != judged(role, rule, method, reach):
            wrong.append((rule.rule, method, answer.status_code))

    assert wrong == []


def test_every_limited_deed_is_judged_by_what_its_address_names(house: Flask) -> None:
    """An address of another form would be as near as the role goes: what has a key there is for
    whoever reaches everybody. The page of a date reads the calendar of whoever asks and no other.
    """
    near = set()
    for role in Role:
        near |= {deed for deed in Deed if farthest([role], deed) in (Reach.OWN, Reach.COHORT)}
    loose = []
    for rule, _ in routes(house):
        if rule.arguments and about(rule) is None and DEEDS[rule.endpoint] in near:
            loose.append(rule.rule)

    assert loose == ["/date/<session_id>"]


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


def test_cover_ends_with_its_last_day_where_the_practice_is(house: Flask, clock: Watch) -> None:
    person = moss(Role.CLINICIAN)
    day: date = NOW.date()
    cover(person_by_key("rivera"), person, first=day, last=day, by="desk", now=NOW)
    db.session.commit()
    client = house.test_client()
    clock.moment = datetime(2027, 2, 26, 4, 59, tzinfo=UTC)
    sign_in(client, person)
    assert client.get("/desk/patients/jordan").status_code == 200

    clock.moment += timedelta(minutes=1)
    sign_in(client, person_by_key("moss"))
    assert client.get("/desk/patients/jordan").status_code == 303
