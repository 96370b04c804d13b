"""A clinic set up from its pages alone, and every field of the file that its pages ask."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.clinics import (
    clinic_schema,
    dump,
    export,
    house_record,
    load,
    read,
)
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Role
from scheduler.web.desk.clinic import setup_fields
from scheduler.web.desk.clinic.setup_fields import Ask
from tests.web.house import found
from visitor import send, sign_in, words

ROOM = {"key": "room-a", "url": "https://video.example/a", "shared": "yes"}
RIVERA = {
    "name": "Ana Rivera",
    "email": "rivera@hl.example",
    "roles": "clinician",
    "hours[0].days": "mon",
    "hours[0].from": "09:00",
    "hours[0].to": "21:00",
    "licences[0].state": "MA",
    "licences[0].until": "2029-06-30",
}
PROGRAM = {
    "key": "evening",
    "name": "Adult evening IOP",
    "outward_title": "Appointment",
    "weeks": "2",
    "groups[0].key": "process",
    "groups[0].kind": "group",
    "groups[0].title": "Process group",
    "groups[0].days": "mon",
    "groups[0].at": "18:00",
    "groups[0].minutes": "90",
    "groups[0].weeks": "1",
    "groups[0].weeks[1]": "2",
    "groups[0].topics": "Triggers\n\nSleep",
    "appointments[0].key": "one",
    "appointments[0].kind": "individual",
    "appointments[0].minutes": "50",
    "appointments[0].in_weeks": "1, 2",
    "rules.week_hours": "1",
    "rules.week_hours[1]": "19",
    "rules.day_hours_max": "4",
}
COHORT = {"key": "first", "program": "evening", "starts": "2027-03-01", "leads.process": "rivera"}


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """An administrator of a practice that was just made, signed in."""
    sign_in(client, found())
    return client


def set_up(desk: FlaskClient) -> list[int]:
    """Send staff, room, program and cohort; return what each was answered."""
    answers = []
    for kind, said in (
        ("staff", RIVERA),
        ("rooms", ROOM),
        ("programs", PROGRAM),
        ("cohorts", COHORT),
    ):
        page = f"/desk/{kind}/new?program=evening"
        answers.append(send(desk, f"/desk/{kind}/new", said, page=page).status_code)
    return answers


def test_clinic_set_up_on_pages_is_what_a_file_would_say(desk: FlaskClient) -> None:
    answers = set_up(desk)
    written = dump(export())

    again = load(read(written.encode()), by="command", now=now())
    assert (answers, again.lines()) == ([303] * 4, [])
    assert house_record("cohorts", "first") == {
        "key": "first",
        "program": "evening",
        "starts": "2027-03-01",
        "leads": {"process": "rivera"},
    }
    assert house_record("programs", "evening")["groups"][0]["topics"] == ["Triggers", "Sleep"]
    assert person_by_key("rivera").name == "Ana Rivera"


def test_same_form_sent_twice_adds_one_colleague(desk: FlaskClient) -> None:
    before = len(export()["clinicians"])
    send(desk, "/desk/staff/new", RIVERA)
    send(desk, "/desk/staff/new", RIVERA)

    assert len(export()["clinicians"]) == before + 1


def test_wrong_hour_is_named_and_what_was_typed_is_kept(desk: FlaskClient) -> None:
    wrong = RIVERA | {"hours[0].to": "late"}
    answer = send(desk, "/desk/staff/new", wrong)

    assert answer.status_code == 422
    assert 'href="#hours[0].to"' in answer.text
    assert 'value="late"' in answer.text
    assert [person["key"] for person in export()["clinicians"]] == ["ortiz"]


def test_colleague_is_not_kept_without_a_role(desk: FlaskClient) -> None:
    said = {name: value for name, value in RIVERA.items() if name != "roles"}
    answer = send(desk, "/desk/staff/new", said)

    assert answer.status_code == 422
    assert 'href="#roles">Choose at least one role' in answer.text
    assert [person["key"] for person in export()["clinicians"]] == ["ortiz"]


def test_auditor_stays_one_on_a_colleagues_page(desk: FlaskClient) -> None:
    """Every role there is can be ticked, so that none is lost by keeping the rest."""
    assert set(setup_fields.ROLES) == set(Role)
    send(desk, "/desk/staff/new", RIVERA | {"roles": "auditor"})

    assert person_by_key("rivera").clinician.roles == (Role.AUDITOR,)


def test_last_administrator_stays_one_on_a_colleagues_page(desk: FlaskClient) -> None:
    page = "/desk/staff/ortiz/setup"
    answer = send(desk, page, RIVERA | {"name": "Sam Ortiz", "roles": "auditor"})

    assert answer.status_code == 422
    assert 'href="#roles"' in answer.text
    assert Role.ADMINISTRATOR in person_by_key("ortiz").clinician.roles


def test_second_of_two_editors_is_told_the_difference(desk: FlaskClient) -> None:
    send(desk, "/desk/staff/new", RIVERA)
    page = "/desk/staff/rivera/setup"
    seen = {"seen": desk.get(page).text.partition('name="seen" value="')[2].partition('"')[0]}
    seen["seen"] = seen["seen"].replace("&#34;", '"')
    send(desk, page, RIVERA | {"buffer": "20"})
    answer = send(desk, page, RIVERA | {"buffer": "30"} | seen)

    assert answer.status_code == 409
    assert "was changed meanwhile by Sam Ortiz and is now: 20" in words(answer)
    assert person_by_key("rivera").clinician.buffer == 20


def test_closed_days_are_kept_and_are_the_desks_word(desk: FlaskClient) -> None:
    written = dump(export())
    day = {"closures[0].from": "2027-03-15", "closures[0].to": "2027-03-15"}
    send(desk, "/desk/closures", day | {"holidays": "closed"})
    changes = load(read(written.encode()), by="command", now=now())

    assert export()["practice"]["closures"] == [{"on": date(2027, 3, 15)}]
    assert [change.what for change in changes.kept] == ["closures"]


def test_holidays_of_the_state_stand_among_the_closed_days(desk: FlaskClient) -> None:
    day = {"closures[0].from": f"{now().year}-12-24", "closures[0].to": f"{now().year}-12-24"}
    send(desk, "/desk/closures", day | {"closures[0].note": "staff day", "holidays": "closed"})
    shown = words(desk.get("/desk/closures"))

    closed = shown.partition(f"Closed in {now().year}")[2].partition("Closed in")[0]
    assert "24 December: staff day" in closed
    assert "25 December: Christmas Day" in closed


def test_coordinator_may_not_change_a_colleague(desk: FlaskClient) -> None:
    send(desk, "/desk/staff/new", RIVERA | {"roles": "coordinator"})
    sign_in(desk, person_by_key("rivera"))

    assert desk.get("/desk/staff/ortiz/setup").status_code == 403


@pytest.mark.parametrize(
    ("section", "asks"),
    [
        ("practice", (*setup_fields.PRACTICE, setup_fields.HOLIDAYS, setup_fields.CLOSURES)),
        ("clinicians", (setup_fields.KEY, *setup_fields.STAFF)),
        ("video_rooms", (setup_fields.KEY, *setup_fields.ROOM)),
        ("programs", (setup_fields.KEY, *setup_fields.PROGRAM)),
        ("cohorts", (setup_fields.KEY, *setup_fields.COHORT)),
    ],
)
def test_every_field_of_the_file_has_its_place_on_a_page(
    section: str, asks: tuple[Ask, ...]
) -> None:
    assert of_schema(clinic_schema()["properties"][section]) - of_asks(asks) == set()


def of_schema(schema: dict[str, Any], at: str = "") -> set[str]:
    """Return the paths of all fields, without the `on` that pages ask as two days."""
    found: set[str] = set()
    for choice in schema.get("oneOf", []):
        found |= of_schema(choice, at)
    if "items" in schema:
        found |= of_schema(schema["items"], at)
    for name, inner in schema.get("properties", {}).items():
        if name != "on":
            found |= {f"{at}{name}"} | of_schema(inner, f"{at}{name}.")
    return found


def of_asks(asks: tuple[Ask, ...], at: str = "") -> set[str]:
    found: set[str] = set()
    for ask in asks:
        found |= {f"{at}{ask.name}"} | of_asks(ask.inner, f"{at}{ask.name}.")
    return found


def test_field_the_form_does_not_have_changes_nothing(desk: FlaskClient) -> None:
    set_up(desk)
    sneaked = {"password_hash": "x", "ended_at": "2020-01-01", "id": "1", "kind": "patient"}
    page = "/desk/staff/rivera/setup"
    before = person_by_key("rivera")
    kept = (before.id, before.kind)

    answer = send(desk, page, RIVERA | {"name": "Ana R."} | sneaked, page=page)
    db.session.expire_all()
    after = person_by_key("rivera")
    assert after.clinician is not None
    assert answer.status_code in {303, 422}
    assert (after.id, after.kind) == kept
    assert (after.clinician.password_hash, after.clinician.ended_at) == (None, None)


def test_zone_is_chosen_from_the_zones_there_are(desk: FlaskClient) -> None:
    page = desk.get("/desk/practice").text

    assert 'list="zones"' in page
    assert '<option value="America/New_York">' in page
