"""Trying to sign in: slow for a guesser, never a lock for the owner."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.people import TooMany, count_attempt, forget_old_tries
from scheduler.people.models import Attempt
from scheduler.people.throttle import FIRST_TRIES

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
SAM, HERE = "sam@hl.example", "192.0.2.1"


def fail(many: int, *, account: str = SAM, address: str = HERE, at: datetime = NOW) -> None:
    for _ in range(many):
        count_attempt(account, address, now=at)


def test_sixth_failure_within_a_minute_is_turned_away(app: Flask) -> None:
    fail(5)

    with pytest.raises(TooMany):
        fail(1, at=NOW + timedelta(seconds=59))


def test_minute_later_the_door_is_open_again(app: Flask) -> None:
    fail(5)

    fail(1, at=NOW + timedelta(minutes=1))


def test_what_is_turned_away_counts_nothing(app: Flask) -> None:
    fail(5)
    for _ in range(3):
        with pytest.raises(TooMany):
            fail(1)

    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 5


def test_capitals_and_blanks_make_no_other_account(app: Flask) -> None:
    fail(5)

    with pytest.raises(TooMany):
        fail(1, account=" SAM@hl.example ")


def test_guesser_elsewhere_does_not_shut_out_the_owner_at_once(app: Flask) -> None:
    fail(5, address="203.0.113.9")

    fail(1)


def test_success_is_no_failure(app: Flask) -> None:
    for _ in range(6):
        count_attempt(SAM, HERE, now=NOW).succeeded = True
        db.session.flush()

    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 6


def test_one_address_may_try_sixty_times_in_ten_minutes(app: Flask) -> None:
    for number in range(60):
        fail(1, account=f"person-{number}@mail.example")

    with pytest.raises(TooMany):
        fail(1, account="one-more@mail.example")


def under_attack(at: datetime = NOW) -> None:
    """Let the owner fail twice, and then a stranger at each of twenty addresses."""
    fail(FIRST_TRIES, at=at - timedelta(minutes=2))
    for number in range(20):
        fail(1, address=f"198.51.100.{number}", at=at)


def test_account_under_attack_from_everywhere_is_slowed_and_not_locked(app: Flask) -> None:
    under_attack()

    with pytest.raises(TooMany):
        fail(1, at=NOW + timedelta(seconds=29))
    fail(1, at=NOW + timedelta(seconds=30))


def test_first_tries_from_an_address_are_not_bound_by_strangers(app: Flask) -> None:
    under_attack()

    fail(FIRST_TRIES, address="192.0.2.77")
    with pytest.raises(TooMany):
        fail(1, address="192.0.2.77")


def test_known_browser_is_not_bound_by_strangers(app: Flask) -> None:
    under_attack()

    for _ in range(5):
        count_attempt(SAM, HERE, known=True, now=NOW)
    with pytest.raises(TooMany):
        count_attempt(SAM, HERE, known=True, now=NOW)


def test_sign_ins_that_succeed_do_not_bind_an_address(app: Flask) -> None:
    for number in range(60):
        count_attempt(f"person-{number}@mail.example", HERE, now=NOW).succeeded = True
    db.session.flush()

    fail(1)


def test_row_holds_neither_account_nor_address(app: Flask) -> None:
    fail(1)

    (row,) = db.session.scalars(select(Attempt))
    assert [value for value in vars(row).values() if value in (SAM, HERE)] == []


def test_tries_of_days_ago_are_let_go_of(app: Flask) -> None:
    fail(1)
    fail(1, at=NOW + timedelta(days=2))

    assert forget_old_tries(now=NOW + timedelta(days=2)) == 1
