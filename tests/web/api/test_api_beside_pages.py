"""Every route of the API, each role, each distance: open exactly as the table of roles says, and
where the page beside it is. The same colleague walks both.
"""

import re
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import Deed, Reach, may
from scheduler.people.models import Person, Role
from scheduler.sessions.models import Session
from scheduler.web.api.door.api_routes import BOOK, FHIR_BOOK, About, Route
from scheduler.web.auth.desk_deeds import DEEDS
from tests.web.api.caller import program
from tests.web.api.near import GROUP, KEYS, NEAR, moss
from tests.web.auth.test_desk_deeds import filled
from tests.web.house import RELATIVES, move_in
from visitor import Browser, browser, sign_in
from warm import World
from watch import Watch

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
KEYED = {"colleague": "rivera", "program": "adult"}
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
    "list_webhooks": "webhook_desk.overview",
    "list_deliveries": "webhook_desk.overview",
    "add_webhook": "webhook_desk.make",
    "stop_webhook": "webhook_desk.end",
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
    "waiting_line": "waiting_places.page",
    "settle_place": "waiting_places.offer",
    "rosters": "roster_pages.show",
    "add_roster": "roster_pages.bring",
    "undo_roster": "roster_pages.take_back",
    "join_two": "join_entries.join",
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


READ_BY_ID = {"fhir_appointment"}
"""What its key names is no longer there for whom it is hidden from: 404."""
QUESTIONS = {
    "attendance": (About.SESSION, f"?session={GROUP}"),
    "list_consents": (About.PATIENT, "?patient=jordan"),
    "relatives": (About.PATIENT, "?patient=jordan"),
    "fhir_consents": (About.PATIENT, "?patient=jordan"),
    "fhir_relatives": (About.PATIENT, "?patient=jordan"),
}
"""What a question names, where the page beside it has that in its address."""
CONSENT = {"person": "jordan-mother", "purposes": ["family_therapy"]}
BODIES = {
    "say_attendance": (
        About.SESSION,
        {"session": GROUP, "marks": [{"person": "jordan", "state": "present"}]},
    ),
    "add_to_family": (
        About.PATIENT,
        {"patient": "jordan", "name": "A", "relationship": "aunt", "email": "a@b.example"},
    ),
    "give_consent": (
        About.PATIENT,
        CONSENT | {"patient": "jordan", "signed": "2027-02-01", "expires": "2027-12-01"},
    ),
    "add_enrolment": (
        About.PATIENT,
        {"patient": "jordan", "cohort": "evening", "from": "2027-05-03"},
    ),
}
"""What a body names; each is rehearsed."""
LISTS = {"list_sessions", "enrolments", "patients", "fhir_patients", "fhir_appointments"}
"""What shows no more than is within reach, whoever asks: its page is about one of them."""
PASSED = 299


@pytest.fixture
def house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice on SQLite alone: who may what does not depend on the engine."""
    world.begin(move_in)
    sqlite_app.test_client_class = Browser
    return sqlite_app


def distance(route: Route, reach: str) -> Reach:
    about = route.about if "<key>" in route.path else About.NOBODY
    about, _ = QUESTIONS.get(route.name) or BODIES.get(route.name) or (about, None)
    if about is About.NOBODY:
        return Reach.OWN
    if about is About.COHORT and NEAR[reach] is Reach.OWN:
        return Reach.COHORT
    return NEAR[reach]


def named() -> dict[About, str]:
    """What addresses name, a consent among them."""
    consent = db.session.scalars(select(Grant.id)).first()
    assert consent is not None
    return KEYS | {About.CONSENT: consent}


def call_of(route: Route, keys: dict[About, str]) -> tuple[str, Any]:
    """The address and the body with which a route is called; nothing is kept of it."""
    base = "/fhir/R4" if route in FHIR_BOOK.routes else ""
    path = base + route.path.replace("<key>", keys[route.about])
    _, question = QUESTIONS.get(route.name, (None, ""))
    _, body = BODIES.get(route.name, (None, [] if route.writes else None))
    if route.name in BODIES or route.name == "withdraw_consent":
        question = "?dry_run=true"
    return path + question, body


@pytest.mark.parametrize("reach", NEAR)
@pytest.mark.parametrize("role", list(Role))
def test_each_route_is_open_as_the_table_says_and_the_page_beside_it(
    house: Flask, role: Role, reach: str
) -> None:
    keys = named()
    client = moss_at_the_desk(house, role, reach)
    is_asked = role is Role.CLINICIAN or reach == "other"  # others go as far from everywhere
    passed = walked(house, client) if is_asked else {}
    caller = program(house, "moss")
    wrong = []
    for route in (*BOOK.routes, *FHIR_BOOK.routes):
        is_open_here = may([role], route.deed, distance(route, reach))
        path, body = call_of(route, keys)
        answer = caller.call(route.method, path, body)
        is_open = answer.status_code != 403
        page = passed.get(route.name, is_open)
        if (is_open, page) != (is_open_here, is_open_here):
            wrong.append((route.name, answer.status_code, page))

    assert wrong == []


def moss_at_the_desk(house: Flask, role: Role, reach: str) -> FlaskClient:
    client = browser(house)
    sign_in(client, moss(role, reach))
    return client


def walked(house: Flask, client: FlaskClient) -> dict[str, bool]:
    """Whether the desk lets somebody pass to what shows or does the same as each route; whoever
    passes is answered at once, and nothing is done.
    """

    def pass_at_the_desk() -> tuple[str, int] | None:
        return ("passed", PASSED) if request.path.startswith("/desk/") else None

    house.config["WTF_CSRF_ENABLED"] = False
    house.before_request_funcs[None].append(pass_at_the_desk)
    answers = {}
    for rule in house.url_map.iter_rules():
        if rule.endpoint in DESK.values():
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            answers[rule.endpoint] = client.open(filled(rule), method=method).status_code
    asked = DESK.keys() - LISTS - READ_BY_ID
    return {name: answers[DESK[name]] == PASSED for name in asked}


def test_every_route_has_a_page_beside_it() -> None:
    routes = {route.name for route in (*BOOK.routes, *FHIR_BOOK.routes)}

    assert DESK.keys() | OF_THE_HOUSE == routes
    assert LISTS | READ_BY_ID | QUESTIONS.keys() | BODIES.keys() <= routes


@pytest.mark.parametrize("reach", NEAR)
def test_session_that_the_desk_hides_is_not_read_as_fhir(house: Flask, reach: str) -> None:
    client = moss_at_the_desk(house, Role.CLINICIAN, reach)
    row = db.session.scalars(select(Session.id).where(Session.key == GROUP)).one()

    page = client.get(f"/desk/sessions/{GROUP}").status_code
    read = program(house, "moss").get(f"/fhir/R4/Appointment/{row}").status_code

    assert (page == 200) == (read == 200) == (reach != "other")


@pytest.mark.parametrize("reach", NEAR)
def test_list_of_sessions_is_what_the_board_shows(house: Flask, reach: str) -> None:
    client = moss_at_the_desk(house, Role.CLINICIAN, reach)
    board = client.get("/desk/cohorts/evening?week=all&view=list")
    listed = program(house, "moss").get("/sessions").get_json()["items"]
    linked = re.findall(r'href="/desk/sessions/([^"/]+)"', board.text)

    assert sorted({row["key"] for row in listed}) == sorted(set(linked))
    assert (board.status_code == 200) == bool(listed) == (reach != "other")


def test_relatives_in_a_session_are_those_its_page_names(house: Flask) -> None:
    client = moss_at_the_desk(house, Role.CLINICIAN, "cohort")
    names = dict(db.session.execute(select(Person.key, Person.name)).all())
    relatives = {key: names[key] for key in RELATIVES}
    differing = []
    for row in program(house, "moss").get("/sessions").get_json()["items"]:
        page = client.get(f"/desk/sessions/{row['key']}").text
        shown = [key for key, name in relatives.items() if name in page]
        if shown != row["family"]:
            differing.append((row["key"], shown, row["family"]))

    assert differing == []


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
        key = KEYED.get(name, KEYS[about])
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
