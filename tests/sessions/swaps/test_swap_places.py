"""Two sessions that change places, as rows. The father has no consent and is in nothing."""

import pytest
from flask import Flask

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.planning import partners_of
from scheduler.sessions import cancel_sessions, session_by_key, swap_places
from tests.planning.proposals.test_holds import plan_and_publish
from tests.planning.rows import NOW, clinic

ONE, OTHER, GROUP = "evening.one.jordan.w2", "evening.one.noemie.w2", "evening.process.2027-03-08"


@pytest.fixture
def evening(app: Flask) -> None:
    """The evening cohort is published."""
    clinic()
    plan_and_publish()


def places() -> list[tuple[str, str | None]]:
    return [(row.starts_local, row.room_id) for row in map(session_by_key, (ONE, OTHER))]


def swap(one: str, other: str) -> None:
    swap_places(session_by_key(one), session_by_key(other), by="desk", now=NOW)
    db.session.commit()


def test_two_that_could_are_offered_change_places_and_change_back(evening: None) -> None:
    before = places()
    offered = [row.key for row in partners_of(session_by_key(ONE), now=NOW)]
    swap(ONE, OTHER)
    swapped = places()
    swap(OTHER, ONE)
    assert OTHER in offered
    assert (swapped, places()) == (before[::-1], before)


def test_what_is_no_pair_is_refused(evening: None) -> None:
    with pytest.raises(InputError, match="two sessions of one cohort"):
        swap(ONE, ONE)
    cancel_sessions(session_by_key(OTHER), by="desk", now=NOW)
    with pytest.raises(Conflict, match="over or cancelled"):
        swap(ONE, OTHER)
