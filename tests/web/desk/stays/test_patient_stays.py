"""At the desk: a patient's stays. What ends and what leaves is shown first, a letter a person; the
father without consent is told nothing.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, TODAY, Household
from scheduler.admissions import stays_now
from scheduler.clinics import dump, export, load, read
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.programs.models import Cohort, FurtherStay
from visitor import say_yes, send, words

PAGE = "/desk/patients/p-1/stays"
BEGAN = TODAY - timedelta(days=1)
PAUSE = {
    "first": (MONDAY + timedelta(days=7)).isoformat(),
    "until": (MONDAY + timedelta(days=20)).isoformat(),
    "form_key": "a" * 32,
}
STEP_DOWN = {
    "cohort": "april",
    "first": (MONDAY + timedelta(days=14)).isoformat(),
    "form_key": "a" * 32,
}


@pytest.fixture
def home(home: Household, told_and_sent: Callable[[Household], Household]) -> Household:
    """Two appointments of which the mother was told, and a second cohort."""
    home.appointment(1)
    home.appointment(15, week=3)
    home.consent()
    starts = MONDAY + timedelta(days=14)
    db.session.add(Cohort(key="april", program_id=home.cohort.program_id, starts=starts, leads={}))
    return told_and_sent(home)


def done(desk: FlaskClient, deed: str, said: dict[str, str]) -> TestResponse:
    page = f"{PAGE}/{deed}"
    asked = send(desk, page, said, page=f"{page}?stay={said.get('stay', '')}")
    return say_yes(desk, asked, page, said)


def letters_to(address: str) -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Letter.kind).where(Letter.address == address)))


def shown() -> list[tuple[str, date, date | None]]:
    db.session.rollback()
    return [(stay.cohort, stay.first, stay.last) for stay in stays_now(person_by_key("p-1"))]


def loading_the_export_changes() -> bool:
    db.session.rollback()
    changes = load(read(dump(export()).encode()), by="command", now=NOW)
    db.session.rollback()
    return bool(changes.made)


def test_pause_is_shown_before_it_is_done_and_told_once_a_person(desk: FlaskClient) -> None:
    seen = words(send(desk, f"{PAGE}/pause", PAUSE))

    assert "is cancelled." in seen
    assert "Dana Lee m@family.example : 1 letter" in seen
    assert "Miguel" not in seen
    assert shown() == [("march", BEGAN, None)]
    assert done(desk, "pause", PAUSE).status_code == 303
    assert shown() == [
        ("march", BEGAN, MONDAY + timedelta(days=6)),
        ("march", MONDAY + timedelta(days=21), None),
    ]
    assert letters_to("m@family.example") == ["cancellation", "invitation", "invitation"]
    assert letters_to("f@family.example") == []


def test_full_cohort_is_said_before_anything_else(desk: FlaskClient, home: Household) -> None:
    program = home.cohort.program
    program.capacity, program.waitlist = 1, True
    april = db.session.scalars(select(Cohort).where(Cohort.key == "april")).one()
    first = MONDAY + timedelta(days=14)
    db.session.add(FurtherStay(patient_id=home.tess.id, cohort_id=april.id, first=first))
    db.session.commit()

    seen = words(send(desk, f"{PAGE}/move", STEP_DOWN))

    full = seen.index("april is full: from ")
    assert "they have no sessions in it until a place is free. Number 1 in line." in seen
    assert full < seen.index("is cancelled.")


def test_load_of_an_export_after_each_deed_changes_nothing(desk: FlaskClient) -> None:
    done(desk, "pause", PAUSE)
    after_pause = loading_the_export_changes()
    done(desk, "move", STEP_DOWN | {"first": (MONDAY + timedelta(days=28)).isoformat()})
    after_move = loading_the_export_changes()

    assert (after_pause, after_move) == (False, False)


def test_step_down_that_touches_nobody_is_undone(desk: FlaskClient) -> None:
    late = (MONDAY + timedelta(days=28)).isoformat()
    done(desk, "move", STEP_DOWN | {"first": late})
    offered = desk.get(PAGE).text

    done(desk, "undo", {"form_key": "b" * 32})

    assert f'href="{PAGE}/undo"' in offered
    assert shown() == [("march", BEGAN, None)]
    assert f'href="{PAGE}/undo"' not in desk.get(PAGE).text


def test_later_stay_is_listed_changed_and_taken_back(desk: FlaskClient) -> None:
    done(desk, "move", STEP_DOWN)
    page = words(desk.get(PAGE))
    _, later = stays_now(person_by_key("p-1"))
    first = (MONDAY + timedelta(days=16)).isoformat()
    done(desk, "days", {"stay": later.id, "first": first, "last": ""})
    changed = shown()
    done(desk, "back", {"stay": later.id})

    assert "now Other days in march" in page
    assert "later Other days in april" in page
    assert changed[1] == ("april", MONDAY + timedelta(days=16), None)
    assert shown() == [("march", BEGAN, MONDAY + timedelta(days=13))]


@pytest.mark.parametrize(
    ("deed", "said", "field"),
    [
        ("add", {"cohort": "", "first": "", "last": ""}, "cohort"),
        ("add", STEP_DOWN, "first"),
        ("move", STEP_DOWN | {"cohort": "nowhere"}, "cohort"),
        ("pause", PAUSE | {"until": PAUSE["first"][:4]}, "until"),
        ("pause", PAUSE | {"until": BEGAN.isoformat()}, "until"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    desk: FlaskClient, deed: str, said: dict[str, str], field: str
) -> None:
    answer = send(desk, f"{PAGE}/{deed}", said)

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    assert shown() == [("march", BEGAN, None)]


@pytest.mark.parametrize("path", ["/nothing", "/days?stay=nothing", "/back"])
def test_what_is_not_there_is_not_found(desk: FlaskClient, path: str) -> None:
    assert desk.get(PAGE + path).status_code == 404
