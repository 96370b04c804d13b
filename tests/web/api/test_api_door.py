"""The door of the API: who gets in, what is refused and how, what is counted and written down."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy import select, update

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import (
    Scope,
    deactivate,
    need_factor_from,
    person_by_key,
    revoke_api_token,
)
from scheduler.people.accounts.api_tokens import MOST_CALLS
from scheduler.people.accounts.models import ApiToken
from scheduler.web.api.door.api_routes import BOOK
from tests.web.api.caller import Program, program, token_for
from tests.web.house import NOW
from watch import Watch


def test_token_opens_what_its_person_may(house: Flask) -> None:
    answer = program(house, "desk").get("/patients")

    assert [row["key"] for row in answer.get_json()["items"]] == ["jordan", "noemie"]


@pytest.mark.parametrize("token", ["", "kfa_wrong", "{revoked}", "{ended}", "{shut}"])
def test_token_that_does_not_hold_is_401(house: Flask, clock: Watch, token: str) -> None:
    secret = token_for("rivera") if token.startswith("{") else token
    name = "rivera-all-30"
    if token == "{revoked}":
        revoke_api_token(name, by="command", now=NOW)
    if token == "{ended}":
        clock.moment += timedelta(days=30)
    if token == "{shut}":
        deactivate(person_by_key("rivera"), by="desk", now=NOW)
    db.session.commit()

    answer = Program(house, secret).get("/patients")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_token_is_kept_as_a_hash_alone(house: Flask) -> None:
    secret = token_for("desk")

    row = db.session.scalars(select(ApiToken)).one()

    kept = [getattr(row, column.key) for column in ApiToken.__mapper__.column_attrs]
    assert secret not in repr(kept)


def test_every_call_is_written_down_with_token_and_person(house: Flask) -> None:
    caller = program(house, "desk")
    jordan = person_by_key("jordan").id
    token = db.session.scalars(select(ApiToken)).one().id

    caller.get("/patients/jordan")

    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "api.called"))
    details = {"route": "patient", "method": "GET", "token": token}
    assert [(row.by, row.about, row.details) for row in rows] == [
        ("desk", f"person {jordan}", details)
    ]


def test_refusal_is_written_down(house: Flask) -> None:
    program(house, "desk", Scope.PLAN).get("/patients/jordan")

    row = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "refused")).one()
    assert (row.by, row.details["route"]) == ("desk", "patient")


def test_scope_that_lacks_is_403(house: Flask) -> None:
    answer = program(house, "desk", Scope.WRITE).get("/patients")

    assert answer.status_code == 403
    assert answer.get_json(force=True)["detail"] == "The token lacks the scope read."


def test_cookie_opens_nothing(house: Flask) -> None:
    from visitor import browser, sign_in

    client = browser(house)
    sign_in(client, person_by_key("desk"))

    assert client.get("/api/v1/patients").status_code == 401
    plain = client.post("/api/v1/patients", data=b"{}", content_type="text/plain")
    assert plain.status_code == 401  # nor what a browser sends another origin without asking


@pytest.mark.parametrize("place", ["?access_token={}", "?q={}", "/{}"])
def test_token_in_an_address_is_refused(house: Flask, place: str) -> None:
    caller = program(house, "desk")

    answer = caller.get("/patients" + place.format(caller.token))

    assert answer.status_code == 400
    assert "Revoke it" in answer.get_json(force=True)["detail"]


def test_pages_follow_one_another(house: Flask) -> None:
    caller = program(house, "desk")

    first = caller.get("/patients?limit=1").get_json()
    second = caller.get(f"/patients?limit=1&cursor={first['next']}").get_json()

    assert [first["items"][0]["key"], second["items"][0]["key"]] == ["jordan", "noemie"]
    assert second["next"] is None


def test_cursor_of_another_question_is_400(house: Flask) -> None:
    caller = program(house, "desk")
    cursor = caller.get("/patients?limit=1").get_json()["next"]
    other = program(house, "desk", Scope.READ)
    other_person = program(house, "rivera")

    assert other.get(f"/patients?limit=2&cursor={cursor}").status_code == 200
    assert other_person.get(f"/patients?cursor={cursor}").status_code == 400
    assert caller.get(f"/relatives?cursor={cursor}").status_code == 400
    assert caller.get(f"/patients?cursor={cursor[:-1]}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/patients", 405),
        ("GET", "/patients/nobody", 404),
        ("GET", "/patients?colour=red", 400),
        ("GET", "/patients?limit=0", 400),
        ("GET", "/patients?limit=1&limit=2", 400),
        ("GET", "/patients/jordan-mother", 404),
    ],
)
def test_refusals_are_problems(house: Flask, method: str, path: str, status: int) -> None:
    answer = program(house, "desk").call(method, path)

    assert answer.status_code == status
    assert ("Allow" in answer.headers) is (status == 405)


def test_calls_of_a_minute_are_counted(house: Flask, clock: Watch) -> None:
    caller = program(house, "desk")
    caller.get("/patients")
    db.session.execute(update(ApiToken).values(calls=MOST_CALLS - 2))
    db.session.commit()

    left = [caller.get("/patients").headers["RateLimit-Remaining"] for _ in range(2)]
    refused = caller.get("/patients")
    clock.moment += timedelta(minutes=1)

    assert left == ["1", "0"]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert caller.get("/patients").status_code == 200


def test_description_is_whole_and_names_every_route(house: Flask) -> None:
    document = Program(house, "").get("/openapi.json").get_json()
    described = {
        (method.upper(), address)
        for address, methods in document["paths"].items()
        for method in methods
    }
    served = set()
    for rule in house.url_map.iter_rules():
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.describe":
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            address = rule.rule.removeprefix("/api/v1").replace("<key>", "{key}")
            served.add((method, address))

    assert described == served
    for route in BOOK.routes:
        Draft202012Validator.check_schema(route.gives)
        Draft202012Validator.check_schema(route.takes or {})
    assert "Harbor" not in json.dumps(document)


def test_second_factor_that_an_administrator_wants_is_wanted_of_tokens(
    house: Flask, clock: Watch
) -> None:
    caller = program(house, "desk")
    need_factor_from(NOW.date() + timedelta(days=1), by="desk", now=NOW)
    db.session.commit()

    before = caller.get("/patients").status_code
    clock.moment += timedelta(days=1)
    refused = caller.get("/patients")

    assert (before, refused.status_code) == (200, 403)
    assert "second factor" in refused.get_json(force=True)["detail"]
