"""A clinic's year in five zones, over both changes of clocks: published, changed by chance, ended.

A father without consent stands by. Every calendar part that leaves is read by three foreign
parsers, which must agree on every instant.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from end_to_end.brook_house import BROOK_HOUSE
from end_to_end.year import Year
from scheduler import consents
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs.models import Enrolment

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
)
MOTHER = "mother@family.example"
CARE = (
    "      - {key: care, kind: family_workshop, title: Kin noon, days: [thu], at: '13:00', "
    "minutes: 60, weeks: [2, 39]}"
)
HEAD, TAIL = BROOK_HOUSE.split("    appointments:")
LONG = f"{HEAD}{CARE}\n    appointments: []\ncohorts:{TAIL.split('cohorts:')[1]}"
for short, long in (
    ("weeks: 4", "weeks: 40"),
    ("[1, 4]", "[1, 40]"),
    ("kin: moss", "kin: moss, care: moss"),
):
    LONG = LONG.replace(short, long)


@pytest.mark.parametrize("zone", ZONES)
def test_calendars_are_right_through_a_year_of_changes(
    zone: str, sqlite_app: Flask, tmp_path: Path, trials: Callable[[int, int], int], seed: int
) -> None:
    runner = sqlite_app.test_cli_runner()
    publish(runner, tmp_path, LONG.replace("America/New_York", zone))
    year = Year(datetime.now(UTC).replace(microsecond=0), seed)
    year.tell()
    assert list(year.should()) == [MOTHER]

    many = trials(6, 20)
    while year.changes < many:
        if year.change():
            year.tell()
            assert year.shown() == year.should()
        if year.changes == many // 2:
            year.now += timedelta(days=40)

    discharge(year)
    year.tell()
    assert year.shown() == year.should()
    mother, patient = person_by_key("p-1-mother"), person_by_key("p-1")
    consents.revoke(person=mother, patient=patient, by="sam", now=year.now)
    year.tell()
    assert year.shown() == year.should() == {}
    assert list(year.calendars) == [MOTHER]


def publish(runner: FlaskCliRunner, folder: Path, clinic: str) -> None:
    file = folder / "clinic.yaml"
    file.write_text(clinic)
    for words in (
        ["clinic", "load", str(file)],
        ["cohort", "plan", "brook"],
        ["cohort", "publish", "brook"],
    ):
        said = runner.invoke(args=words)
        assert said.exit_code == 0, said.output


def discharge(year: Year) -> None:
    """End the patient's stay five weeks from now."""
    (stay,) = db.session.scalars(select(Enrolment)).all()
    stay.last = (year.now + timedelta(days=35)).date()
    db.session.flush()
