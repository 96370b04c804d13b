"""`sessions move` and `sessions cancel` are judged as the desk's page is. The father has no
consent: told nothing.
"""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from scheduler.cli.commands.cohort import cohort
from scheduler.cli.commands.session_commands import sessions
from scheduler.invitations import announce
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.planning import propose, publish
from scheduler.programs.models import Closure
from scheduler.sessions.models import Session
from tests.planning.proposals.test_let_lead import colleague
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
    first, *_ = answer.stderr.splitlines()
    assert (rule in first, first.endswith(". Nothing was changed.")) == (True, True)


@pytest.mark.parametrize("deed", ["move", "put-back"])
def test_year_that_was_mistyped_is_refused_before_any_work(
    evening: None, runner: FlaskCliRunner, deed: str
) -> None:
    before = state(FAMILY)

    answer = say(runner, deed, FAMILY, "--to", "9990-03-09T18:00")

    said = "--to 9990-03-09 lies outside the cohort's stay and two years from today"
    assert (answer.exit_code, answer.stderr.strip(), state(FAMILY)) == (2, said, before)


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


NOT_FREE = ("--to", "2027-03-04T12:00")
"""Rivera works then; the mother is not free."""


def test_refused_move_says_how_to_bend_it_and_three_places_that_work(
    evening: None, runner: FlaskCliRunner
) -> None:
    answer = say(runner, "move", FAMILY, *NOT_FREE)
    _, hint, *places = answer.stderr.splitlines()

    assert hint == 'To bend it, say why: --override "…"'
    assert [line.partition(": --to ")[0] for line in places] == ["this would work"] * 3
    for line in places:
        assert say(runner, "move", FAMILY, *line.partition(": ")[2].split()).exit_code == 0


def test_override_keeps_the_reason_and_what_is_published_holds(
    evening: None, runner: FlaskCliRunner
) -> None:
    answer = say(runner, "move", FAMILY, *NOT_FREE, "--override", "She  has a day off")
    announce(by="worker", now=NOW)
    told = set(db.session.scalars(select(Letter.address)))
    db.session.commit()
    held = runner.invoke(cohort, ["holds", "evening"])
    as_json = json.loads(runner.invoke(cohort, ["holds", "evening", "--json"]).stdout)

    assert (answer.exit_code, state(FAMILY)) == (0, ("2027-03-04T12:00", 60, "scheduled"))
    assert "accepted: jordan-mother is not free" in answer.stdout
    assert told == {
        "jordan-mother@family.example",
        "jordan@family.example",
        "rivera@family.example",
    }
    assert (held.exit_code, held.stdout.startswith(f"accepted: relative-free  {FAMILY}  ")) == (
        0,
        True,
    )
    assert "(accepted: She has a day off)" in held.stdout
    assert (as_json["holds"], as_json["broken"]) == (True, [])
    assert [rule["rule"] for rule in as_json["accepted"]] == ["relative-free"]


@pytest.mark.parametrize(("reason", "code"), [("", 2), ("   ", 2)])
def test_override_without_a_reason_changes_nothing(
    evening: None, runner: FlaskCliRunner, reason: str, code: int
) -> None:
    before = state(FAMILY)
    answer = say(runner, "move", FAMILY, *NOT_FREE, "--override", reason)

    assert (answer.exit_code, state(FAMILY)) == (code, before)
    assert answer.stderr.startswith("say why in words, at most 500 letters")


def test_closed_day_is_never_bent(evening: None, runner: FlaskCliRunner) -> None:
    day = date(2027, 3, 4)
    db.session.add(Closure(first=day, last=day, note="storm", position=0))
    db.session.commit()
    before = state(FAMILY)
    answer = say(runner, "move", FAMILY, "--to", "2027-03-04T16:00", "--override", "all agreed")

    assert (answer.exit_code, state(FAMILY)) == (1, before)
    assert answer.stderr.startswith("No reason bends this rule: ")
    assert answer.stderr.count("this would work: --to ") == 3


def test_two_places_at_once_are_refused_with_places_that_work(
    evening: None, runner: FlaskCliRunner
) -> None:
    answer = say(runner, "move", FAMILY, "--to", "2027-03-01T18:00", "--override", "both")

    assert (answer.exit_code, answer.stderr.count("this would work: --to ")) == (1, 3)


def test_a_cancelled_session_is_put_back_by_command(evening: None, runner: FlaskCliRunner) -> None:
    before = state(FAMILY)
    say(runner, "cancel", FAMILY)
    back = say(runner, "put-back", FAMILY)
    again = say(runner, "put-back", FAMILY)
    assert (back.exit_code, back.stdout.startswith(f"put back: {FAMILY}, ")) == (0, True)
    assert (again.exit_code, state(FAMILY)) == (1, before)


def test_refused_putting_back_says_three_places_that_work(
    evening: None, runner: FlaskCliRunner
) -> None:
    say(runner, "cancel", FAMILY)
    refused = say(runner, "put-back", FAMILY, *NOT_FREE)
    _, *places = refused.stderr.splitlines()
    worked = []
    for line in places:
        worked.append(say(runner, "put-back", FAMILY, *line.partition(": ")[2].split()).exit_code)
        say(runner, "cancel", FAMILY)

    assert (refused.exit_code, worked) == (1, [0, 0, 0])


def test_colleague_leads_by_command_and_only_they_hear_of_it(
    evening: None, runner: FlaskCliRunner
) -> None:
    colleague("chen")
    announce(by="worker", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT
    db.session.commit()
    answer = say(runner, "lead", FAMILY, "chen")
    for _again in range(2):
        announce(by="worker", now=NOW)
        db.session.commit()
    waiting = select(Letter.address).where(Letter.state == LetterState.WAITING)
    assert (answer.exit_code, answer.stdout.split(",")[0]) == (0, f"led by chen: {FAMILY}")
    assert sorted(db.session.scalars(waiting)) == ["chen@family.example", "rivera@family.example"]


def test_colleague_who_could_not_is_refused_with_who_could(
    evening: None, runner: FlaskCliRunner
) -> None:
    colleague("chen")
    colleague("saturdays", days=("sat",))
    answer = say(runner, "lead", FAMILY, "saturdays")
    lines = answer.stderr.splitlines()
    assert (answer.exit_code, lines[1:]) == (1, ["could lead it: chen"])
    assert lines[0].startswith("saturdays does not work at ")
