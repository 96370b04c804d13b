"""Roles for a time and covers by a clinic file: given, ended, kept, and carried by the export."""

from datetime import date

import pytest
from flask import Flask

from scheduler.clinics import export, load, read
from scheduler.kernel.database import db
from scheduler.people import covers_of, give_role_for, person_by_key, terms_of
from scheduler.people.models import Role
from tests.clinics.small_pines import NOW, SMALL_PINES, changed, places

AWAY = "    away: [{from: 2027-03-19, to: 2027-03-19}]\n"
LENT = "    roles_for_a_time: [{role: coordinator, from: 2027-03-01, to: 2027-03-05}]\n"
COVERED = "    covered_by: [{clinician: moss, from: 2027-03-08, to: 2027-03-12}]\n"
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 5)


def loaded(more: str) -> list[str]:
    """Load the clinic with more lines about rivera, and return what was done."""
    changes = load(read(changed(AWAY, AWAY + more)), by="file", now=NOW)
    db.session.flush()
    return changes.lines()


def standing() -> tuple[list[tuple[Role, date, date]], int]:
    """Return rivera's roles for a time, and how many covers."""
    rivera = person_by_key("rivera")
    terms = [(term.role, term.first, term.last) for term in terms_of([rivera])]
    return terms, len(covers_of([rivera]))


@pytest.fixture(autouse=True)
def clinic(app: Flask) -> None:
    load(read(SMALL_PINES.encode()), by="file", now=NOW)
    db.session.flush()


def test_file_gives_them_once_and_the_export_says_them(app: Flask) -> None:
    done = loaded(LENT + COVERED)

    said = [
        "clinician rivera: changed (roles_for_a_time)",
        "clinician rivera: changed (covered_by)",
    ]
    assert done == said
    assert standing() == ([(Role.COORDINATOR, FIRST, LAST)], 1)
    assert loaded(LENT + COVERED) == []
    (rivera,) = (row for row in export()["clinicians"] if row["key"] == "rivera")
    assert rivera["roles_for_a_time"] == [{"role": "coordinator", "from": FIRST, "to": LAST}]
    assert rivera["covered_by"] == [
        {"clinician": "moss", "from": date(2027, 3, 8), "to": date(2027, 3, 12)}
    ]


def test_file_that_does_not_speak_of_them_leaves_them(app: Flask) -> None:
    loaded(LENT + COVERED)

    assert loaded("") == []
    assert standing() == ([(Role.COORDINATOR, FIRST, LAST)], 1)


def test_what_a_list_does_not_name_ends(app: Flask) -> None:
    loaded(LENT + COVERED)

    loaded("    roles_for_a_time: []\n    covered_by: []\n")
    assert standing() == ([], 0)


def test_word_of_the_desk_stays(app: Flask) -> None:
    rivera = person_by_key("rivera")
    give_role_for(rivera, Role.AUDITOR, first=FIRST, last=LAST, by="desk", now=NOW)

    (kept,) = loaded(LENT)
    assert kept.startswith("kept: clinician rivera: roles_for_a_time (set at the desk by desk on ")
    assert standing() == ([(Role.AUDITOR, FIRST, LAST)], 0)


def test_role_they_have_anyway_is_told_and_not_given(app: Flask) -> None:
    done = loaded(LENT.replace("coordinator", "clinician"))

    assert done == ["roles_for_a_time rivera: rivera is clinician without an end"]
    assert standing() == ([], 0)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (LENT.replace("coordinator", "boss"), "clinicians[0].roles_for_a_time[0].role"),
        (LENT.replace("to: 2027-03-05", "to: 2027-02-05"), "clinicians[0].roles_for_a_time[0].to"),
        (COVERED.replace("moss", "nobody"), "clinicians[0].covered_by[0].clinician"),
        (COVERED.replace("moss", "rivera"), "clinicians[0].covered_by[0].clinician"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(line: str, place: str) -> None:
    assert places(changed(AWAY, AWAY + line)) == [place]
