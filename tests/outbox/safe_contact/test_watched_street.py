"""By chance, over many histories: nothing arrives in hours that somebody marked, and nothing is
lost: each comes later, by another way, or is a task.
"""

import random
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from household import Household
from outbox.safe_contact.watched_street import Street, settle_in
from scheduler import outbox
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.outbox.safe_contact import hold_up
from scheduler.tasks.models import Task

A_STREET = 400
"""Histories of one street, which share a clock and a worker; then another is laid out."""


@pytest.fixture(autouse=True)
def gateway() -> Iterator[None]:
    """Texts can go."""
    before = outbox.gateway()
    outbox.use_gateway(outbox.Gateway("http://127.0.0.1:9/texts", "s"))
    yield
    outbox.use_gateway(before)


@pytest.mark.timeout(6000)
def test_over_random_histories_nothing_arrives_inside_and_nothing_is_lost(
    app: Flask, home: Household, seed: int, trials: Callable[[int, int], int]
) -> None:
    streets = trials(1, 25)
    many = 20 if streets == 1 else A_STREET
    homes = settle_in(many)
    for number in range(streets):
        begun = time.monotonic()
        with db.session.begin_nested() as history:
            street = Street(homes, random.Random(seed + number))
            street.live()
            found = street.inside, street.lost()
            became = of_states() | {"waited": street.waited(), "too late": len(street.late)}
            became["tasks"] = db.session.scalar(select(func.count(Task.id))) or 0
            history.rollback()
        took = time.monotonic() - begun
        print(
            f"SEED={seed + number} {db.engine.dialect.name}: {many} histories, {became}, "
            f"{took:.0f} s",
            flush=True,
        )
        assert found == ([], [])
    assert home.father.id not in street.by_id


def of_states() -> dict[str, int]:
    """How many letters ended how, by state and reason."""
    became: dict[str, int] = {}
    for state, reason in db.session.execute(select(Letter.state, Letter.reason)):
        words = state.value if state is LetterState.SENT else f"{state.value} ({reason})"
        became[words] = became.get(words, 0) + 1
    return became


def test_observer_reports_letters_that_hours_let_through_and_letters_that_are_lost(
    sqlite_home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial can fail: a rule that lets one kind of letter come at once, and one that tells
    nobody of what comes too late, are both found.
    """
    monkeypatch.setattr(hold_up, "ASKED_FOR", (*hold_up.ASKED_FOR, "reminder"))
    monkeypatch.setattr(hold_up, "_tell", None)

    street = Street(settle_in(12), random.Random(1))
    street.live()

    kinds = {db.session.get_one(Letter, letter_id).kind for letter_id in street.inside}
    assert (kinds, street.lost() != []) == ({"reminder"}, True)
