"""What programs change: the same deeds as pages, once, seen first if they like, and never over
somebody else's change.
"""

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.attendance.models import AttendanceMark
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from scheduler.people.accounts.models import StatedReason
from scheduler.people.models import Person
from scheduler.web.api.door.api_routes import BOOK
from scheduler.web.api.door.call_reading import questions_of
from tests.web.api.caller import Program, program
from tests.web.house import NOW
from watch import Watch

FAMILY = "evening.fam.jordan.w1"
GROUP = "evening.process.2027-03-01"
KIM = {
    "name": "Kim Farrow",
    "email": "kim@patient.example",
    "clinician": "rivera",
    "cohort": "evening",
    "from": "2027-03-01",
}


LENT = {"role": "auditor", "from": "2027-03-01", "to": "2027-03-05"}


@pytest.fixture
def desk(house: Flask) -> Program:
    """A program that acts as the coordinator."""
    return program(house, "desk")


@pytest.fixture
def rivera(house: Flask) -> Program:
    """A program that acts as the clinician."""
    return program(house, "rivera")


def letters_to(key: str) -> list[str]:
    """The kinds of the letters to somebody, in order."""
    person = person_by_key(key).id
    rows = select(Letter.kind).where(Letter.recipient_id == person)
    found = list(db.session.scalars(rows.order_by(Letter.created_at, Letter.kind)))
    db.session.rollback()
    return found


def errors(answer: Any) -> list[tuple[str, str]]:
    rows = answer.get_json(force=True)["errors"]
    return [(row["place"], row["message"]) for row in rows]


def test_patient_is_changed_and_has_another_tag(desk: Program) -> None:
    before = desk.get("/patients/jordan")

    answer = desk.patch("/patients/jordan", {"phone": "+1 617 555 0142", "state": "MA"})

    assert answer.status_code == 200
    assert answer.get_json() == before.get_json() | {"phone": "+16175550142", "state": "MA"}
    assert answer.headers["ETag"] == desk.tag("/patients/jordan") != before.headers["ETag"]


def test_change_without_a_tag_is_428_and_with_an_old_one_412(desk: Program) -> None:
    old = desk.tag("/patients/jordan")
    desk.patch("/patients/jordan", {"language": "es"})

    without = desk.call("PATCH", "/patients/jordan", {"language": "en"})
    late = desk.patch("/patients/jordan", {"language": "en"}, If_Match=old)

    assert (without.status_code, late.status_code) == (428, 412)
    assert desk.get("/patients/jordan").get_json()["language"] == "es"


def test_unknown_field_is_refused_by_name(desk: Program) -> None:
    answer = desk.patch("/patients/jordan", {"colour": "red", "name": "J"})

    assert (answer.status_code, errors(answer)) == (422, [("colour", "is no field here")])


def test_value_the_clinic_file_refuses_is_refused_at_its_place(desk: Program) -> None:
    answer = desk.patch("/patients/jordan", {"email": "nobody", "zone": "Mars/Olympus"})

    assert answer.status_code == 422
    assert [place for place, _ in errors(answer)] == ["email", "zone"]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b'{"name": "a\\u0000"}', "application/json", 400),
        (b"[" * 1000 + b"]" * 1000, "application/json", 400),
        (b'"' + b"x" * 10_000_000 + b'"', "application/json", 413),
        (b"name=J", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b"[]", "application/json", 422),
    ],
)
def test_hostile_body_changes_nothing(desk: Program, data: bytes, kind: str, status: int) -> None:
    answer = desk.call("PATCH", "/patients/jordan", data=data, Content_Type=kind, If_Match="*")

    assert answer.status_code == status
    assert desk.get("/patients/jordan").get_json()["name"] == "Jordan Quellandrix"


@pytest.mark.parametrize("group", ["process", None, 7, ["process"], {"key": ["process"]}])
def test_group_that_is_none_is_refused_at_its_place(desk: Program, group: object) -> None:
    answer = desk.patch("/programs/adult", {"groups": [group]})

    assert answer.status_code == 422
    assert "groups[0]" in answer.text


def test_same_call_with_its_key_is_done_once(desk: Program) -> None:
    first, second = (desk.call("POST", "/patients", KIM, Idempotency_Key="one") for _ in range(2))
    other = desk.call("POST", "/patients", KIM | {"name": "Lee"}, Idempotency_Key="one")

    assert [first.status_code, second.status_code, other.status_code] == [201, 201, 422]
    assert first.get_json() == second.get_json()
    assert first.headers["ETag"] == second.headers["ETag"]
    assert second.headers["Idempotency-Replayed"] == "true"
    found = db.session.scalars(select(Person.key).where(Person.email == KIM["email"])).all()
    assert first.headers["Location"] == f"/api/v1/patients/{found[0]}"
    assert len(found) == 1


def test_rehearsal_says_the_letters_and_keeps_nothing(desk: Program) -> None:
    path = f"/sessions/{FAMILY}/cancel"

    said = desk.call("POST", f"{path}?dry_run=true", {}).get_json()

    assert said["result"]["status"] == "cancelled"
    # The mother's invitation has not left yet: it will not leave at all.
    assert {letter["person"] for letter in said["letters"]} == {"jordan", "rivera"}
    assert desk.get(f"/sessions/{FAMILY}").get_json()["status"] == "scheduled"
    assert letters_to("jordan-mother") == ["invitation"] * 2
    assert letters_to("jordan") == []


def test_relative_is_added_and_told_nothing(desk: Program) -> None:
    said = {
        "patient": "jordan",
        "name": "Lou Lee",
        "relationship": "aunt",
        "email": "lou@family.example",
    }

    added = desk.call("POST", "/relatives", said)

    assert added.status_code == 201
    assert added.get_json()["ready"] is False
    assert letters_to(added.get_json()["key"]) == []
    keys = [row["key"] for row in desk.get("/relatives?patient=jordan").get_json()["items"]]
    assert added.get_json()["key"] in keys


def test_consent_is_given_and_withdrawn_and_the_father_hears_nothing(desk: Program) -> None:
    paper = {
        "patient": "jordan",
        "person": "jordan-mother",
        "purposes": ["family_workshop", "progress_update"],
        "signed": "2027-02-01",
        "expires": "2027-12-01",
    }

    given = desk.call("POST", "/consents", paper)
    standing = desk.get("/consents?patient=jordan").get_json()["items"]
    (therapy,) = (row for row in standing if row["purpose"] == "family_therapy")
    withdrawn = desk.call("POST", f"/consents/{therapy['id']}/withdraw", {"reason": "as asked"})

    assert given.status_code == 201
    assert {row["purpose"] for row in given.get_json()["items"]} == set(paper["purposes"])
    assert withdrawn.get_json()["nothing_further_leaves"] is True
    assert withdrawn.get_json()["consent"]["holds"] is False
    assert [row["kind"] for row in withdrawn.get_json()["kept_in"]] == ["invitation"] * 2
    again = desk.call("POST", f"/consents/{therapy['id']}/withdraw", {})
    assert again.status_code == 422
    assert db.session.scalars(select(StatedReason.reason)).all() == ["as asked"]
    assert letters_to("jordan-father") == []


def test_older_paper_brings_no_consent_back(desk: Program) -> None:
    (therapy,) = desk.get("/consents").get_json()["items"]
    desk.call("POST", f"/consents/{therapy['id']}/withdraw")
    paper = {
        "patient": "jordan",
        "person": "jordan-mother",
        "purposes": ["family_therapy"],
        "signed": "2027-02-01",
        "expires": "2027-12-01",
    }

    answer = desk.call("POST", "/consents", paper)

    assert (answer.status_code, errors(answer)[0][0]) == (422, "signed")


@pytest.mark.parametrize(
    ("method", "path", "body", "place"),
    [
        ("POST", "/consents", {"signed": "1990-01-01"}, "signed"),
        ("POST", "/consents", {"expires": "2099-12-01"}, "expires"),
        ("PATCH", "/patients/jordan", {"born": "2030-01-01"}, "born"),
        ("PATCH", "/enrolments/jordan", {"to": "2099-12-01"}, "to"),
        (
            "PATCH",
            "/enrolments/jordan",
            {"pause": {"from": "2027-03-01", "until": "2099-12-01"}},
            "pause.until",
        ),
        (
            "PATCH",
            "/staff/rivera",
            {"away": [{"from": "2027-05-03", "to": "2099-05-04"}]},
            "away[0].to",
        ),
        (
            "PATCH",
            "/relatives/jordan-father",
            {"ready": True, "reason": "asked for", "ready_until": "2027-02-24"},
            "ready_until",
        ),
    ],
)
def test_day_that_lies_too_far_away_is_refused_at_its_place(
    desk: Program, method: str, path: str, body: dict[str, Any], place: str
) -> None:
    paper = {
        "patient": "jordan",
        "person": "jordan-mother",
        "purposes": ["progress_update"],
        "signed": "2027-02-20",
        "expires": "2027-12-01",
    }
    said = paper | body if method == "POST" else body

    answer = desk.call(method, path, said, If_Match="*")

    assert (answer.status_code, errors(answer)[0][0]) == (422, place)


def test_session_is_moved_cancelled_and_put_back(desk: Program) -> None:
    path = f"/sessions/{FAMILY}"
    moved = desk.patch(path, {"start": "2027-03-03T17:00"})
    late = desk.patch(path, {"minutes": 50}, If_Match='"old"')
    cancelled = desk.call("POST", f"{path}/cancel", {"reason": "ill"})
    back = desk.call("POST", f"{path}/put-back", {})

    assert moved.get_json()["moved_from"] == "2027-03-02T17:00"
    assert late.status_code == 412
    assert cancelled.get_json()["cancelled_by"] == "desk"
    assert back.get_json()["status"] == "scheduled"
    assert back.get_json()["family"] == ["jordan-mother"]
    assert letters_to("jordan-father") == []


def test_move_that_breaks_a_rule_is_409(desk: Program) -> None:
    answer = desk.patch(f"/sessions/{FAMILY}", {"start": "2027-03-03T03:00"})

    assert answer.status_code == 409
    assert "rule" in answer.get_json(force=True)["detail"]
    assert desk.get(f"/sessions/{FAMILY}").get_json()["moved_from"] is None


def test_plan_is_asked_for_looked_at_and_published(new_house: Flask) -> None:
    desk = program(new_house, "desk")
    asked = desk.call("POST", "/cohorts/evening/plan", {"seconds": 0.5})
    assert asked.status_code == 202
    job = asked.headers["Location"].removeprefix("/api/v1")
    for _ in range(200):
        state = desk.get(job).get_json()
        if state["state"] != "running":
            break
        time.sleep(0.1)

    proposal = desk.get("/cohorts/evening/proposal").get_json()["id"]
    dry = desk.call("POST", "/cohorts/evening/publish?dry_run=true", {}).get_json()
    other = desk.call("POST", "/cohorts/evening/publish", {"proposal": "0" * 32})
    done = desk.call("POST", "/cohorts/evening/publish", {"proposal": proposal}).get_json()

    assert (state["state"], state["unplaced"], state["proposal"]) == ("done", 0, proposal)
    assert other.status_code == 409
    assert dry | {"dry_run": False} == done
    assert [row["person"] for row in done["not_told"]] == ["jordan-father"]
    assert {row["person"] for row in done["letters"]} == {"jordan-mother"}
    assert len(desk.get("/sessions?cohort=evening").get_json()["items"]) == len(done["new"])


def test_who_came_is_written_down_whole_or_not_at_all(desk: Program, clock: Watch) -> None:
    clock.moment = NOW.replace(month=3, day=2)
    good = {"person": "jordan", "state": "late", "minutes": 45}
    bad = {"person": "jordan-father", "state": "present"}

    refused = desk.call("POST", "/attendance", {"session": GROUP, "marks": [good, bad]})
    kept = db.session.scalars(select(AttendanceMark)).all()
    taken = desk.call("POST", "/attendance", {"session": GROUP, "marks": [good]})

    assert errors(refused) == [("marks[1]", "does not sit in this session")]
    assert kept == []
    people = {row["person"]: row for row in taken.get_json()["people"]}
    assert (people["jordan"]["state"], people["jordan"]["minutes"]) == ("late", 45)
    assert people["noemie"]["state"] is None
    assert desk.get(f"/attendance?session={GROUP}").get_json() == taken.get_json()


def test_program_of_a_coordinator_reads_that_there_is_a_note_and_writes_none(
    desk: Program, rivera: Program, clock: Watch
) -> None:
    clock.moment = NOW.replace(month=3, day=2)
    said = {"person": "jordan", "state": "present"}
    noted = said | {"note": "slept badly"}
    rivera.call("POST", "/attendance", {"session": GROUP, "marks": [noted]})

    refused = desk.call("POST", "/attendance", {"session": GROUP, "marks": [noted]})
    late = said | {"state": "late", "minutes": 45}
    corrected = desk.call("POST", "/attendance", {"session": GROUP, "marks": [late]})

    assert refused.status_code == 403
    assert _note(corrected) == (None, True)
    assert _note(rivera.get(f"/attendance?session={GROUP}")) == ("slept badly", True)


def _note(answer: TestResponse) -> tuple[str | None, bool]:
    people = {row["person"]: row for row in answer.get_json()["people"]}
    return people["jordan"]["note"], people["jordan"]["noted"]


def test_discharge_ends_a_stay(desk: Program) -> None:
    answer = desk.patch("/enrolments/jordan", {"to": "2027-03-05"})

    assert answer.get_json()["current"]["to"] == "2027-03-05"
    statuses = {
        row["key"]: row["status"]
        for row in desk.get("/sessions?patient=jordan&from=2027-03-08").get_json()["items"]
    }
    assert statuses["evening.fam.jordan.w2"] == "cancelled"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/staff/rivera", {"buffer": 15}),
        ("/staff/rivera", {"roles_for_a_time": [LENT]}),
        ("/programs/adult", {"name": "Adult evening IOP"}),
        ("/cohorts/evening", {"zone": "America/Chicago"}),
    ],
)
def test_record_of_the_house_is_changed(
    new_house: Flask, path: str, change: dict[str, Any]
) -> None:
    desk = program(new_house, "desk")
    before = desk.get(path).get_json()

    answer = desk.patch(path, change)
    odd = desk.patch(path, {"colour": "red"})

    assert answer.get_json() == before | change
    assert errors(odd) == [("colour", "is no field here")]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/staff/rivera", {"buffer": 15}),
        ("/programs/adult", {"name": "Adult evening IOP"}),
        ("/cohorts/evening", {"zone": "America/Chicago"}),
    ],
)
def test_change_of_the_house_is_rehearsed(
    new_house: Flask, path: str, change: dict[str, Any]
) -> None:
    desk = program(new_house, "desk")
    before = desk.get(path).get_json()

    answer = desk.call("PATCH", f"{path}?dry_run=true", change, If_Match="*")

    assert answer.get_json() == {"dry_run": True, "letters": [], "result": before | change}
    assert desk.get(path).get_json() == before


def test_every_write_can_be_rehearsed_but_the_question_for_a_plan() -> None:
    told = {route.name for route in BOOK.routes if "dry_run" in questions_of(route)}

    assert {route.name for route in BOOK.routes if route.writes} - told == {"plan_cohort"}


def test_role_for_a_time_is_taken_away_and_one_they_have_is_refused(new_house: Flask) -> None:
    desk = program(new_house, "desk")
    desk.patch("/staff/rivera", {"roles_for_a_time": [LENT]})

    taken = desk.patch("/staff/rivera", {"roles_for_a_time": None})
    own = desk.patch("/staff/rivera", {"roles_for_a_time": [LENT | {"role": "clinician"}]})

    assert "roles_for_a_time" not in taken.get_json()
    assert errors(own) == [("roles_for_a_time", "rivera is clinician without an end")]
    assert "roles_for_a_time" not in desk.get("/staff/rivera").get_json()


def test_record_of_the_house_is_added_once(desk: Program) -> None:
    evening = desk.get("/cohorts/evening").get_json()
    spring = evening | {"key": "spring", "starts": "2027-04-05"}

    added = desk.call("POST", "/cohorts", spring)
    taken = desk.call("POST", "/cohorts", spring | {"starts": "2027-04-12"})

    assert (added.status_code, added.get_json()) == (201, spring)
    assert (taken.status_code, errors(taken)[0][0]) == (422, "key")


def test_name_that_gives_the_practice_away_is_refused(desk: Program) -> None:
    answer = desk.patch("/programs/adult", {"outward_title": "Therapy"})

    assert (answer.status_code, errors(answer)[0][0]) == (422, "outward_title")


def test_letters_are_listed_without_their_words(desk: Program) -> None:
    items = desk.get("/letters").get_json()["items"]

    where = {"id", "kind", "recipient", "channel", "address", "state", "written_at", "due_at"}
    assert {frozenset(row) for row in items} == {
        frozenset(where | {"sent_at", "tries", "may_have_arrived_twice", "why"})
    }
    assert [(row["kind"], row["recipient"]) for row in items] == [
        ("invitation", "jordan-mother")
    ] * 2


def test_record_is_read_page_by_page(house: Flask) -> None:
    from scheduler.people.models import Role

    account = person_by_key("rivera").clinician
    assert account is not None
    account.roles = (Role.AUDITOR,)
    db.session.commit()
    auditor = program(house, "rivera")
    numbers = []
    cursor = ""
    for _ in range(3):
        page = auditor.get(f"/audit?limit=2{cursor}").get_json()
        numbers += [row["number"] for row in page["items"]]
        cursor = f"&cursor={page['next']}"

    assert numbers == sorted(set(numbers), reverse=True)
    assert db.session.scalars(select(AuditEntry.number)).all()
