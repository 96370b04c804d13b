"""Signing in with a passkey at the door, and one's own list of them, by a telephone in software."""

import html
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.audit.models import AuditEntry
from scheduler.consents import revoke
from scheduler.kernel.database import db
from scheduler.outbox import letter_subject, letter_words
from scheduler.outbox.models import Letter
from scheduler.people import confirm_factor, deactivate, new_factor, note_wrong_code, person_by_key
from scheduler.people.models import Person
from scheduler.people.proofs.models import Passkey
from tests.people.proofs.authenticator import Telephone
from tests.web.house import NOW, PASSWORD, codes, csrf, post, sign_in_staff
from visitor import sign_in, words
from watch import Watch

HOST, ORIGIN = "hl-sched.example", "https://hl-sched.example"
STEP = "/passkey"
LISTS = {"desk": "/desk/passkeys", "jordan": "/devices/passkeys"}
ASKED = re.compile(r'data-options="([^"]+)"')


def asked(page: str) -> bytes:
    """The challenge of a page that asks for a passkey."""
    found = ASKED.search(page)
    assert found is not None
    challenge = json.loads(html.unescape(found[1]))["challenge"]
    return urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))


def own_client(house: Flask, key: str) -> FlaskClient:
    """A browser in which somebody has just proved who they are."""
    client = house.test_client()
    sign_in(client, person_by_key(key))
    return client


def added(client: FlaskClient, person: Person) -> Telephone:
    """Add a passkey on somebody's own page, as the page's form and script do."""
    page = LISTS.get(person.key, LISTS["jordan"])
    phone = Telephone(HOST, ORIGIN, person.id)
    if page == LISTS["desk"]:
        shown = post(client, f"{page}/new", page)
    else:
        shown = client.get(page)
    made = phone.make(asked(shown.text))
    answer = post(client, page, page, credential=made, name="My phone")
    assert (answer.status_code, answer.location) == (303, page)
    return phone


def show(client: FlaskClient, phone: Telephone) -> TestResponse:
    """Answer the page that asks for a passkey."""
    page = client.get(STEP).text
    return post(client, STEP, STEP, credential=phone.answer(asked(page)))


def failures() -> list[tuple[str, str]]:
    """Whose passkeys were refused, and why."""
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "sign_in.failed"))
    found = [(row.about, row.details["why"]) for row in rows if "why" in row.details]
    db.session.rollback()
    return found


@pytest.mark.parametrize(("key", "home"), [("desk", "/desk/"), ("jordan", "/mine/")])
def test_passkey_of_ones_own_signs_in_at_once(house: Flask, key: str, home: str) -> None:
    phone = added(own_client(house, key), person_by_key(key))
    client = house.test_client()
    answer = show(client, phone)

    assert (answer.status_code, answer.location) == (303, home)
    assert client.get(home).status_code == 200


@pytest.mark.parametrize("key", ["desk", "jordan", "jordan-mother"])
def test_owner_alone_is_told_of_a_new_passkey(house: Flask, key: str) -> None:
    person = person_by_key(key)
    added(own_client(house, key), person)

    (letter,) = db.session.scalars(select(Letter).where(Letter.kind == "passkey"))
    said = letter_words(letter).splitlines()
    assert (letter.address, letter_subject(letter)) == (person.email, "A new way to sign in")
    assert said[0].startswith("A passkey was added that signs in as you. If it was you, you need")


def test_passkey_of_staff_is_both_factors_and_password_alone_is_none(house: Flask) -> None:
    desk = person_by_key("desk")
    phone = added(own_client(house, "desk"), desk)
    client = house.test_client()
    assert sign_in_staff(client, PASSWORD).location == "/second-step"
    assert client.get("/desk/").status_code == 303
    assert "Your second factor is a passkey" in words(client.get("/second-step"))

    assert show(client, phone).location == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_who_has_telephone_and_passkey_is_offered_either(house: Flask) -> None:
    desk = person_by_key("desk")
    code = pyotp.TOTP(new_factor(desk, now=NOW).secret).at(NOW)
    confirm_factor(desk, code, now=NOW)
    added(own_client(house, "desk"), desk)
    client = house.test_client()
    sign_in_staff(client)
    said = words(client.get("/second-step"))

    assert ("Six digits of your authenticator" in said, "Use my passkey" in said) == (True, True)


def test_answer_is_taken_in_the_browser_that_was_asked_alone(house: Flask) -> None:
    phone = added(own_client(house, "jordan"), person_by_key("jordan"))
    asked_one, thief = house.test_client(), house.test_client()
    answer = phone.answer(asked(asked_one.get(STEP).text))

    refused = post(thief, STEP, STEP, credential=answer)
    assert (refused.status_code, thief.get("/mine/").status_code) == (422, 303)


def test_answer_sent_again_signs_nobody_in_and_stands_in_the_record(house: Flask) -> None:
    jordan = person_by_key("jordan")
    phone = added(own_client(house, "jordan"), jordan)
    client = house.test_client()
    page = client.get(STEP).text
    form = {"credential": phone.answer(asked(page)), "csrf_token": csrf(client, STEP)}
    before = client.get_cookie("__Host-kinfold-form")
    assert before is not None
    assert client.post(STEP, data=form).status_code == 303
    thief = house.test_client()
    thief.set_cookie("__Host-kinfold-form", before.value)

    assert thief.post(STEP, data=form).status_code == 422
    about = f"person {jordan.id}"
    assert failures() == [(about, "its challenge was answered before")]


def test_passkey_of_another_origin_signs_nobody_in_and_stands_in_the_record(house: Flask) -> None:
    jordan = person_by_key("jordan")
    phone = added(own_client(house, "jordan"), jordan)
    phone.origin = "https://hl-sched.evil.example"
    refused = show(house.test_client(), phone)

    assert refused.status_code == 422
    assert "This passkey was not taken" in words(refused)
    ((about, why),) = failures()
    assert (about, why.partition(' "')[0]) == (
        f"person {jordan.id}",
        "Unexpected client data origin",
    )


def test_count_that_went_back_stands_in_the_record(house: Flask) -> None:
    jordan = person_by_key("jordan")
    phone = added(own_client(house, "jordan"), jordan)
    phone.uses = 5
    show(house.test_client(), phone)
    phone.uses = 2

    assert show(house.test_client(), phone).status_code == 422
    why = "its count of uses went back: there may be a copy of it"
    assert failures() == [(f"person {jordan.id}", why)]


def test_passkey_of_a_shut_account_does_nothing(house: Flask) -> None:
    rivera = person_by_key("rivera")
    client = own_client(house, "rivera")
    page = LISTS["desk"]
    phone = Telephone(HOST, ORIGIN, rivera.id)
    made = phone.make(asked(post(client, f"{page}/new", page).text))
    post(client, page, page, credential=made, name="My phone")
    deactivate(person_by_key("rivera"), by="desk", now=NOW)
    db.session.commit()
    other = house.test_client()

    assert show(other, phone).status_code == 422
    assert other.get("/desk/").status_code == 303


def test_relative_signs_in_by_passkey_only_while_something_is_shared(house: Flask) -> None:
    mother = person_by_key("jordan-mother")
    phone = added(own_client(house, "jordan-mother"), mother)
    assert show(house.test_client(), phone).location == "/family"
    revoke(person=mother, patient=person_by_key("jordan"), by="desk", now=NOW)
    db.session.commit()
    client = house.test_client()

    assert show(client, phone).status_code == 422
    assert client.get("/family").status_code == 303


def test_passkey_goes_on_when_codes_are_stopped(house: Flask) -> None:
    jordan = person_by_key("jordan")
    phone = added(own_client(house, "jordan"), jordan)
    for _ in range(100):
        note_wrong_code(person_by_key("jordan"), now=NOW)
    db.session.commit()

    assert show(house.test_client(), phone).location == "/mine/"


def test_strangers_wrong_passkeys_are_bounded_and_bind_no_right_one(house: Flask) -> None:
    phone = added(own_client(house, "jordan"), person_by_key("jordan"))
    stranger, owner = house.test_client(), house.test_client()
    tries = [post(stranger, STEP, STEP, credential="{}").status_code for _ in range(6)]

    assert tries == [422] * 5 + [429]
    assert show(owner, phone).location == "/mine/"


def test_page_says_plainly_how_to_sign_in_without(visitor: FlaskClient) -> None:
    said = words(visitor.get(STEP))
    unscripted = post(visitor, STEP, STEP, credential="")

    assert "with scripts on. Sign in with a code or password" in said
    assert "Try again, or sign in without it." in words(unscripted)


def test_staff_prove_anew_before_they_add_or_end_one(house: Flask, clock: Watch) -> None:
    client, page = own_client(house, "desk"), LISTS["desk"]
    added(client, person_by_key("desk"))
    clock.moment += timedelta(minutes=6)
    (row,) = db.session.scalars(select(Passkey.id))
    db.session.rollback()
    said = {"device": row}
    begun = post(client, f"{page}/new", page)
    ended = post(client, f"{page}/end", page, **said)

    assert (begun.status_code, ended.status_code) == (403, 403)
    assert "Is it still you?" in words(begun)
    proved = post(client, f"{page}/end", page, proof=PASSWORD, **said)
    assert proved.status_code == 303
    assert "You have none yet." in words(client.get(page))


def test_patient_lists_and_ends_their_own_alone(house: Flask, clock: Watch) -> None:
    page, jordan = LISTS["jordan"], own_client(house, "jordan")
    phone = added(jordan, person_by_key("jordan"))
    clock.moment += timedelta(days=2)
    show(house.test_client(), phone)
    jordan, other = own_client(house, "jordan"), own_client(house, "noemie")
    (row,) = db.session.scalars(select(Passkey.id))
    db.session.rollback()
    said = words(jordan.get(page))
    post(other, f"{page}/end", page, device=row)

    assert "My phone added on 25 February 2027 · used last on 27 February 2027" in said
    assert "My phone" in words(jordan.get(page))
    post(jordan, f"{page}/end", page, device=row)
    assert show(house.test_client(), phone).status_code == 422


def test_device_that_is_only_known_adds_no_passkey(house: Flask, clock: Watch) -> None:
    client = house.test_client()
    post(client, "/", address="jordan@patient.example", way="code")
    code = codes("jordan@patient.example")[-1]
    post(client, "/code", "/code", code=code, keep="yes")
    clock.moment += timedelta(hours=13)

    assert client.get("/mine/").status_code == 200
    assert client.get(LISTS["jordan"]).location == "/"


def test_address_without_passkeys_offers_none(house: Flask) -> None:
    client = house.test_client()
    house.config["KINFOLD"] = replace(house.config["KINFOLD"], base_url="https://192.0.2.1")

    assert "passkey" not in client.get("/").text
    assert client.get(STEP).location == "/"
