"""What is read from outside is changed at the desk: whom it goes to is shown first."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.clinics import house_record
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from tests.web.house import NOW, sign_in_staff
from tests.web.races.shown_forms import read_page
from visitor import say_yes, send, words
from watch import Watch

PRACTICE = {
    "name": "Harbor Light Vennaquist",
    "outward_name": "HL Scheduling",
    "outward_email": "times@hl-sched.example",
    "zone": "America/New_York",
    "state": "MA",
    "part2": "yes",
}


@pytest.fixture
def desk(house: Flask, client: FlaskClient, watch: Watch) -> FlaskClient:
    """An administrator of a practice whose mother is invited; the father has no consent."""
    watch.moment = later()
    sign_in_staff(client)
    return client


def later() -> datetime:
    return NOW + timedelta(hours=1)


def outward_address() -> str:
    db.session.rollback()
    return str(house_record("practice", "")["outward_email"])


def told() -> set[str]:
    """The addresses of letters that say something new."""
    db.session.rollback()
    new = select(Letter.address).where(Letter.created_at >= later())
    return set(db.session.scalars(new))


def test_new_outward_address_is_shown_with_its_letters_before_it_is_kept(desk: FlaskClient) -> None:
    shown = words(send(desk, "/desk/practice", PRACTICE))

    assert "What is read from outside: who is told" in shown
    assert "Keep it and tell 1 person" in shown
    assert "Dana Lee" in shown
    assert "Miguel" not in shown
    assert (outward_address(), told()) == ("calendar@hl-sched.example", set())


def test_new_outward_address_is_kept_and_told_once_it_was_seen(desk: FlaskClient) -> None:
    answer = send(desk, "/desk/practice", PRACTICE)
    kept = say_yes(desk, answer, "/desk/practice", PRACTICE)

    assert kept.status_code == 303
    assert (outward_address(), told()) == ("times@hl-sched.example", {"dana@family.example"})


def test_what_was_typed_comes_back_to_whoever_thinks_again(desk: FlaskClient) -> None:
    answer = send(desk, "/desk/practice", PRACTICE | {"change": "1"})

    assert 'value="times@hl-sched.example"' in answer.text
    assert outward_address() == "calendar@hl-sched.example"


def test_what_nobody_outside_reads_is_kept_at_once(desk: FlaskClient) -> None:
    inner = PRACTICE | {"name": "Harbor Light", "outward_email": "calendar@hl-sched.example"}

    assert send(desk, "/desk/practice", inner).status_code == 303
    assert told() == set()


def test_new_title_of_a_program_is_shown_and_told(desk: FlaskClient) -> None:
    page = "/desk/programs/adult/setup"
    said = as_shown(desk, page) | {"outward_title": "Meeting"}
    answer = send(desk, page, said)
    before = told()
    kept = say_yes(desk, answer, page, said)

    assert "Keep it and tell 1 person" in words(answer)
    assert (before, kept.status_code, told()) == (set(), 303, {"dana@family.example"})


def as_shown(client: FlaskClient, page: str) -> dict[str, Any]:
    """Return what the form of a page says as it is shown."""
    (form,) = [form for form in read_page(client, page).forms if form.action == page]
    said: dict[str, Any] = {}
    for control in form.controls:
        if control.kind not in ("checkbox", "radio") or control.is_checked:
            said.setdefault(control.name, []).append(control.value)
    return said
