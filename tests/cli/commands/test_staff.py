"""`staff password`: read from standard input, refused when weak or for others than staff."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from scheduler.clinics import load, read
from scheduler.kernel.database import db
from scheduler.people import is_right, person_by_key
from tests.web.house import NOW, clinic_file


@pytest.fixture
def clinic(app: Flask) -> None:
    load(read(clinic_file()), by="command", now=NOW)
    db.session.commit()


@pytest.mark.usefixtures("clinic")
def test_password_of_staff_is_set(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["staff", "password", "desk"], input="nineteen quiet herons\n")
    db.session.rollback()

    staff = person_by_key("desk").clinician
    assert (
        done.exit_code,
        staff is not None and is_right(staff.password_hash, "nineteen quiet herons"),
    ) == (0, True)


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("desk", "too short"),
        ("desk", "a" * 20),
        ("jordan", "nineteen quiet herons"),
        ("nobody", "x"),
    ],
)
def test_wrong_call_sets_nothing(runner: FlaskCliRunner, key: str, said: str) -> None:
    done = runner.invoke(args=["staff", "password", key], input=f"{said}\n")
    db.session.rollback()

    staff = person_by_key("desk").clinician
    assert (done.exit_code, staff is not None and staff.password_hash is None) == (2, True)
