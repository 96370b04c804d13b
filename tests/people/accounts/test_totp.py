"""The second factor: a code counts once, a clock may drift by a step, a recovery code once."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask

from cast import assemble
from scheduler.kernel.database import db
from scheduler.people import (
    confirm_factor,
    factor_of,
    has_second_factor,
    is_right_code,
    new_factor,
    passkeys_of,
)
from scheduler.people.accounts.totp import reset_factor
from scheduler.people.models import Person
from scheduler.people.proofs.models import Passkey

NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
FOUR = "[a-hj-kmnp-z2-9]{4}"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def rivera(app: Flask) -> Person:
    return assemble().rivera


def code_at(person: Person, moment: datetime) -> str:
    return pyotp.TOTP(new_factor(person, now=NOW).secret).at(moment)


def confirmed(person: Person) -> list[str]:
    made = confirm_factor(person, code_at(person, NOW), now=NOW)
    assert made is not None
    return made


def test_factor_counts_from_its_first_right_code_on(rivera: Person) -> None:
    assert confirm_factor(rivera, "000000", now=NOW) is None
    assert factor_of(rivera) is None
    assert len(confirmed(rivera)) == 8
    assert factor_of(rivera) is not None


@pytest.mark.parametrize(
    ("off", "is_taken"), [(0, True), (-30, True), (30, True), (-60, False), (60, False)]
)
def test_clock_of_a_telephone_may_be_a_step_off(
    rivera: Person, off: int, *, is_taken: bool
) -> None:
    confirmed(rivera)
    code = code_at(rivera, LATER + timedelta(seconds=off))

    assert is_right_code(rivera, code, now=LATER) is is_taken


def test_code_counts_once_nor_an_older_one_after_it(rivera: Person) -> None:
    confirmed(rivera)
    older, code = code_at(rivera, LATER - timedelta(seconds=30)), code_at(rivera, LATER)

    tries = [is_right_code(rivera, said, now=LATER) for said in (code, code, older)]
    assert tries == [True, False, False]


def test_recovery_code_counts_once(rivera: Person) -> None:
    first, *_ = confirmed(rivera)

    assert [is_right_code(rivera, first, now=LATER) for _ in range(2)] == [True, False]


def test_lost_factor_is_taken_away_with_its_recovery_codes(rivera: Person) -> None:
    first, *_ = confirmed(rivera)
    reset_factor(rivera, by="sam", now=LATER)

    assert factor_of(rivera) is None
    assert not is_right_code(rivera, first, now=LATER)


def test_passkeys_end_with_the_factor_that_was_lost(rivera: Person) -> None:
    row = Passkey(
        person_id=rivera.id,
        credential="a device",
        public_key=b"",
        host="hl-sched.example",
        name="My phone",
        made_at=NOW,
    )
    db.session.add(row)
    db.session.flush()
    assert has_second_factor(rivera)
    reset_factor(rivera, by="sam", now=LATER)

    assert (has_second_factor(rivera), passkeys_of(rivera)) == (False, [])


def test_recovery_code_is_too_long_to_be_found_from_its_hash(rivera: Person) -> None:
    made = confirmed(rivera)

    assert [code for code in made if not re.fullmatch(f"{FOUR}(-{FOUR}){{5}}", code)] == []
    assert len(set("".join(made)) - {"-"}) > 20
    assert is_right_code(rivera, made[1].upper().replace("-", " "), now=LATER)
