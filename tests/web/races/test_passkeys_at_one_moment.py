"""Two at one moment at the forms that want a telephone, or codes that strangers guessed at."""

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import note_wrong_code, person_by_key
from scheduler.people.proofs.models import Passkey
from tests.people.proofs.authenticator import Telephone
from tests.web.auth.proofs.test_passkey_step import LISTS, added, asked
from tests.web.house import NOW
from tests.web.races.test_where_no_walk_leads import (
    become_coordinator,
    codes_of,
    deeds_since,
    enter,
    form_of,
    form_on,
    race,
)
from tests.web.races.two_browsers import last_entry

BY_TELEPHONE = {
    "own_passkeys.add": "test_passkey_is_added_once_by_two_clicks",
    "own_passkeys.end": "test_passkey_is_ended_once_from_two_browsers",
    "staff_passkeys.add": "test_passkey_is_added_once_by_two_clicks",
    "staff_passkeys.end": "test_passkey_is_ended_once_from_two_browsers",
    "stopped_codes.let_open": "test_of_two_who_let_codes_open_one_is_told",
}
"""What is raced here, and by which test."""


@pytest.mark.parametrize("key", LISTS)
def test_passkey_is_added_once_by_two_clicks(house: Flask, key: str) -> None:
    page, (client, _other) = LISTS[key], enter(house, key, key)
    phone = Telephone("hl-sched.example", "https://hl-sched.example", person_by_key(key).id)
    if key == "desk":
        begun = form_on(client, page, f"{page}/new").filled(0, "")
        shown = client.post(f"{page}/new", data=begun)
    else:
        shown = client.get(page)
    form = form_of(shown, page)
    said = {"credential": [phone.make(asked(shown.text))], "name": ["My phone"]}

    assert codes_of(race((client, client), [form, form], said, said)) == [303, 303]
    assert len(db.session.scalars(select(Passkey)).all()) == 1


@pytest.mark.parametrize("key", LISTS)
def test_passkey_is_ended_once_from_two_browsers(house: Flask, key: str) -> None:
    page, clients = LISTS[key], enter(house, key, key)
    added(clients[0], person_by_key(key))
    forms = [form_on(client, page, f"{page}/end") for client in clients]
    since = last_entry()

    assert codes_of(race(clients, forms, {}, {})) == [303, 303]
    assert deeds_since(since) == [f"{key} people.passkey_ended"]


def test_of_two_who_let_codes_open_one_is_told(house: Flask) -> None:
    become_coordinator("rivera")
    for _ in range(100):
        note_wrong_code(person_by_key("jordan-mother"), now=NOW)
    db.session.commit()
    page, clients = "/desk/patients/jordan/codes/jordan-mother", enter(house, "desk", "rivera")
    forms = [form_on(client, page, page) for client in clients]
    since = last_entry()

    assert codes_of(race(clients, forms, {}, {})) == [303, 409]
    assert len([deed for deed in deeds_since(since) if "codes_let" in deed]) == 1


def test_every_form_raced_by_telephone_has_its_test() -> None:
    assert {name for name in BY_TELEPHONE.values() if name not in globals()} == set()
