"""Who may use which route: every view says it, and everybody is held to it."""

import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.kernel.database import Base, db
from scheduler.people import person_by_key
from scheduler.programs import Kind
from scheduler.web import Who
from scheduler.web.auth.access import OPEN, STAFF
from tests.web.house import a_session, sign_in_by_code, sign_in_staff, token

MADE_UP = "A" * 43
PARTS = {
    "nobody": frozenset(),
    "staff": frozenset({Who.COORDINATOR, Who.ADMINISTRATOR}),
    "patient": frozenset({Who.PATIENT}),
    "relative": frozenset({Who.RELATIVE}),
}


def addresses(app: Flask, method: str) -> dict[str, str]:
    """Every route with its blanks filled in with what is there."""
    blanks = {
        "token": MADE_UP,
        "key": "evening",
        "name": "kinfold.css",
        "session_id": "0" * 32,
        "held_id": "0" * 32,
        "row_id": "0" * 32,
        "recording_id": "0" * 32,
        "letter_id": "0" * 32,
        "address_id": "0" * 32,
        "slug": "an-evening",
    }
    blanks["person_key"] = "jordan-mother"
    found = {}
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            address = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
            for blank in rule.arguments - {"kind"}:
                address = address.replace(f"<{blank}>", blanks[blank])
            found[rule.endpoint] = address.replace("/patients/evening", "/patients/jordan")
    return found


def enter(client: FlaskClient, part: str) -> None:
    if part == "staff":
        sign_in_staff(client)
    elif part != "nobody":
        sign_in_by_code(
            client, {"patient": "jordan@patient.example", "relative": "dana@family.example"}[part]
        )


def test_every_view_says_whom_it_is_for(house: Flask) -> None:
    silent = [
        name for name, view in house.view_functions.items() if not getattr(view, "allowed", None)
    ]

    assert silent == []


def test_view_that_says_nothing_is_shut(house: Flask) -> None:
    house.add_url_rule("/forgotten", "forgotten", lambda: "open")

    assert house.test_client().get("/forgotten").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_each_page_is_open_to_those_it_names_and_to_no_others(house: Flask, part: str) -> None:
    client = house.test_client()
    enter(client, part)
    wrong = []
    for endpoint, address in addresses(house, "GET").items():
        if endpoint in {
            "sign_in.password",
            "sign_in.code",
            "second_step.page",
        }:  # lead back to the first page without an address
            continue
        allowed = house.view_functions[endpoint].allowed  # type: ignore[attr-defined]
        answer = client.get(address)
        if part == "staff" and endpoint == "audit_desk.overview":  # the auditor's alone
            is_right = answer.status_code == 403
        elif allowed & OPEN or allowed & PARTS[part]:
            is_right = answer.status_code not in {403, 500} and answer.location != "/"
        elif part == "nobody":
            is_right = (answer.status_code, answer.location) == (303, "/")
        else:
            is_right = answer.status_code == 403
        if not is_right:
            wrong.append((address, answer.status_code))

    assert wrong == []


def test_every_post_without_the_form_token_is_refused(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)

    answers = {
        address: client.post(address).status_code
        for address in addresses(house, "POST").values()
        if not address.startswith("/api/")  # no cookie opens it: tests/web/api
    }

    assert set(answers.values()) == {400}


@pytest.mark.parametrize("part", ["staff", "patient", "relative"])
def test_no_get_changes_a_row(house: Flask, part: str) -> None:
    client = house.test_client()
    enter(client, part)
    secret, session_id = token(), a_session(Kind.FAMILY_THERAPY)
    before = everything()
    walk = [f"/i/{secret}", f"/i/{secret}/code", f"/j/{secret}"]
    is_for = PARTS[part] | OPEN if part == "staff" else PARTS[part]
    for endpoint, address in addresses(house, "GET").items():
        # Who is refused a page is written down, by test_sign_in_record; who opens a patient's
        # page, by test_desk_deeds.
        if "/desk/patients/" in address or endpoint == "audit_desk.overview":
            continue
        if house.view_functions[endpoint].allowed & is_for:  # type: ignore[attr-defined]
            walk.append(address.replace("0" * 32, session_id))

    statuses = [client.get(address).status_code for address in walk]
    for address in walk[::4]:  # the same views answer
        client.head(address)

    assert everything() == before
    assert statuses.count(200) > 8


def everything() -> dict[str, str]:
    """A digest of every table, but of which page a family opened: that is written down."""
    digests = {}
    for table in Base.metadata.sorted_tables:
        wanted = select(table).order_by(*table.primary_key.columns)
        if table.name == "audit_entries":
            wanted = wanted.where(table.c.deed != "page.opened")
        if table.name != "openings":
            rows = db.session.execute(wanted).all()
            digests[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    db.session.rollback()
    return digests


def test_foreign_appointment_answers_like_a_missing_one(house: Flask) -> None:
    client = house.test_client()
    sign_in_by_code(client, "noemie@patient.example")
    theirs = a_session(Kind.FAMILY_THERAPY)
    form = {"csrf_token": _token_of(client)}

    foreign = client.post(f"/mine/sessions/{theirs}/join", data=form)
    missing = client.post(f"/mine/sessions/{'0' * 32}/join", data=form)

    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data)
    assert foreign.status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_another_patients_answers_like_what_is_not_there(house: Flask, method: str) -> None:
    """Every page of a patient that is about one date or person, asked about another's."""
    client = house.test_client()
    sign_in_by_code(client, "noemie@patient.example")
    theirs = {
        "session_id": a_session(Kind.FAMILY_THERAPY),
        "key": "jordan-mother",
        "person_key": "jordan-mother",
    }
    house.config["WTF_CSRF_ENABLED"] = False
    asked, wrong = 0, []
    for rule in house.url_map.iter_rules():
        is_theirs = Who.PATIENT in house.view_functions[rule.endpoint].allowed  # type: ignore[attr-defined]
        if not is_theirs or not rule.arguments & set(theirs) or method not in (rule.methods or ()):
            continue
        foreign, missing = rule.rule, rule.rule
        for blank in rule.arguments:
            foreign = foreign.replace(f"<{blank}>", theirs[blank])
            missing = missing.replace(f"<{blank}>", "0" * 32)
        answers = [client.open(address, method=method) for address in (foreign, missing)]
        asked += 1
        if [answer.status_code for answer in answers] != [404, 404]:
            wrong.append((rule.rule, [answer.status_code for answer in answers]))

    assert (asked > 4, wrong) == (True, [])


def _token_of(client: FlaskClient) -> str:
    from tests.web.house import csrf

    return csrf(client, "/mine/feed")


def test_staff_key_is_no_patient(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)

    assert client.get("/desk/patients/rivera").status_code == 404
    assert person_by_key("rivera").clinician is not None


def test_staff_roles_are_the_desk(house: Flask) -> None:
    assert house.view_functions["cohorts.cohorts"].allowed == frozenset(STAFF)  # type: ignore[attr-defined]
