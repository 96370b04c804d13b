"""A mistyped year is refused by every command that takes a day, before any work."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from scheduler.clinics import dump, export
from scheduler.consents import give
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Kind
from tests.clinics.small_pines import NOW, SMALL_PINES, changed, load_bytes

GIVE = ["p-1-father", "--patient", "p-1", "--kinds", "family_therapy"]
PAPER = ["--evidence", "court paper", "--first"]
CALLS = [
    (["consent", "give", *GIVE, "--signed", "2026-11-01", "--expires", "9999-12-31"], "--expires"),
    (["consent", "give", *GIVE, "--signed", "9999-12-31", "--expires", "2027-06-30"], "--signed"),
    (["consent", "rehearse", *GIVE, "--expires", "2190-01-01"], "--expires"),
    (["consent", "finding", "p-1", "mature", *PAPER, "9999-12-31"], "--first"),
    (
        [
            *["consent", "authority", "p-1", "--name", "A", "--capacity", "guardian"],
            *[*PAPER, "2020-01-01", "--last", "9999-12-31"],
        ],
        "--last",
    ),
    (["sessions", "close", "2027-03-01", "9999-12-31"], "LAST"),
    (["cohort", "plan", "--starting", "9999-12-31"], "--starting"),
    (["audit", "export", "--since", "0001-01-01"], "--since"),
]


@pytest.fixture
def clinic(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    db.session.commit()


@pytest.mark.parametrize(("call", "option"), CALLS)
def test_command_names_the_option(
    clinic: None, runner: FlaskCliRunner, call: list[str], option: str
) -> None:
    done = runner.invoke(args=call)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{option}: ")
    assert "does not lie between" in done.stderr


def test_file_names_the_place_and_nothing_is_kept(
    clinic: None, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_bytes(changed("expires: 2027-06-30", "expires: 2199-06-30"))
    before = db.session.query(Grant).count()

    done = runner.invoke(args=["clinic", "load", str(file)])

    place = "patients[0].family[0].consents[0].expires"
    assert (done.exit_code, done.stdout, db.session.query(Grant).count()) == (2, "", before)
    assert done.stderr.startswith(f"{place}: 2199-06-30 is too far ahead: write a day up to ")


def test_far_day_that_stands_is_loaded_back_and_another_is_not(
    clinic: None, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    """A consent of before the bound stays what it was, also in a file."""
    give(
        person=person_by_key("p-1-mother"),
        patient=person_by_key("p-1"),
        purposes=[Kind.PROGRESS_UPDATE],
        signed=date(2027, 2, 20),
        expires=date(2150, 1, 1),
        by="clinic file",
        now=NOW,
    )
    db.session.commit()
    file = tmp_path / "clinic.yaml"
    written = dump(export())
    file.write_text(written)

    again = runner.invoke(args=["clinic", "load", str(file)])
    file.write_text(written.replace("expires: 2150", "expires: 2151"))
    other = runner.invoke(args=["clinic", "load", str(file)])

    assert (again.exit_code, again.stdout) == (0, "nothing changed\n")
    assert (other.exit_code, other.stdout) == (2, "")
