"""`cohort holds` and `cohort discard`. The father has no consent: he is in nothing."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.cli.commands.cohort import cohort
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.planning import propose, publish
from scheduler.programs.models import Enrolment
from scheduler.sessions import cancel_sessions, session_by_key
from tests.planning.proposals import test_holds as facts
from tests.planning.rows import NOW, clinic

FAMILY = "evening.fam.jordan.w1"


@pytest.fixture(autouse=True)
def a_few_days_before() -> Iterator[None]:
    """The doors' clock stands a few days before the cohort starts."""
    with turned_to(lambda: NOW):
        yield


def say(runner: FlaskCliRunner, *words: str) -> Result:
    result = runner.invoke(cohort, list(words))
    assert isinstance(result, Result)
    return result


def published() -> None:
    clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    db.session.commit()


def test_what_holds_is_answered_by_silence(app: Flask, runner: FlaskCliRunner) -> None:
    published()
    answer = say(runner, "holds", "evening")
    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, "", "")


def test_each_broken_rule_has_a_line_until_it_is_mended(app: Flask, runner: FlaskCliRunner) -> None:
    published()
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "noemie")).one()
    stay.last = date(2027, 3, 21)
    db.session.commit()

    broken = say(runner, "holds", "evening")
    rules = [line.split("  ")[:2] for line in broken.stdout.splitlines()]
    mended = [say(runner, "plan", "evening").exit_code, say(runner, "publish", "evening").exit_code]
    after = say(runner, "holds", "evening")

    appointment = ["stay", "evening.one.noemie.w4"]
    assert (broken.exit_code, appointment in rules, {rule for rule, _ in rules}) == (
        3,
        True,
        {"stay"},
    )
    assert (mended, after.exit_code, after.stdout) == ([0, 0], 0, "")


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (facts.an_absence, {"clinician-away"}),
        (facts.a_closure, {"closed"}),
        (facts.a_discharge, {"stay"}),
        (facts.an_ended_licence, {"licence"}),
        (facts.an_ended_consent, {"consent"}),
        (facts.a_new_patient, {"cadence", "group-seat"}),
        (facts.narrowed_hours, {"patient-free"}),
    ],
)
def test_a_late_fact_exits_3_and_the_deed_that_is_named_mends_it(
    app: Flask, runner: FlaskCliRunner, fact: Callable[[], None], expected: set[str]
) -> None:
    published()
    fact()
    db.session.commit()
    broken = say(runner, "holds", "evening")
    rules = {line.split("  ")[0] for line in broken.stdout.splitlines()} - {"substitute"}
    is_named = "plan anew: cohort plan evening, then cohort publish evening" in broken.stdout
    say(runner, "plan", "evening")
    say(runner, "publish", "evening")
    after = say(runner, "holds", "evening")
    assert (broken.exit_code, rules, is_named) == (3, expected, True)
    assert (after.exit_code, after.stdout) == (0, "")


def test_a_cancelled_appointment_is_named_in_json(app: Flask, runner: FlaskCliRunner) -> None:
    published()
    cancel_sessions(session_by_key(FAMILY), by="sam", now=NOW)
    db.session.commit()
    answer = say(runner, "holds", "evening", "--json")
    document = json.loads(answer.stdout)
    broken = [(finding["rule"], finding["session"]) for finding in document["broken"]]
    assert (answer.exit_code, document["holds"], broken) == (3, False, [("cadence", FAMILY)])
    assert document["broken"][0]["mend"] == {
        "deed": "put-back",
        "session": FAMILY,
        "words": f"put it back: sessions put-back {FAMILY}",
    }


def test_a_cohort_that_is_not_there_is_an_error(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    answer = say(runner, "holds", "morning")
    assert (answer.exit_code, answer.stderr) == (2, "there is no cohort with the key morning\n")


def test_a_discarded_proposal_is_gone_and_nobody_was_told(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    say(runner, "plan", "evening")
    first = say(runner, "discard", "evening")
    again = say(runner, "discard", "evening")
    wanted = select(AuditEntry.about).where(AuditEntry.deed == "planning.discard")
    deeds = db.session.scalars(wanted).all()
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert again.stdout == "there is no proposal for evening\n"
    assert (say(runner, "publish", "evening").exit_code, deeds) == (2, ["cohort evening"])
    assert db.session.scalars(select(Letter)).all() == []


def test_a_plan_that_changes_nothing_says_so(app: Flask, runner: FlaskCliRunner) -> None:
    published()
    answer = say(runner, "plan", "evening")
    assert answer.stdout.splitlines()[-1] == (
        "This changes nothing that is published: there is no proposal to publish."
    )
