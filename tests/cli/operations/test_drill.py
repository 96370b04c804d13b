"""`drill withdrawal`: a certificate on a copy, and nothing of the house touched."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner

from household import Household
from scheduler import consents
from scheduler.cli.operations import drill
from scheduler.kernel.database import db

VERIFY = Path(__file__).resolve().parents[3] / "docs" / "verify_accounting.py"


def test_drill_of_nobody_told_is_refused(sqlite_home: Household, sqlite_app: Flask) -> None:
    db.session.commit()

    done = _drill(sqlite_app.test_cli_runner(), sqlite_home.jordan.key)

    said = f"nobody is told anything about {sqlite_home.jordan.key}: there is nothing to withdraw"
    assert done == (1, "", said)


def test_drill_withdraws_on_a_copy_alone_and_signs_what_it_found(
    sqlite_home: Household, sqlite_app: Flask, tmp_path: Path
) -> None:
    sqlite_home.consent()
    sqlite_home.appointment(1)
    db.session.commit()

    code, out, err = _drill(sqlite_app.test_cli_runner(), sqlite_home.jordan.key)

    said = json.loads(out)
    assert (code, err) == (0, f"signed by {said['signature']['key']}")
    assert _verified(out, tmp_path) == "a drill of withdrawal, 0 letters after the answer"
    found = [said[name] for name in ("letters_after_the_answer", "feeds", "links")]
    answer = said["answer"].splitlines()[0]  # an invitation may wait by then, or have left
    assert (answer, found) == ("nothing further will leave", [0, 0, 0])
    assert datetime.fromisoformat(said["answered_at"]).tzinfo == UTC
    assert consents.told_family(sqlite_home.jordan, None) == [sqlite_home.mother]


def test_drill_counts_letters_to_the_family_after_the_answer(tmp_path: Path) -> None:
    _letter(tmp_path, 100, "mother@example.org")
    _letter(tmp_path, 300, "mother@example.org")
    _letter(tmp_path, 301, "desk@example.org")

    counted = drill.letters_to(tmp_path, ["mother@example.org"], after=200)

    assert counted == 1


def test_drill_prepares_only_an_empty_database(
    sqlite_home: Household, sqlite_app: Flask, tmp_path: Path
) -> None:
    db.session.commit()

    done = sqlite_app.test_cli_runner().invoke(
        args=["drill", "prepare", str(tmp_path / "copy.kinfold")]
    )

    said = "this database is in use: a drill is tried in an empty one"
    assert (done.exit_code, done.stderr.strip()) == (1, said)


def _verified(certificate: str, folder: Path) -> str:
    """Return what the program of docs/ says of a certificate that is whole."""
    file = folder / "certificate.json"
    file.write_text(certificate, encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(VERIFY), str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.removeprefix("whole: ").partition(", signed by")[0]


def _drill(runner: FlaskCliRunner, key: str) -> tuple[int, str, str]:
    done = runner.invoke(args=["drill", "withdrawal", key, "--seconds", "1"])
    return done.exit_code, done.stdout, done.stderr.strip()


def _letter(sink: Path, at: int, to: str) -> None:
    letter = sink / f"{at:020d}-000000.eml"
    letter.write_bytes(f"To: {to}\r\n\r\nA letter.".encode())
