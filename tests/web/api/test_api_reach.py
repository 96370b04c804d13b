"""Every route of the API, each role, each distance: open exactly as the table of roles says, and
shut where the pages are.
"""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import (
    Deed,
    Reach,
    Scope,
    cover,
    may,
    need_factor_from,
    person_by_key,
)
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.sessions.models import Session
from scheduler.web.api.door.api_routes import BOOK, FHIR_BOOK, About, Route
from scheduler.web.auth.desk_deeds import DEEDS
from tests.web.api.caller import program
from tests.web.house import NOW, move_in
from visitor import Browser, browser, sign_in
from warm import World
from watch import Watch

GROUP = "evening.process.2027-03-01"
KEYS = {
    About.PATIENT: "jordan",
    About.RELATIVE: "jordan-mother",
    About.SESSION: GROUP,
    About.COHORT: "evening",
    About.NOBODY: "nothing-here",
}
NEAR = {
    "own": Reach.OWN,
    "covering": Reach.OWN,
    "cohort": Reach.COHORT,
    "other": Reach.OTHER,
}
PAGES = {
    ("GET", About.PATIENT, "patient"): "/desk/patients/jordan",
    ("GET", About.SESSION, "session"): f"/desk/sessions/{GROUP}",
    ("GET", About.COHORT, "cohort"): "/desk/cohorts/evening",
    ("GET", About.NOBODY, "audit_entries"): "/desk/audit",
    ("GET", About.NOBODY, "list_letters"): "/desk/letters",
    ("GET", About.NOBODY, "programs"): "/desk/programs",
    ("GET", About.NOBODY, "staff"): "/desk/staff",
    ("GET", About.NOBODY, "colleague"): "/desk/staff/rivera/setup",
    ("GET", About.NOBODY, "program"): "/desk/programs/adult/setup",
    ("GET", About.COHORT, "cohort_proposal"): "/desk/cohorts/evening",
    ("GET", About.PATIENT, "enrolment"): "/desk/patients/jordan",
    ("GET", About.RELATIVE, "relative"): "/desk/patients/jordan",
    ("GET", About.NOBODY, "cohorts"): "/desk/cohorts",
}
"""What people see of the same."""
NAMED = {"colleague": "rivera", "program": "adult"}
DESK = {
    "list_sessions": "session_edit.page",
    "session": "session_edit.page",
    "attendance": "attendance.page",
    "say_attendance": "attendance.save",
    "audit_entries": "audit_desk.overview",
    "list_consents": "patients.patient",
    "consent": "patients.patient",
    "give_consent": "signed_papers.record",
    "withdraw_consent": "consent_withdraw.desk_stop",
    "enrolments": "patients.patient",
    "enrolment": "patients.patient",
    "add_enrolment": "patient_stays.change",
    "change_enrolment": "patient_stays.change",
    "staff": "setup_pages.listed",
    "programs": "setup_pages.listed",
    "program": "setup_pages.shown",
    "add_program": "setup_pages.add",
    "change_program": "setup_pages.change",
    "cohorts": "cohorts.cohorts",
    "cohort": "cohorts.cohort",
    "add_cohort": "setup_pages.add",
    "change_cohort": "setup_pages.change",
    "list_letters": "letters.overview",
    "patients": "patients.patient",
    "patient": "patients.patient",
    "admit_patient": "patient_admission.take_in",
    "change_patient": "patient_details.change",
    "plan_cohort": "cohorts.plan",
    "plan_job": "cohorts.plan",
    "cohort_proposal": "cohorts.cohort",
    "publish_cohort": "publication.tell",
    "relatives": "patients.patient",
    "relative": "patients.patient",
    "add_to_family": "relative_addition.add",
    "change_relative": "contact_details.change",
    "move_session": "session_edit.change",
    "cancel_session": "session_edit.change",
    "put_session_back": "session_edit.back",
    "fhir_patients": "patients.patient",
    "fhir_patient": "patients.patient",
    "fhir_relatives": "patients.patient",
    "fhir_relative": "patients.patient",
    "fhir_practitioners": "cohorts.cohorts",
    "fhir_practitioner": "cohorts.cohorts",
    "fhir_appointments": "session_edit.page",
    "fhir_appointment": "session_edit.page",
    "fhir_schedules": "cohorts.cohorts",
    "fhir_schedule": "cohorts.cohorts",
    "fhir_consents": "patients.patient",
    "fhir_consent": "patients.patient",
}
"""The page or form of the desk that shows or does the same."""
OF_THE_HOUSE = {"add_colleague", "change_colleague", "colleague"}
"""What its pages hold to `HOUSE` by the section that their address names."""


@pytest.fixture
def house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice on SQLite alone: who may what does not depend on the engine."""
    world.begin(move_in)
    sqlite_app.test_client_class = Browser
    return sqlite_app


def moss(role: Role, reach: str) -> Person:
    """Somebody of staff, as near to Jordan as `reach` says."""
    person = Person(
        key="moss",
        kind=PersonKind.CLINICIAN,
        name="Moss",
        email="moss@hl.example",
        free=(),
    )
    person.clinician = Clinician(roles=(role,), licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.flush()
    near = {"own": "jordan", "cohort": "noemie"}.get(reach)
    if near:
        patient = person_by_key(near).patient
        assert patient is not None
        patient.clinician_id = person.id
    if reach == "covering":
        day = NOW.date()
        cover(person_by_key("rivera"), person, first=day, last=day, by="desk", now=NOW)
    if reach == "own":
        group = db.session.scalars(select(Session).where(Session.key == GROUP)).unique().one()
        group.leads.append(person)
    db.session.commit()
    return person


def distance(route: Route, reach: str) -> Reach:
    if "<key>" not in route.path or route.about is About.NOBODY:
        return Reach.OWN
    if route.about is About.COHORT and NEAR[reach] is Reach.OWN:
        return Reach.COHORT
    return NEAR[reach]


@pytest.mark.parametrize("reach", NEAR)
@pytest.mark.parametrize("role", list(Role))
def test_each_route_is_open_as_the_table_says(house: Flask, role: Role, reach: str) -> None:
    consent = db.session.scalars(select(Grant.id)).first()
    assert consent is not None
    keys = KEYS | {About.CONSENT: consent}
    moss(role, reach)
    caller = program(house, "moss")
    wrong = []
    for route in (*BOOK.routes, *FHIR_BOOK.routes):
        base = "/fhir/R4" if route in FHIR_BOOK.routes else ""
        path = base + route.path.replace("<key>", keys[route.about])
        is_open_here = may([role], route.deed, distance(route, reach))
        if route.name == "withdraw_consent" and is_open_here:
            path += "?dry_run=true"
        answer = caller.call(route.method, path, [] if route.writes else None)
        if (answer.status_code != 403) != is_open_here:
            wrong.append((route.name, answer.status_code))

    assert wrong == []


def test_each_route_is_to_the_table_what_the_desk_is() -> None:
    named = {route.name: route for route in (*BOOK.routes, *FHIR_BOOK.routes)}

    assert {name: DEEDS[page] for name, page in DESK.items()} == {
        name: route.deed for name, route in named.items() if name not in OF_THE_HOUSE
    }
    assert {named[name].deed for name in OF_THE_HOUSE} == {Deed.HOUSE}


@pytest.mark.parametrize("role", list(Role))
def test_what_pages_refuse_the_api_refuses(house: Flask, role: Role) -> None:
    person = moss(role, "other")
    caller = program(house, "moss")
    client = browser(house)
    sign_in(client, person)
    by_name = {route.name: route for route in BOOK.routes}
    differing = []
    for (method, about, name), page in PAGES.items():
        key = NAMED.get(name, KEYS[about])
        path = by_name[name].path.replace("<key>", key)
        seen = client.get(page).status_code
        said = caller.call(method, path).status_code
        if (seen == 200) != (said in {200, 404}):
            differing.append((name, seen, said))

    assert differing == []


def test_list_of_colleagues_says_no_more_than_the_desk(house: Flask) -> None:
    moss(Role.COORDINATOR, "other")
    told = program(house, "moss").get("/staff").get_json()["items"]
    whole = program(house, "desk").get("/staff").get_json()["items"]

    shown = [{name: row[name] for name in ("key", "name", "email")} for row in whole]
    assert told == shown
    assert "roles" in whole[0]


@pytest.mark.parametrize("path", ["/patients/{}", "/relatives/{}", "/sessions/{}", "/cohorts/{}"])
def test_stranger_does_not_learn_what_is_there(house: Flask, path: str) -> None:
    moss(Role.CLINICIAN, "other")
    caller = program(house, "moss")
    there = KEYS[About(path.split("/")[1].rstrip("s"))]

    answers = [caller.get(path.format(key)) for key in (there, "nobody-of-that-key")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].data == answers[1].data


def test_day_from_which_two_factors_are_needed_shuts_the_api_to_one(
    house: Flask, clock: Watch
) -> None:
    caller = program(house, "rivera")
    need_factor_from(NOW.date() + timedelta(days=1), by="desk", now=NOW)
    db.session.commit()
    assert caller.get("/patients/jordan").status_code == 200

    clock.moment += timedelta(days=1)
    assert caller.get("/patients/jordan").status_code == 403


def test_consent_of_a_stranger_is_shut(house: Flask) -> None:
    consent = program(house, "rivera").get("/consents").get_json()["items"][0]["id"]
    moss(Role.CLINICIAN, "other")
    caller = program(house, "moss")

    assert caller.get(f"/consents/{consent}").status_code == 403
    assert caller.call("POST", f"/consents/{consent}/withdraw", {}).status_code == 403
    assert caller.get(f"/consents/{'0' * 32}").status_code == 403


@pytest.mark.parametrize("path", ["/patients", "/relatives", "/consents", "/enrolments"])
def test_lists_hold_what_is_within_reach(house: Flask, path: str) -> None:
    moss(Role.CLINICIAN, "other")

    far = program(house, "moss").get(path).get_json()["items"]
    near = program(house, "rivera").get(path).get_json()["items"]

    assert far == []
    assert len(near) >= 1


def test_list_of_sessions_holds_those_of_ones_cohorts(house: Flask) -> None:
    moss(Role.CLINICIAN, "other")

    far = program(house, "moss").get("/sessions").get_json()["items"]
    near = program(house, "rivera").get("/sessions").get_json()["items"]

    assert (len(far), len(near)) == (0, 4)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "/relatives",
            {"patient": "jordan", "name": "A", "relationship": "aunt", "email": "a@b.example"},
        ),
        (
            "/consents",
            {
                "patient": "jordan",
                "person": "jordan-mother",
                "purposes": ["family_therapy"],
                "signed": "2027-02-01",
                "expires": "2027-12-01",
            },
        ),
        ("/attendance", {"session": GROUP, "marks": [{"person": "jordan", "state": "present"}]}),
    ],
)
def test_patient_named_in_a_body_is_held_to_reach(
    house: Flask, path: str, body: dict[str, object]
) -> None:
    moss(Role.CLINICIAN, "other")
    caller = program(house, "moss")

    assert caller.call("POST", path, body).status_code == 403
    for key in ("patient", "session"):
        if key in body:
            assert caller.call("POST", path, body | {key: "nobody"}).status_code == 403


@pytest.mark.parametrize("scope", list(Scope))
def test_each_scope_opens_its_own_routes_alone(house: Flask, scope: Scope) -> None:
    moss(Role.COORDINATOR, "other")
    caller = program(house, "moss", scope)
    wrong = []
    for route in BOOK.routes:
        if route.about is About.CONSENT:
            continue
        path = route.path.replace("<key>", KEYS[route.about])
        answer = caller.call(route.method, path, [] if route.writes else None)
        lacks = answer.status_code == 403 and "lacks" in answer.get_json(force=True)["detail"]
        if lacks is (route.scope is scope):
            wrong.append((route.name, answer.status_code))

    assert wrong == []
