"""A deed that the database ended for another's sake is done anew; any other failure goes on."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from scheduler.kernel.database import db
from scheduler.kernel.try_again import TRIES, past_deadlocks
from scheduler.tasks.models import Task

LOCK = text("SELECT pg_advisory_xact_lock(:number)")


def other_way_round(held: threading.Event, begun: threading.Event) -> Callable[[], None]:
    """Return what takes the second lock first, and then waits for the first."""
    engine = db.engine

    def other() -> None:
        with engine.begin() as connection:
            connection.execute(LOCK, {"number": 2})
            held.set()
            begun.wait(60)
            connection.execute(LOCK, {"number": 1})

    return other


def test_deed_ended_for_a_deadlock_is_done_anew(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        return  # one writer after another: nobody waits in a circle
    held, begun = threading.Event(), threading.Event()
    thread = threading.Thread(target=other_way_round(held, begun))
    thread.start()
    tries = []

    def deed() -> str:
        tries.append(len(tries))
        # Whoever looks first for a circle is the one that is ended.
        db.session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        db.session.execute(LOCK, {"number": 1})
        held.wait(60)
        begun.set()
        db.session.execute(LOCK, {"number": 2})
        db.session.commit()
        return "done"

    assert past_deadlocks(deed) == "done"
    thread.join()
    assert tries == [0, 1]


class Ended(Exception):
    """What a driver raises for a transaction that was ended."""

    sqlstate = "40P01"


def test_deed_that_is_ended_every_time_is_given_up(app: Flask) -> None:
    tries = []

    def deed() -> None:
        tries.append(len(tries))
        raise DBAPIError("UPDATE", None, Ended())

    with pytest.raises(DBAPIError):
        past_deadlocks(deed)
    assert len(tries) == TRIES


def test_any_other_failure_is_passed_on_at_once(app: Flask) -> None:
    tries = []

    def deed() -> None:
        tries.append(len(tries))
        db.session.add(Task())
        db.session.flush()

    with pytest.raises(IntegrityError):
        past_deadlocks(deed)
    assert tries == [0]
