"""`cohort plan` and `cohort publish` as a coordinator meets them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from scheduler.cli.commands.cohort import cohort
from scheduler.clinics import dump, export
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import choose_calendar, person_by_key
from scheduler.people.models import Way
from scheduler.planning import from_document
from scheduler.planning.proposals.models import Proposal
from scheduler.programs.models import Closure, Cohort, Enrolment
from scheduler.sessions.models import Session
from tests.planning.rows import NOW, clinic
from tests.planning.week_grid import RULES


@pytest.fixture(autouse=True)
def a_few_days_before() -> Iterator[None]:
    """The doors' clock stands a few days before the cohort starts."""
    with turned_to(lambda: NOW):
        yield


def say(runner: FlaskCliRunner, *words: str) -> Result:
    """Call a command of the group."""
    result = runner.invoke(cohort, list(words))
    assert isinstance(result, Result)
    return result


def count(row: type) -> int:
    """How many rows there are now."""
    db.session.rollback()
    found = db.session.scalar(select(func.count()).select_from(row)) or 0
    db.session.rollback()
    return found


def test_a_whole_plan_says_what_was_placed(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    result = say(runner, "plan", "evening")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert (
        lines[0]
        == "evening: 12 group sessions, 10 of 10 appointments placed, 10 at their usual hour."
    )
    assert lines[-2:] == [
        "nobody to invite: evening.fam.noemie.w1 (weeks 1 to 2)",
        "nobody to invite: evening.fam.noemie.w3 (weeks 3 to 4)",
    ]
    assert result.stderr == ""
    assert count(Proposal) == 1


def test_a_partial_plan_exits_3_and_names_who_and_what_prevents_it(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    person_by_key("noemie").free = ()
    db.session.commit()
    result = say(runner, "plan", "evening")
    assert result.exit_code == 3
    assert "not placed: evening.one.noemie.w1 (week 1): noemie is free never" in result.stdout
    assert count(Proposal) == 1


def test_the_plan_as_json_is_the_proposal(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    said = json.loads(say(runner, "plan", "evening", "--json", "--seed", "3").stdout)
    assert {
        name: said[name]
        for name in said
        if name not in {"changes", "is_proposed", "make_ups", "stays"}
    } == db.session.scalars(select(Proposal.plan)).one()


def test_a_short_week_is_offered_its_make_up_in_one_line(
    app: Flask, runner: FlaskCliRunner
) -> None:
    row = clinic()
    row.program.template = replace(row.program.template, rules=replace(RULES, week_hours_min=4.5))
    db.session.add(
        Closure(first=date(2027, 3, 10), last=date(2027, 3, 10), note="staff day", position=0)
    )
    db.session.commit()
    said = say(runner, "plan", "evening").stdout.splitlines()
    lines = [line for line in said if line.startswith("make-up: ")]
    assert (
        lines[0]
        == "make-up: week 2, cancelled by the program itself: Process on Wed 10 March (closed: "
        "staff day)"
    )
    assert [line.partition(",")[0] for line in lines[1:]] == [
        "make-up: jordan week 2",
        "make-up: noemie week 2",
    ]
    assert "jordan-father" not in "".join(lines)


def test_a_late_enrolment_gets_what_remains_and_its_projected_end(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    stay = db.session.scalars(
        select(Enrolment).where(Enrolment.patient_id == person_by_key("noemie").id)
    ).one()
    stay.first = date(2027, 3, 15)
    db.session.commit()
    said = say(runner, "plan", "evening").stdout.splitlines()
    plan = from_document(db.session.scalars(select(Proposal.plan)).one())
    last = max(one.day for one in plan.sessions if "noemie" in one.seated)
    assert [line for line in said if line.startswith("stay: ")] == [
        f"stay: noemie from week 3 (Mon 15 March), projected end {last:%a} {last.day} March"
    ]
    assert {one.week for one in plan.sessions if "noemie" in one.seated} == {3, 4}


def test_an_unknown_cohort_exits_2_on_standard_error(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    result = say(runner, "plan", "morning")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "there is no cohort with the key morning\n"


def test_zero_seconds_are_a_wrong_call(app: Flask, runner: FlaskCliRunner) -> None:
    assert say(runner, "plan", "evening", "--seconds", "0").exit_code == 2


def test_a_dry_run_says_all_and_changes_nothing(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    say(runner, "plan", "evening")
    result = say(runner, "publish", "evening", "--dry-run")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == [
        "evening: would be published.",
        "against what is published: 22 new, 0 moved, 0 changed, 0 cancelled, 0 kept.",
    ]
    assert (
        "not told: jordan-father for jordan, family_therapy, 2 sessions: no consent for this"
        in lines
    )
    assert (count(Session), count(Letter)) == (0, 0)


def test_publishing_queues_letters_for_the_mother_and_none_for_the_father(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    say(runner, "plan", "evening")
    said = json.loads(say(runner, "publish", "evening", "--json").stdout)
    assert {one["person"] for one in said["letters"]} == {"jordan-mother"}
    assert {(one["person"], one["why"]) for one in said["not_told"]} == {
        ("jordan-father", "no consent for this")
    }
    assert count(Session) == 22
    assert count(Letter) == len(said["letters"])
    recipients = set(db.session.scalars(select(Letter.recipient_id)))
    assert recipients == {person_by_key("jordan-mother").id}


def test_publishing_says_that_a_patient_is_told_because_they_chose_it(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    choose_calendar(person_by_key("jordan"), way=Way.BOTH, first_names=False, by="jordan", now=NOW)
    db.session.commit()
    say(runner, "plan", "evening")

    letters = json.loads(say(runner, "publish", "evening", "--dry-run", "--json").stdout)["letters"]

    own = [one for one in letters if one["person"] == "jordan"]
    assert {(one["patient"], one["why"]) for one in own} == {("jordan", "their own, as they chose")}


def test_planning_the_same_again_leaves_nothing_to_publish(
    app: Flask, runner: FlaskCliRunner
) -> None:
    clinic()
    say(runner, "plan", "evening")
    say(runner, "publish", "evening")
    before = count(Letter)
    planned = say(runner, "plan", "evening", "--seed", "5", "--json")
    again = json.loads(say(runner, "publish", "evening", "--json").stdout)
    assert (planned.exit_code, json.loads(planned.stdout)["is_proposed"]) == (0, False)
    assert (again["letters"], again["kept"], count(Letter)) == ([], 22, before)


def test_publishing_without_a_proposal_exits_2(app: Flask, runner: FlaskCliRunner) -> None:
    clinic()
    result = say(runner, "publish", "evening")
    assert result.exit_code == 2
    assert result.stderr == "there is no open proposal for evening: cohort plan evening\n"


def test_a_what_if_plans_under_a_changed_clinic_file_and_keeps_nothing(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    clinic()
    say(runner, "plan", "evening")
    before = db.session.scalars(select(Proposal.plan)).one()
    said = dump(export())
    db.session.rollback()
    changed = tmp_path / "closed.yaml"
    changed.write_text(
        said.replace("  closures: []", "  closures: [{on: 2027-03-03, note: what if}]")
    )
    assert changed.read_text() != said
    result = say(runner, "plan", "evening", "--assume", str(changed))
    assert result.exit_code == 0, result.stderr
    assert "dropped: Process on 2027-03-03, closed: what if" in result.stdout
    assert (count(Proposal), count(Closure)) == (1, 0)
    assert db.session.scalars(select(Proposal.plan)).one() == before


def test_an_assumption_that_cannot_be_read_exits_2(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    clinic()
    result = say(runner, "plan", "evening", "--assume", str(tmp_path / "nothing.yaml"))
    assert result.exit_code == 2
    assert count(Proposal) == 0


def test_several_cohorts_are_answered_for_one_by_one(
    sqlite_app: Flask, runner: FlaskCliRunner
) -> None:
    first = clinic()
    second = Cohort(key="second", program_id=first.program_id, starts=first.starts, leads={})
    db.session.add(second)
    db.session.commit()

    by_key = say(runner, "plan", "evening", "second", "--seconds", "1", "--json")
    by_day = say(runner, "plan", "--starting", str(first.starts), "--seconds", "1", "--json")
    none = say(runner, "plan")

    assert [plan["cohort"] for plan in json.loads(by_key.stdout)] == ["evening", "second"]
    assert [plan["cohort"] for plan in json.loads(by_day.stdout)] == ["evening", "second"]
    assert none.exit_code == 2
