"""`staff lend`, `cover`, `terms`, `end`: what somebody has for a time, by command."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from scheduler.clinics import load, read
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.people import person_by_key, roles_on, stands_for, terms_of
from scheduler.people.models import Role
from tests.web.house import NOW, clinic_file
from watch import Watch

FIRST = date(2027, 3, 1)
DAYS = ("--from", "2027-03-01", "--until", "2027-03-05")


@pytest.fixture(autouse=True)
def clinic(app: Flask) -> object:
    with turned_to(Watch(NOW)):
        load(read(clinic_file()), by="command", now=NOW)
        db.session.commit()
        yield


def say(runner: FlaskCliRunner, *words: str) -> tuple[int, str]:
    db.session.rollback()
    done = runner.invoke(args=["staff", *words])
    return done.exit_code, done.output.strip()


def test_role_is_lent_listed_and_ended(runner: FlaskCliRunner) -> None:
    said = "rivera is coordinator, too, from 2027-03-01 until 2027-03-05"
    assert say(runner, "lend", "rivera", "coordinator", *DAYS) == (0, said)
    rivera = person_by_key("rivera")
    (term,) = terms_of([rivera])
    assert roles_on(rivera, day=FIRST) == (Role.CLINICIAN, Role.COORDINATOR)
    line = f"{term.id}  rivera  role coordinator  2027-03-01  2027-03-05"
    assert say(runner, "terms") == (0, line)

    assert say(runner, "end", "rivera", term.id) == (0, f"ended: {term.id} of rivera")
    assert roles_on(person_by_key("rivera"), day=FIRST) == (Role.CLINICIAN,)


def test_cover_is_set_and_listed(runner: FlaskCliRunner) -> None:
    said = "desk stands in for rivera from 2027-03-01 until 2027-03-05"
    assert say(runner, "cover", "rivera", "--by", "desk", *DAYS) == (0, said)

    desk, rivera = person_by_key("desk"), person_by_key("rivera")
    theirs = [stands_for(desk, day=FIRST + timedelta(days=n)) for n in (-1, 0, 4, 5)]
    both = {desk.id, rivera.id}
    assert theirs == [{desk.id}, both, both, {desk.id}]
    assert say(runner, "terms")[1].endswith("rivera  covered by desk  2027-03-01  2027-03-05")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("lend", "rivera", "clinician", *DAYS), 2),
        (("lend", "rivera", "boss", *DAYS), 2),
        (("lend", "rivera", "auditor", "--from", "2027-03-01", "--until", "9990-03-05"), 2),
        (("lend", "rivera", "auditor", "--from", "2027-03-05", "--until", "2027-03-01"), 2),
        (("cover", "rivera", "--by", "jordan", *DAYS), 2),
        (("cover", "rivera", "--by", "nobody", *DAYS), 2),
        (("end", "rivera", "0" * 32), 2),
    ],
)
def test_what_says_nothing_is_refused_and_changes_nothing(
    runner: FlaskCliRunner, words: tuple[str, ...], code: int
) -> None:
    assert say(runner, *words)[0] == code
    assert say(runner, "terms") == (0, "")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("lend", "rivera", "auditor"),
            "rivera is auditor from 2027-03-01 until 2027-03-05 already",
        ),
        (
            ("cover", "rivera", "--by", "desk"),
            "desk covers rivera from 2027-03-01 until 2027-03-05 already",
        ),
    ],
)
def test_what_stands_already_is_refused(
    runner: FlaskCliRunner, words: tuple[str, ...], why: str
) -> None:
    say(runner, *words, *DAYS)
    before = say(runner, "terms")

    assert say(runner, *words, *DAYS) == (2, why)
    assert say(runner, "terms") == before
