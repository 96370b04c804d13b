"""/enrolments and the readiness of relatives: what the desk's pages do, and no more."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from tests.web.api.caller import Program, program

PATH = "/enrolments/jordan"
PAUSE = {"pause": {"from": "2027-03-08", "until": "2027-03-12"}}


@pytest.fixture
def desk(house: Flask) -> Program:
    """A program that acts as the coordinator, beside a second cohort."""
    desk = program(house, "desk")
    evening = desk.get("/cohorts/evening").get_json()
    assert desk.call("POST", "/cohorts", evening | {"key": "spring", "starts": "2027-03-15"})
    return desk


def stays(desk: Program) -> list[tuple[str, str, str | None]]:
    rows = desk.get(PATH).get_json()["stays"]
    return [(row["cohort"], row["from"], row["to"]) for row in rows]


def letters_to(key: str) -> list[str]:
    person = person_by_key(key).id
    found = list(db.session.scalars(select(Letter.kind).where(Letter.recipient_id == person)))
    db.session.rollback()
    return found


def place(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json(force=True)["errors"][0]["place"]


def test_later_stay_is_added_once_and_changed_and_taken_back(desk: Program) -> None:
    desk.patch(PATH, {"to": "2027-03-12"})
    new = {"patient": "jordan", "cohort": "spring", "from": "2027-03-15"}

    added = [desk.call("POST", "/enrolments", new, Idempotency_Key="one") for _ in range(2)]
    _, later = added[0].get_json()["stays"]
    desk.patch(PATH, {"stay": later["id"], "to": "2027-03-19"})
    changed = stays(desk)
    desk.patch(PATH, {"stay": later["id"], "take_back": True})

    assert [answer.status_code for answer in added] == [201, 201]
    assert added[0].get_json() == added[1].get_json()
    assert changed[1] == ("spring", "2027-03-15", "2027-03-19")
    assert stays(desk) == [("evening", "2027-03-01", "2027-03-12")]


def test_pause_is_rehearsed_and_then_done_against_its_tag(desk: Program) -> None:
    old = desk.tag(PATH)
    dry = desk.call("PATCH", f"{PATH}?dry_run=true", PAUSE, If_Match=old)
    before = stays(desk)

    done = desk.patch(PATH, PAUSE, If_Match=old)
    late = desk.patch(PATH, {"to": "2027-03-10"}, If_Match=old)

    assert dry.get_json()["result"]["stays"][1]["from"] == "2027-03-13"
    assert before == [("evening", "2027-03-01", None)]
    assert (done.status_code, late.status_code) == (200, 412)
    assert len(stays(desk)) == 2
    assert letters_to("jordan-father") == []


def test_step_down_goes_on_in_another_cohort_and_is_undone(desk: Program) -> None:
    early = desk.patch(PATH, {"cohort": "spring", "from": "2027-03-01"})
    desk.patch(PATH, {"cohort": "spring", "from": "2027-03-15"})
    moved = stays(desk)
    undone = desk.patch(PATH, {"undo": True})
    again = desk.patch(PATH, {"undo": True})

    assert place(early) == (422, "from")
    assert moved == [("evening", "2027-03-01", None), ("spring", "2027-03-15", None)]
    assert (undone.status_code, again.status_code) == (200, 409)
    assert stays(desk) == [("evening", "2027-03-01", None)]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"to": "2027-03-05", "cohort": "spring"}, "cohort"),
        ({"to": None}, "to"),
        ({"stay": "0" * 32, "take_back": True}, "stay"),
        ({"pause": {"from": "2027-03-08", "until": "2027-03-01"}}, "pause.until"),
        ({"cohort": "nowhere", "from": "2027-03-15"}, "cohort"),
        ({"colour": "red"}, "colour"),
        ({"pause": {"from": "2027-03-08"}}, "pause.until"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    desk: Program, body: dict[str, Any], where: str
) -> None:
    assert place(desk.patch(PATH, body)) == (422, where)
    assert stays(desk) == [("evening", "2027-03-01", None)]


def test_readiness_is_decided_with_a_reason(desk: Program) -> None:
    path = "/relatives/jordan-mother"
    silent = desk.patch(path, {"ready": False})
    stray = desk.patch(path, {"ready_until": "2027-04-01"})
    odd = desk.patch(path, {"ready": False, "ready_until": "2027-04-01", "reason": "asked"})
    done = desk.patch(path, {"ready": True, "ready_until": "2027-04-01", "reason": "talked"})

    assert [place(answer)[1] for answer in (silent, stray, odd)] == [
        "reason",
        "ready_until",
        "ready_until",
    ]
    assert done.get_json()["ready_until"] == "2027-04-01"
    father = desk.patch("/relatives/jordan-father", {"ready": True, "reason": "talked"})
    assert father.get_json()["ready"] is True
    assert letters_to("jordan-father") == []
