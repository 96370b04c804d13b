"""A foreign program (schemathesis) reads the description of the API and calls all of it as every
role, with what the description takes and with what it does not: no answer is broken, and none is
other than described.
"""

import random
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.people.models import Clinician, Person, PersonKind, Role
from tests.web.api.caller import Program, program
from watch import Watch

NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
load_all_checks()
HELD_TO = CHECKS.get_by_names(NAMES)
BASE = "https://hl-sched.example/api/v1"
KNOWN = ("jordan", "jordan-mother", "rivera", "evening", "adult", "evening.fam.jordan.w1", "nobody")


@pytest.mark.timeout(7200)
def test_no_stranger_is_answered_otherwise_than_described(
    house: Flask, clock: Watch, seed: int, trials: Callable[[int, int], int]
) -> None:
    dice = random.Random(seed)
    callers = {role: program(house, hire(role).key) for role in Role}
    described = schemathesis.openapi.from_dict(Program(house, "").get("/openapi.json").get_json())
    described.app = house
    operations = [found.ok() for found in described.get_all_operations()]
    turns = [(who, what, how) for who in Role for what in operations for how in GenerationMode]
    cases = trials(2, 20_000 // len(turns) + 1)
    statuses: set[int] = set()
    for role, operation, mode in dice.sample(turns, trials(3, len(turns))):
        made = operation.as_strategy(generation_mode=mode)
        token = callers[role].token

        def one_call(case: Any, token: str = token) -> None:
            clock.moment += timedelta(milliseconds=200)
            aim(case, dice)
            db.session.rollback()
            answer = Context().run(called, case, token)
            case.validate_response(answer, checks=HELD_TO)
            statuses.add(answer.status_code)

        try_all(made, one_call, cases, seed)

    father = person_by_key("jordan-father").id
    assert db.session.scalars(select(Letter).where(Letter.recipient_id == father)).all() == []
    assert statuses - {200, 201} <= {400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429}


def try_all(made: Any, one_call: Callable[[Any], None], cases: int, seed: int) -> None:
    """Make so many calls of those that the description lets be made."""

    @seeded(seed)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=made)
    def run(case: Any) -> None:
        one_call(case)

    run()


def hire(role: Role) -> Person:
    """A colleague of one role, who treats nobody."""
    person = Person(
        key=f"moss-{role}",
        kind=PersonKind.CLINICIAN,
        name="Moss",
        email=f"{role}@hl.example",
        free=(),
    )
    person.clinician = Clinician(roles=(role,), licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.commit()
    return person


def aim(case: Any, dice: random.Random) -> None:
    """Let most calls be about what is there, and about the row as it is; a plan would take its
    time.
    """
    if "key" in case.path_parameters and "plan" not in case.path and dice.random() < 0.7:
        case.path_parameters["key"] = dice.choice(KNOWN)
    if case.method == "PATCH" and dice.random() < 0.7:
        case.headers["If-Match"] = "*"


def called(case: Any, token: str) -> Any:
    """Send one call."""
    return case.call(base_url=BASE, headers={"Authorization": f"Bearer {token}"})
