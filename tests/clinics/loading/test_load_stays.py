"""Places in a cohort, lines before it, and stays beside the current one."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.clinics import export
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile
from scheduler.people.models import Person
from scheduler.programs.models import Enrolment, FurtherStay
from tests.clinics.small_pines import SMALL_PINES, changed, lines, load_bytes

GROUPS = "    groups:"
TESS = "email: tess@patient.example\n"
THIRD = SMALL_PINES[SMALL_PINES.index("  - key: p-2\n") :].replace("p-2", "p-0")


def clinic(*program: str, tess: str = "", third: str = "") -> bytes:
    """Jordan, Tess and, by the file's order last, a third, whose key comes first."""
    said = "".join(f"    {line}\n" for line in program)
    file = changed(GROUPS, said + GROUPS, SMALL_PINES).decode()
    file = file.replace(TESS, TESS + tess)
    return (file + THIRD.replace(TESS, TESS + third)).encode()


def from_day(file: str, key: str, day: int) -> bytes:
    """Return the file with a patient who comes on another day of March."""
    before, found, after = file.partition(f"  - key: {key}\n")
    return (before + found + after.replace("2027-03-01", f"2027-03-0{day}", 1)).encode()


def line() -> dict[str, int | None]:
    rows = db.session.execute(
        select(Person.key, Enrolment.waits).join(Person, Person.id == Enrolment.patient_id)
    )
    return {row.key: row.waits for row in rows}


def test_full_cohort_refuses_whoever_comes_last_in_the_file(app: Flask) -> None:
    with pytest.raises(InvalidFile) as refused:
        load_bytes(clinic("capacity: 2"))

    assert [str(problem) for problem in refused.value.problems] == [
        "patients[2].cohort: march is full: its program takes 2 patients at once"
    ]
    assert db.session.scalars(select(Person)).all() == []


def test_rest_waits_in_the_order_of_the_file(app: Flask) -> None:
    changes = load_bytes(clinic("capacity: 1", "waitlist: true"))

    assert line() == {"p-1": None, "p-2": 1, "p-0": 2}
    assert [str(waits) for waits in changes.waiting] == [
        "stay of p-2: waits for a place in march, number 1 in line",
        "stay of p-0: waits for a place in march, number 2 in line",
    ]


def test_place_of_who_leaves_is_taken_by_who_comes_after(app: Flask) -> None:
    third = "    to: 2027-03-05\n    stays: [{cohort: march, from: 2027-03-20}]\n"
    file = clinic("capacity: 2", tess="    to: 2027-03-19\n", third=third).decode()

    load_bytes(from_day(file, "p-2", 6))

    assert line() == {"p-1": None, "p-2": None, "p-0": None}


def test_who_has_a_place_keeps_it_when_the_file_s_order_changes(app: Flask) -> None:
    load_bytes(clinic("capacity: 1", "waitlist: true"))
    file = clinic("capacity: 1", "waitlist: true").decode()
    start, end = file.index("  - key: p-1\n"), file.index("  - key: p-2\n")

    load_bytes((file[:start] + file[end:] + file[start:end]).encode())

    assert line() == {"p-1": None, "p-2": 1, "p-0": 2}


def test_first_in_line_takes_the_place_of_who_was_discharged(app: Flask) -> None:
    file = clinic("capacity: 1", "waitlist: true").decode()
    load_bytes(file.encode())
    file = file.replace("    clinician: moss", "    to: 2027-03-02\n    clinician: moss")

    load_bytes(from_day(file, "p-2", 3))

    assert line() == {"p-1": None, "p-2": None, "p-0": 1}


def test_export_keeps_the_line(app: Flask) -> None:
    load_bytes(clinic("capacity: 1", "waitlist: true"))

    assert [patient["key"] for patient in export()["patients"]] == ["p-1", "p-2", "p-0"]


def test_other_stays_are_exactly_those_of_the_file(app: Flask) -> None:
    load_bytes(clinic(tess="    to: 2027-03-10\n    stays: [{cohort: march, from: 2027-03-20}]\n"))
    other = clinic(
        tess="    to: 2027-03-10\n    stays: [{cohort: march, from: 2027-03-21, to: 2027-03-25}]\n"
    )

    changes = load_bytes(other)

    assert lines(changes) == ["other stays of p-2: changed"]
    rows = db.session.scalars(select(FurtherStay))
    assert [(row.first, row.last) for row in rows] == [(date(2027, 3, 21), date(2027, 3, 25))]
