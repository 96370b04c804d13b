"""Attendance as a table: all lines or none, wrong ones by their number, a later file corrects."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from cast import assemble, session
from scheduler.attendance import read_rows, written_rows
from scheduler.attendance.attendance_csv import Row
from scheduler.attendance.models import AttendanceState
from scheduler.kernel import clock
from scheduler.kernel.errors import InputError

AFTER = datetime(2027, 3, 9, 23, 0, tzinfo=UTC)
KEY = "evening-2027-03.fam.jordan.w2"
HEADER = "session,person,state,minutes,note\n"


@pytest.fixture
def clinic(app: Flask) -> None:
    session(assemble(), datetime(2027, 3, 9, 16))


def imported(runner: FlaskCliRunner, tmp_path: Path, text: str, *words: str) -> Result:
    path = tmp_path / "attendance.csv"
    path.write_text(text, encoding="utf-8")
    with clock.turned_to(lambda: AFTER):
        return runner.invoke(args=["attendance", "import", str(path), *words])


def exported(runner: FlaskCliRunner) -> str:
    return runner.invoke(args=["attendance", "export", "evening-2027-03"]).output


@pytest.mark.usefixtures("clinic")
def test_export_is_what_import_took(runner: FlaskCliRunner, tmp_path: Path) -> None:
    text = f'{HEADER}{KEY},dana,present,60,\n{KEY},jordan,late,45,"bus, again"\n'

    answer = imported(runner, tmp_path, text)

    assert (answer.exit_code, answer.output) == (0, "2 lines read, 2 new\n")
    assert exported(runner) == text
    assert imported(runner, tmp_path, text).output == "2 lines read, 0 new\n"


@pytest.mark.usefixtures("clinic")
def test_wrong_lines_are_named_and_nothing_is_taken(runner: FlaskCliRunner, tmp_path: Path) -> None:
    text = f"{HEADER}{KEY},jordan,present,,\n{KEY},miguel,present,,\nlost,dana,present,,\n"

    answer = imported(runner, tmp_path, text)

    assert answer.exit_code == 2
    assert "line 3: person: miguel does not sit in" in answer.output
    assert "line 4: session: there is no lost" in answer.output
    assert exported(runner) == HEADER


@pytest.mark.usefixtures("clinic")
def test_later_file_corrects(runner: FlaskCliRunner, tmp_path: Path) -> None:
    imported(runner, tmp_path, f"{HEADER}{KEY},jordan,no_show,,\n")
    imported(runner, tmp_path, f"{HEADER}{KEY},jordan,present,,\n")

    assert exported(runner) == f"{HEADER}{KEY},jordan,present,60,\n"


@pytest.mark.usefixtures("clinic")
def test_dry_run_changes_nothing(runner: FlaskCliRunner, tmp_path: Path) -> None:
    answer = imported(runner, tmp_path, f"{HEADER}{KEY},jordan,present,,\n", "--dry-run")

    assert answer.output == "1 lines read, 1 would be new\n"
    assert exported(runner) == HEADER


@pytest.mark.usefixtures("clinic")
def test_sessions_export_says_who_came(runner: FlaskCliRunner, tmp_path: Path) -> None:
    imported(runner, tmp_path, f"{HEADER}{KEY},jordan,left_early,20,\n")

    (line,) = runner.invoke(args=["sessions", "export"]).output.splitlines()
    assert json.loads(line)["attendance"] == {"jordan": {"state": "left_early", "minutes": 20}}


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"person,session\n", "line 1: want the header"),
        (b"", "line 1: want the header"),
        (HEADER.encode() + b"a,b,there,,\n", "line 2: state: want present"),
        (HEADER.encode() + b"a,b,present,ten,\n", "line 2: minutes: want a whole number"),
        (
            HEADER.encode() + b"a,b,present," + b"9" * 5000 + b",\n",
            "line 2: minutes: want a whole number",
        ),
        (HEADER.encode() + b"a,b,present\n", "line 2: want 5 columns, not 3"),
        (HEADER.encode() + b"a,b,present,,caf\xe9\n", "line 2: not UTF-8"),
    ],
)
def test_table_that_cannot_be_read_names_its_line(octets: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_rows(octets)


def test_note_that_a_spreadsheet_would_run_is_written_as_text() -> None:
    row = Row(2, "s", "p", AttendanceState.PRESENT, 60, "=HYPERLINK(1)")

    text = written_rows([row])

    assert text == f"{HEADER}s,p,present,60,'=HYPERLINK(1)\n"
    assert read_rows(text.encode()) == [row]
