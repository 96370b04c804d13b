"""Passkeys: one site's, one person's, verified, a challenge once, a count that never goes back."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import deactivate
from scheduler.people.models import Person
from scheduler.people.proofs.challenge import Site, new_challenge
from scheduler.people.proofs.passkeys import (
    COUNT_WENT_BACK,
    REPLAYED,
    Door,
    add_passkey,
    end_passkeys,
    passkeys_of,
    use_passkey,
)
from scheduler.people.proofs.verify_passkey import PasskeyRefused
from tests.people.proofs.authenticator import PRESENT, OlderTelephone, Telephone

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
SITE = Site("hl-sched.example", "https://hl-sched.example")
KEY = b"k" * 32
DOOR = Door(SITE, KEY, "sign in here")
ADDING = Door(SITE, KEY, "add here")


def asked(door: Door = DOOR, *, at: datetime = NOW) -> bytes:
    return new_challenge(door.key, about=door.about, now=at)


def telephone(person: Person) -> Telephone:
    return Telephone(SITE.host, SITE.origin, person.id)


def added(person: Person, phone: Telephone | None = None) -> Telephone:
    """Let a telephone's passkey stand for a person."""
    kept = phone or telephone(person)
    add_passkey(person, kept.make(asked(ADDING)), "My phone", ADDING, now=NOW)
    return kept


def refusal(document: str, *, at: datetime = NOW) -> str:
    with pytest.raises(PasskeyRefused) as refused:
        use_passkey(document, DOOR, now=at)
    return str(refused.value)


@pytest.fixture
def stage(app: Flask) -> Cast:
    return assemble()


def deeds(stage: Cast) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [(row.deed, row.about) for row in rows if "passkey" in row.deed]


def test_passkey_signs_in_whose_it_is_and_its_use_is_noted(stage: Cast) -> None:
    phone = added(stage.jordan)
    later = NOW + timedelta(days=3)

    assert use_passkey(phone.answer(asked(at=later)), DOOR, now=later) == stage.jordan
    (row,) = passkeys_of(stage.jordan)
    db.session.refresh(row)
    assert (row.name, row.uses, row.used_at) == ("My phone", 1, later)


def test_two_passkeys_of_two_people_are_told_apart(stage: Cast) -> None:
    phones = [(person, added(person)) for person in (stage.jordan, stage.dana, stage.rivera)]

    found = [use_passkey(phone.answer(asked()), DOOR, now=NOW) for _, phone in phones]
    assert found == [person for person, _ in phones]


def test_answer_given_once_proves_nothing_again(stage: Cast) -> None:
    phone = added(stage.jordan)
    answer = phone.answer(asked())
    use_passkey(answer, DOOR, now=NOW)

    assert refusal(answer) == REPLAYED


def test_replay_is_refused_of_a_device_that_counts_nothing(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.uses = -1
    answer = phone.answer(asked())
    assert use_passkey(answer, DOOR, now=NOW) == stage.jordan

    assert refusal(answer) == REPLAYED


@pytest.mark.parametrize(
    ("challenge", "at"),
    [
        (asked(), NOW + timedelta(minutes=10)),
        (asked(ADDING), NOW),
        (new_challenge(b"x" * 32, about=DOOR.about, now=NOW), NOW),
        (b"", NOW),
    ],
    ids=["too old", "for another purpose or browser", "not ours", "none"],
)
def test_challenge_must_be_ours_fresh_and_for_this_purpose(
    stage: Cast, challenge: bytes, at: datetime
) -> None:
    phone = added(stage.jordan)

    said = refusal(phone.answer(challenge), at=at)
    assert said == "its challenge is not ours, not for this browser, or too old"


def test_passkey_of_another_origin_is_refused(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.origin = "https://hl-sched.example.evil.example"

    assert refusal(phone.answer(asked())).startswith("Unexpected client data origin")


def test_passkey_of_another_site_is_refused(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.host = "evil.example"

    assert refusal(phone.answer(asked())) == "Unexpected RP ID hash"


def test_passkey_asked_for_inside_another_site_is_refused(stage: Cast) -> None:
    phone = added(stage.jordan)
    answer = phone.answer(asked(), crossOrigin=True)

    assert refusal(answer) == "it was asked for inside another site"


def test_device_that_did_not_verify_its_owner_is_refused(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.flags = PRESENT

    assert "user was not verified" in refusal(phone.answer(asked()))


def test_device_that_does_not_verify_its_owner_cannot_be_added(stage: Cast) -> None:
    phone = telephone(stage.jordan)
    phone.flags = PRESENT

    with pytest.raises(PasskeyRefused, match="user was not verified"):
        added(stage.jordan, phone)
    assert passkeys_of(stage.jordan) == []


def test_passkey_that_signs_by_a_disallowed_algorithm_cannot_be_added(stage: Cast) -> None:
    phone = OlderTelephone(SITE.host, SITE.origin, stage.jordan.id)

    with pytest.raises(PasskeyRefused, match="-257"):
        added(stage.jordan, phone)
    assert passkeys_of(stage.jordan) == []


def test_count_of_uses_that_goes_back_is_refused(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.uses = 7
    use_passkey(phone.answer(asked()), DOOR, now=NOW)
    said = []
    for count in (7, 6, -1):
        phone.uses = count
        said.append(refusal(phone.answer(asked())))

    assert said == [COUNT_WENT_BACK] * 3


def test_signature_of_another_key_is_refused(stage: Cast) -> None:
    phone, forger = added(stage.jordan), telephone(stage.jordan)
    forger.name = phone.name

    assert refusal(forger.answer(asked())) == "Could not verify authentication signature"


def test_passkey_nobody_has_and_what_is_none_are_refused(stage: Cast) -> None:
    stranger = telephone(stage.jordan)
    assert refusal(stranger.answer(asked())) == "nobody here has it"
    for document in ("", "{}", "[" * 20_000, '{"id": 1, "response": {}}', json.dumps("x" * 40_000)):
        assert refusal(document) in {
            "nothing was handed over",
            "what was handed over is no passkey",
        }


def test_passkey_with_another_owner_in_it_is_refused(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.user = stage.dana.id

    assert refusal(phone.answer(asked())) == "the device takes its owner for somebody else"


def test_refusal_says_whose_it_is_for_the_record(stage: Cast) -> None:
    phone = added(stage.jordan)
    phone.flags = PRESENT

    with pytest.raises(PasskeyRefused) as refused:
        use_passkey(phone.answer(asked()), DOOR, now=NOW)
    assert refused.value.person_id == stage.jordan.id


def test_ended_passkey_proves_nothing_and_both_stand_in_the_record(stage: Cast) -> None:
    phone = added(stage.jordan)
    (row,) = passkeys_of(stage.jordan)
    assert end_passkeys(stage.dana, [row.id], by="dana", now=NOW) == 0
    assert end_passkeys(stage.jordan, [row.id], by="jordan", now=NOW) == 1

    assert refusal(phone.answer(asked())) == "it was ended"
    about = f"person {stage.jordan.id}"
    assert deeds(stage) == [("people.passkey", about), ("people.passkey_ended", about)]


def test_passkeys_of_a_shut_account_do_nothing(stage: Cast) -> None:
    phone = added(stage.rivera)
    deactivate(stage.rivera, by="sam", now=NOW)
    assert passkeys_of(stage.rivera) == []

    assert refusal(phone.answer(asked())) in {"it was ended", "the account is shut"}


def test_account_that_was_shut_in_rows_alone_is_shut_to_its_passkeys(stage: Cast) -> None:
    phone = added(stage.rivera)
    assert stage.rivera.clinician is not None
    stage.rivera.clinician.ended_at = NOW

    assert refusal(phone.answer(asked())) == "the account is shut"


def test_passkey_is_added_once_and_with_a_name(stage: Cast) -> None:
    phone = added(stage.jordan)
    with pytest.raises(PasskeyRefused, match="known here already"):
        added(stage.dana, phone)
    with pytest.raises(InputError, match="name"):
        add_passkey(stage.dana, phone.make(asked(ADDING)), " ", ADDING, now=NOW)

    assert passkeys_of(stage.dana) == []


def test_eleventh_passkey_is_refused(stage: Cast) -> None:
    for _ in range(10):
        added(stage.jordan)

    with pytest.raises(InputError, match="10 already"):
        added(stage.jordan)
