"""Signed-in browsers end when they are idle, when they are old, and when somebody says so."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import assemble
from scheduler.kernel.database import db
from scheduler.people import (
    begin_sign_in,
    end_all,
    end_everybody,
    end_others,
    end_sign_in,
    note_proof,
    seen,
    signed_in,
)
from scheduler.people.models import SignIn

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


def who(secret: str, at: datetime) -> str | None:
    found = signed_in(secret, now=at)
    return found[0].key if found else None


def test_secret_leads_to_the_person_who_signed_in(app: Flask) -> None:
    secret = begin_sign_in(assemble().jordan, now=NOW)

    assert who(secret, NOW + timedelta(minutes=29, seconds=59)) == "jordan"


def test_secret_nobody_was_given_leads_to_nobody(app: Flask) -> None:
    begin_sign_in(assemble().jordan, now=NOW)

    assert who("made up", NOW) is None


def test_secret_itself_is_never_stored(app: Flask) -> None:
    secret = begin_sign_in(assemble().jordan, now=NOW)

    (row,) = db.session.scalars(select(SignIn))
    assert secret not in {str(value) for value in vars(row).values()}


def test_browser_idle_for_half_an_hour_is_signed_out(app: Flask) -> None:
    secret = begin_sign_in(assemble().jordan, now=NOW)

    assert who(secret, NOW + timedelta(minutes=30)) is None


def test_being_seen_keeps_a_browser_signed_in(app: Flask) -> None:
    secret = begin_sign_in(assemble().jordan, now=NOW)
    later = NOW + timedelta(minutes=20)
    found = signed_in(secret, now=later)
    assert found is not None

    seen(found[1].id, now=later)

    assert who(secret, later + timedelta(minutes=29)) == "jordan"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(timedelta(hours=11, minutes=59), "jordan"), (timedelta(hours=12), None)],
)
def test_twelve_hours_end_it_however_busy(
    app: Flask, hours: timedelta, expected: str | None
) -> None:
    secret = begin_sign_in(assemble().jordan, now=NOW)
    (row,) = db.session.scalars(select(SignIn))

    seen(row.id, now=NOW + hours - timedelta(seconds=1))
    db.session.expire_all()

    assert who(secret, NOW + hours) == expected


def test_signing_out_ends_this_browser_and_no_other(app: Flask) -> None:
    stage = assemble()
    here, there = begin_sign_in(stage.jordan, now=NOW), begin_sign_in(stage.jordan, now=NOW)

    end_sign_in(here, now=NOW)
    end_sign_in(here, now=NOW + timedelta(minutes=1))
    db.session.expire_all()

    assert (who(here, NOW), who(there, NOW)) == (None, "jordan")


def test_ending_all_signs_out_one_person_everywhere(app: Flask) -> None:
    stage = assemble()
    here, there = begin_sign_in(stage.jordan, now=NOW), begin_sign_in(stage.jordan, now=NOW)
    other = begin_sign_in(stage.sam, now=NOW)

    end_all(stage.jordan, now=NOW)
    db.session.expire_all()

    assert (who(here, NOW), who(there, NOW), who(other, NOW)) == (None, None, "sam")


def test_proof_gives_another_secret_and_ends_the_one_before(app: Flask) -> None:
    secret = begin_sign_in(assemble().sam, now=NOW)
    fresh = note_proof(secret, now=NOW)

    assert (who(secret, NOW), who(fresh, NOW)) == (None, "sam")


def test_ending_the_others_leaves_this_browser(app: Flask) -> None:
    stage = assemble()
    here, there = [begin_sign_in(stage.sam, now=NOW) for _ in range(2)]
    another = begin_sign_in(stage.rivera, now=NOW)
    end_others(stage.sam, here, now=NOW)
    db.session.expire_all()

    assert [who(secret, NOW) for secret in (here, there, another)] == ["sam", None, "rivera"]


def test_everybody_is_signed_out_at_once(app: Flask) -> None:
    stage = assemble()
    secrets = [begin_sign_in(person, now=NOW) for person in (stage.sam, stage.jordan, stage.dana)]
    ended = end_everybody(by="command", now=NOW)
    db.session.expire_all()

    assert (ended, [who(secret, NOW) for secret in secrets]) == (3, [None] * 3)
