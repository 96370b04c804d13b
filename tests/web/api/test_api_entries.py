"""/cohorts/KEY/line, /rosters and /joins: what the desk's pages do, and no more. The father without
consent hears nothing of any.
"""

from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from tests.web.api.caller import Program, program

ZOE = {
    "name": "Zoe Hart",
    "email": "zoe@patient.example",
    "from": "2027-03-02",
    "cohort": "evening",
    "clinician": "rivera",
    "key": "zoe",
}


def letters_to(key: str) -> list[str]:
    person = person_by_key(key).id
    found = list(db.session.scalars(select(Letter.kind).where(Letter.recipient_id == person)))
    db.session.rollback()
    return found


def waiting(desk: Program) -> list[tuple[str, bool]]:
    rows = desk.get("/cohorts/evening/line").get_json()["waiting"]
    return [(row["patient"], row["held_until"] is not None) for row in rows]


def test_place_is_offered_to_one_in_line_and_taken(house: Flask) -> None:
    desk = program(house, "desk")
    desk.patch("/programs/adult", {"capacity": 2, "waitlist": True})
    desk.call("POST", "/rosters", {"rows": [ZOE]})
    offer = offered("2027-02-27")
    full = desk.call("POST", "/cohorts/evening/line", offer)
    desk.patch("/programs/adult", {"capacity": 3})
    dry = desk.call("POST", "/cohorts/evening/line?dry_run=true", offer)
    before = waiting(desk)
    desk.call("POST", "/cohorts/evening/line", offer)
    held = waiting(desk)
    taken = desk.call("POST", "/cohorts/evening/line", {"patient": "zoe", "deed": "accept"})

    assert (full.status_code, dry.status_code, before) == (409, 200, [("zoe", False)])
    assert (held, letters_to("zoe")) == ([("zoe", True)], ["place"])
    assert (taken.status_code, taken.get_json()["waiting"]) == (200, [])
    assert letters_to("jordan-father") == []


def offered(until: str) -> dict[str, str]:
    return {"patient": "zoe", "deed": "offer", "until": until}


def test_list_is_brought_whole_or_not_and_taken_back(house: Flask) -> None:
    desk = program(house, "desk")
    wrong = desk.call("POST", "/rosters", {"rows": [ZOE, ZOE | {"key": "yan", "email": "no"}]})
    brought = desk.call("POST", "/rosters", {"rows": [ZOE]}).get_json()
    listed = desk.get("/rosters").get_json()["items"]
    back = desk.call("POST", f"/rosters/{brought['id']}/take-back", {})

    assert wrong.status_code == 422
    assert [row["place"] for row in wrong.get_json(force=True)["errors"]] == ["rows[1].email"]
    assert (brought["patients"], listed) == (["zoe"], [brought])
    assert back.get_json() == {"id": brought["id"], "patients": 1}
    assert desk.get("/patients/zoe").status_code == 404


def test_two_entries_are_joined_by_what_the_second_says_better(house: Flask) -> None:
    desk = program(house, "desk")
    desk.call("POST", "/rosters", {"rows": [ZOE | {"from": "2027-03-01"}]})
    same = desk.call("POST", "/joins", {"first": "zoe", "second": "zoe"})
    said = {"first": "noemie", "second": "zoe", "take": ["email"]}
    done = desk.call("POST", "/joins", said)

    assert same.status_code == 422
    assert done.get_json() == {
        "first": "noemie",
        "record": "zoe",
        "consents_ended": 0,
        "came": [],
        "stayed": [],
    }
    assert desk.get("/patients/noemie").get_json()["email"] == "zoe@patient.example"
