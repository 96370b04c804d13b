"""`clinic load --dry-run` says which letters a file would let leave.

A father without consent stands by and is in none of its lines.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from household import NOW, TODAY, Household, evenings
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Licence
from scheduler.people.models import Role


@pytest.fixture
def home(home: Household) -> Household:
    """The mother was told of an appointment, and her letter has left."""
    home.appointment(1)
    home.consent()
    announce(by="command", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT
        letter.sent_at = NOW
        letter.reply = "250"
    assert home.rivera.clinician is not None
    home.rivera.clinician.roles = (Role.CLINICIAN,)
    home.rivera.clinician.licences = (Licence("MA", TODAY + timedelta(days=900)),)
    home.rivera.free = evenings("mon", "tue")
    db.session.commit()
    return home


@pytest.fixture
def file(home: Household, runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """The practice as it was exported."""
    path = tmp_path / "clinic.yaml"
    path.write_text(runner.invoke(args=["clinic", "export"]).stdout)
    return path


def letters_told(runner: FlaskCliRunner, file: Path) -> list[str]:
    done = runner.invoke(args=["clinic", "load", str(file), "--dry-run"])
    assert (done.exit_code, done.stderr) == (0, "")
    return [line for line in done.stdout.splitlines() if line.startswith("letter: ")]


def letters_kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Letter)) or 0


def test_each_letter_is_a_line_with_reader_subject_and_time(
    runner: FlaskCliRunner, file: Path
) -> None:
    file.write_text(file.read_text().replace("m@family.example", "dana@new.example"))

    told = letters_told(runner, file)

    begun = [line.rpartition(": ")[0].partition(" Tue")[0] for line in told]
    assert begun == [
        "letter: p-1-mother: Appointment",
        "letter: p-1-mother: No longer on your calendar: Appointment",
    ]
    assert [line[-1] for line in told] == ["Z", "Z"]


def test_dry_run_writes_no_letter(runner: FlaskCliRunner, file: Path) -> None:
    before = letters_kept()
    file.write_text(file.read_text().replace("m@family.example", "dana@new.example"))

    letters_told(runner, file)

    assert letters_kept() == before


def test_letters_that_another_change_causes_are_not_the_files(
    runner: FlaskCliRunner, file: Path, home: Household
) -> None:
    home.appointment(2, week=2, slot="fam2.p-1")
    db.session.commit()

    assert letters_told(runner, file) == []


def test_file_that_changes_nothing_lets_nothing_leave(runner: FlaskCliRunner, file: Path) -> None:
    assert letters_told(runner, file) == []


def test_names_and_addresses_are_not_printed(runner: FlaskCliRunner, file: Path) -> None:
    file.write_text(file.read_text().replace("m@family.example", "dana@new.example"))

    told = "\n".join(letters_told(runner, file))

    assert [word for word in ("Dana", "Lee", "Jordan", "@", "Small Pines") if word in told] == []
