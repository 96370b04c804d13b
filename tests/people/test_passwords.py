"""Staff passwords: long ones only, hashed, and a change signs out every browser."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from flask import Flask

from cast import assemble
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Busy, begin_sign_in, is_right, set_password, signed_in
from scheduler.people.passwords import _turn

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
PASSWORD = "nineteen quiet herons"


def test_right_password_is_right_and_another_is_not(app: Flask) -> None:
    sam = assemble().sam
    set_password(sam, PASSWORD, by="command", now=NOW)
    assert sam.clinician is not None
    known = sam.clinician.password_hash

    assert (is_right(known, PASSWORD), is_right(known, PASSWORD + "s")) == (True, False)


def test_stored_form_is_argon2id_and_holds_no_word_of_it(app: Flask) -> None:
    sam = assemble().sam
    set_password(sam, PASSWORD, by="command", now=NOW)

    assert sam.clinician is not None
    known = str(sam.clinician.password_hash)
    costs = "$argon2id$v=19$m=19456,t=2,p=1$"
    assert (known.startswith(costs), "heron" in known) == (True, False)


@pytest.mark.parametrize("known", [None, "", "not a hash"])
def test_account_without_a_sound_password_never_fits(known: str | None) -> None:
    assert is_right(known, "nobody signs in with this") is False


@pytest.mark.parametrize("said", ["eleven sign", "x" * 129, "ab" * 10, "sam-nineteen quiet herons"])
def test_weak_password_is_refused(app: Flask, said: str) -> None:
    sam = assemble().sam

    with pytest.raises(InputError):
        set_password(sam, said, by="command", now=NOW)

    assert sam.clinician is not None
    assert sam.clinician.password_hash is None


@pytest.mark.parametrize(
    "said",
    ["river of Kinfold", "Harbor-Light in summer", "hl scheduling, spring", "Auditors' tea 12"],
)
def test_word_that_a_guesser_tries_first_here_is_refused(app: Flask, said: str) -> None:
    sam = assemble().sam

    with pytest.raises(InputError, match="the practice's name"):
        set_password(sam, said, by="command", now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        "allsmallletters",
        "ONLYCAPITALSHERE",
        "739104628851",
        "!?.,;:-_#+*~=",
        "Zwölf Reiher am See 🙂",
    ],
)
def test_password_may_be_of_any_characters(app: Flask, said: str) -> None:
    sam = assemble().sam
    set_password(sam, said, by="command", now=NOW)

    assert sam.clinician is not None
    assert is_right(sam.clinician.password_hash, said)


def test_password_of_128_characters_is_compared_whole(app: Flask) -> None:
    sam, said = assemble().sam, "Nineteen quiet herons wade. " * 4 + "Sixteen of them."
    set_password(sam, said, by="command", now=NOW)
    assert sam.clinician is not None
    known = sam.clinician.password_hash

    assert len(said) == 128
    tries = [is_right(known, tried) for tried in (said, f"{said}x", said.lower(), said[:-1])]
    assert tries == [True, False, False, False]


def test_patients_and_relatives_get_no_password(app: Flask) -> None:
    stage = assemble()

    for person in (stage.jordan, stage.dana, stage.miguel):
        with pytest.raises(InputError):
            set_password(person, PASSWORD, by="command", now=NOW)


def test_new_password_signs_out_every_browser(app: Flask) -> None:
    sam = assemble().sam
    secret = begin_sign_in(sam, now=NOW)

    set_password(sam, PASSWORD, by="command", now=NOW)
    db.session.expire_all()

    assert signed_in(secret, now=NOW) is None


def test_third_hash_at_once_is_turned_away() -> None:
    inside, done = [Event(), Event()], Event()

    def hold(entered: Event) -> None:
        with _turn():
            entered.set()
            done.wait()

    threads = [Thread(target=hold, args=(one,)) for one in inside]
    for thread in threads:
        thread.start()
    try:
        for one in inside:
            one.wait()
        with pytest.raises(Busy):
            is_right(None, PASSWORD)
        assert is_right(None, PASSWORD, own=True) is False  # who is known has a way of their own
    finally:
        done.set()
        for thread in threads:
            thread.join()
