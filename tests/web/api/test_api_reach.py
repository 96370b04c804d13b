"""What is beyond somebody's reach, or their scopes: refused by its key, not in a list, and no word
of whether it is there.
"""

from datetime import timedelta

import pytest
from flask import Flask

from scheduler.kernel.database import db
from scheduler.people import (
    Scope,
    give_role_for,
    need_factor_from,
)
from scheduler.people.models import Role
from scheduler.web.api.door.api_routes import BOOK, About
from tests.web.api.caller import program
from tests.web.api.near import GROUP, KEYS, moss
from tests.web.house import NOW, move_in
from visitor import Browser
from warm import World
from watch import Watch


@pytest.fixture
def house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice on SQLite alone: who may what does not depend on the engine."""
    world.begin(move_in)
    sqlite_app.test_client_class = Browser
    return sqlite_app


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


def test_role_for_a_time_opens_the_api_on_its_days(house: Flask, clock: Watch) -> None:
    day = NOW.date()
    give_role_for(
        moss(Role.CLINICIAN, "other"), Role.COORDINATOR, first=day, last=day, by="desk", now=NOW
    )
    db.session.commit()
    caller = program(house, "moss")
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
