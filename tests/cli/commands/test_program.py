"""`program check FILE` as somebody meets it who designs a program."""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.people.models import Person
from tests.clinics.small_pines import SMALL_PINES, changed

HOURS = 'hours: [{days: [mon, tue, wed, thu, fri], from: "12:00", to: "%s"}]'
EASY = changed("week_hours: [9, 19]", "week_hours: [2, 19]").decode()


def check(runner: FlaskCliRunner, tmp_path: Path, file: str, *more: str) -> tuple[int, list[str]]:
    path = tmp_path / "clinic.yaml"
    path.write_text(file)
    done = runner.invoke(args=["program", "check", str(path), *more])
    return done.exit_code, (done.stdout + done.stderr).splitlines()


def test_program_that_keeps_its_hours_ends_with_0(runner: FlaskCliRunner, tmp_path: Path) -> None:
    open_house = EASY.replace("holidays: closed", "holidays: open")
    open_house = open_house.replace("on: 2027-03-15", "on: 2026-03-15")

    assert check(runner, tmp_path, open_house, "--families", "2") == (
        0,
        [
            "evening: hours, days and gaps hold in 52 of 52 cohort starts from 2027-03-01 to "
            "2028-02-21, for 2 made-up families"
        ],
    )


def test_worst_week_is_told_with_its_reason_and_3(runner: FlaskCliRunner, tmp_path: Path) -> None:
    more = ("--families", "1", "--years", "2", "--seed", "5")
    code, said = check(runner, tmp_path, SMALL_PINES, *more)

    assert (code, len(said)) == (3, 3)
    assert said[0] == (
        "evening: hours, days and gaps hold in 0 of 104 cohort starts from 2027-03-01 to "
        "2029-02-19, for 1 made-up families"
    )
    assert said[1].startswith("  worst: week ")
    assert said[2].startswith("  why: closed on ")


def test_nothing_is_written(runner: FlaskCliRunner, tmp_path: Path) -> None:
    check(runner, tmp_path, EASY, "--families", "1")

    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            SMALL_PINES.replace("weeks: 4\n", "weeks: 0\n"),
            "programs[0].weeks: write a whole number",
        ),
        (
            SMALL_PINES.replace(HOURS % "21:00", "hours: []").replace(HOURS % "24:00", "hours: []"),
            "clinicians: nobody has hours",
        ),
    ],
)
def test_file_that_is_none_ends_with_2(
    runner: FlaskCliRunner, tmp_path: Path, file: str, said: str
) -> None:
    code, lines = check(runner, tmp_path, file)

    assert code == 2
    assert any(line.startswith(said) for line in lines)
