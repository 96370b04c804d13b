"""`sessions move` and `sessions cancel` are judged as the desk's page is. The father has no
consent: told nothing.
"""

from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from scheduler.cli.commands.session_commands import sessions
from scheduler.invitations import announce
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.planning import propose, publish
from scheduler.sessions.models import Session
from tests.planning.rows import NOW, clinic

FAMILY, GROUP = "evening.fam.jordan.w1", "evening.process.2027-03-01"


@pytest.fixture
def evening(app: Flask) -> Iterator[None]:
    """The evening cohort is published; the doors' clock stands a few days before it starts."""
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    db.session.commit()
    with turned_to(lambda: NOW):
        yield


def say(runner: FlaskCliRunner, *words: str) -> Result:
    result = runner.invoke(sessions, list(words))
    assert isinstance(result, Result)
    return result


def state(key: str) -> tuple[str, int, str]:
    db.session.rollback()
    row = db.session.scalars(select(Session).where(Session.key == key)).unique().one()
    return row.starts_local, row.minutes, row.status.value


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (("--to", "2027-03-02T21:30"), "rivera"),
        (("--to", "2027-03-06T17:00"), "rivera"),
        (("--to", "2027-03-04T12:00"), "jordan-mother"),
        (("--minutes", "400"), "jordan-mother"),
    ],
    ids=["evening hours", "no working day", "mother not free", "too long"],
)
def test_move_that_breaks_a_rule_is_refused_in_words(
    evening: None, runner: FlaskCliRunner, call: tuple[str, ...], rule: str
) -> None:
    before = state(FAMILY)

    answer = say(runner, "move", FAMILY, *call)

    assert (answer.exit_code, answer.stdout, state(FAMILY)) == (1, "", before)
    assert answer.stderr.startswith("This would break a rule: ")
    assert (rule in answer.stderr, answer.stderr.endswith(". Nothing was changed.\n")) == (
        True,
        True,
    )


def test_move_that_fits_is_done_and_all_but_the_father_hear_of_it(
    evening: None, runner: FlaskCliRunner
) -> None:
    answer = say(runner, "move", FAMILY, "--to", "2027-03-04T16:00")
    announce(by="worker", now=NOW)
    told = set(db.session.scalars(select(Letter.address)))

    assert (answer.exit_code, state(FAMILY)) == (0, ("2027-03-04T16:00", 60, "scheduled"))
    assert answer.stdout.startswith(f"moved: {FAMILY}, 2027-03-04 16:00 America/New_York, 60 min")
    assert told == {
        "jordan-mother@family.example",
        "jordan@family.example",
        "rivera@family.example",
    }


def test_group_that_leaves_the_programs_timetable_is_moved_and_it_is_said(
    evening: None, runner: FlaskCliRunner
) -> None:
    answer = say(runner, "move", GROUP, "--to", "2027-03-01T17:00")

    assert (answer.exit_code, state(GROUP)[0]) == (0, "2027-03-01T17:00")
    assert "to know: " in answer.stdout


def test_cancelling_is_never_refused(evening: None, runner: FlaskCliRunner) -> None:
    answer = say(runner, "cancel", FAMILY, "--onward")

    assert (answer.exit_code, state(FAMILY)[2]) == (0, "cancelled")


def test_a_cancelled_session_is_put_back_by_command(evening: None, runner: FlaskCliRunner) -> None:
    before = state(FAMILY)
    say(runner, "cancel", FAMILY)
    back = say(runner, "put-back", FAMILY)
    again = say(runner, "put-back", FAMILY)
    assert (back.exit_code, back.stdout.startswith(f"put back: {FAMILY}, ")) == (0, True)
    assert (again.exit_code, state(FAMILY)) == (1, before)
