"""The worker looks at the promises every five minutes, and never when it has just begun."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from household import NOW, Household
from scheduler import tasks
from scheduler.invitations import announce
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.worker import Worker
from scheduler.worker.invariant_check import InvariantCheck

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(home: Household) -> Household:
    home.consent()
    home.appointment(1)
    announce(by="worker", now=NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT, sent_at=NOW))
    db.session.commit()
    return home


def looked(minutes: list[int]) -> list[int]:
    """Return the minutes at which a worker that began at 0 looked."""
    look, at = InvariantCheck(NOW), []
    for minute in minutes:
        before = look.last
        look.take(NOW + minute * MINUTE)
        if look.last != before:
            at.append(minute)
    return at


def test_worker_looks_every_five_minutes_and_not_at_the_start(home: Household) -> None:
    assert looked([0, 1, 4, 5, 6, 9, 10, 17, 21, 22]) == [5, 10, 17, 22]


def test_clock_set_back_does_not_stop_the_looks(home: Household) -> None:
    assert looked([5, -1000, -997, -995]) == [5, -1000, -995]


def test_tick_of_a_worker_raises_the_task_at_its_second_look(home: Household, app: Flask) -> None:
    worker = Worker(app.config["KINFOLD"], app.app_context)
    began, raised = worker.look.last, []
    for minute in (4, 5, 10, 15):
        later = began + minute * MINUTE
        with turned_to(lambda later=later: later):  # type: ignore[misc]
            worker.tick()
        raised.append(len(tasks.open_tasks(kind="promise")))
        db.session.remove()

    assert raised == [0, 0, 1, 1]


def test_look_that_fails_leaves_the_clock_running(
    home: Household, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    db.session.execute(text("ALTER TABLE pauses RENAME TO lost"))
    db.session.commit()
    look = InvariantCheck(NOW)
    look.take(NOW + 5 * MINUTE)

    assert (look.last, look.seen) == (NOW + 5 * MINUTE, frozenset())
    assert "job_failed" in caplog.text
