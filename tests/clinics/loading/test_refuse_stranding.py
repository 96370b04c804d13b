"""A change of the house after which its own file would not load is refused with the names."""

import pytest
from flask import Flask

from scheduler.clinics import dump, export, house_record, read, set_record
from scheduler.clinics.exporting.program_fields import Fields
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile
from tests.clinics.small_pines import NOW, SMALL_PINES, load_bytes

OWN = (
    "    appointments:\n"
    "      - {key: extra, kind: individual, minutes: 30, every_weeks: 1, weeks: [1, 4]}\n"
)
EXTRA = {"key": "extra", "kind": "individual", "minutes": 50, "every_weeks": 1, "weeks": [1, 4]}
NEEDED = "patients need what this takes away: Tess Upward: "


@pytest.fixture(autouse=True)
def clinic(app: Flask) -> None:
    """The small clinic; its patient has an appointment of their own."""
    load_bytes((SMALL_PINES + OWN).encode())
    db.session.commit()


def refusal(section: str, key: str, **said: object) -> str:
    """Return why fields of a record may not be set, "" where they may."""
    seen = house_record(section, key)
    try:
        set_record(section, seen | said, seen=seen, by="moss", now=NOW)
    except InvalidFile as error:
        db.session.rollback()
        return "; ".join(problem.message for problem in error.problems)
    return ""


def test_licence_patients_need_is_not_taken_away() -> None:
    said = "rivera has no licence for MA on any day of the stay, from 2027-03-01 on"

    assert refusal("clinicians", "rivera", licences=[]) == NEEDED + said


def test_licence_that_ends_after_the_stays_began_is_let_be() -> None:
    shorter = [{"state": "MA", "until": "2027-03-31"}]

    assert refusal("clinicians", "moss", licences=shorter) == ""


def test_program_may_not_take_the_key_of_a_patients_own_appointment() -> None:
    appointments: list[Fields] = house_record("programs", "evening")["appointments"]
    said = "'extra' is the key of an appointment of the program"

    assert refusal("programs", "evening", appointments=[*appointments, EXTRA]) == NEEDED + said


def test_cohort_may_not_start_after_its_patients_left() -> None:
    leaving = SMALL_PINES.replace(
        "    from: 2027-03-01\n", "    from: 2027-03-01\n    to: 2027-03-05\n"
    )
    load_bytes(leaving.encode())
    db.session.commit()

    told = refusal("cohorts", "march", starts="2027-04-05")
    assert "Jordan Lee: the cohort starts on 2027-04-05 only" in told


def test_practice_may_not_move_to_a_state_without_licences() -> None:
    told = refusal("practice", "", state="RI")

    assert "Jordan Lee: moss has no licence for RI" in told


def test_house_loads_after_a_change_that_is_let_be() -> None:
    refusal("clinicians", "rivera", buffer=20)

    assert read(dump(export()).encode()).clinicians[1].buffer == 20
