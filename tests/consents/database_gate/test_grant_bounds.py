"""A grant can never be made to hold longer than what was signed says, whoever asks the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from cast import ALWAYS, EXPIRES, Cast, assemble
from consents.database_gate.test_gate import bare_grant, co_signed, inserted, paper
from scheduler.consents.model.models import Authority, Ending, Grant, Signer
from scheduler.kernel.database import db
from scheduler.people.models import Patient
from scheduler.programs import Kind, last_day
from scheduler.programs.models import Enrolment

EXPIRED = date(2026, 6, 30)
END = datetime(2026, 7, 1, 4, tzinfo=UTC)
"""Midnight in New York after the last day."""
FARTHEST = timedelta(hours=12)
"""From midnight UTC to the midnight that comes last on earth."""


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def written(cast: Cast, **said: Any) -> Grant:
    row = bare_grant(cast, **said)
    db.session.add(row)
    db.session.flush()
    return row


def is_set(row: Grant, **said: Any) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(update(Grant).where(Grant.id == row.id).values(**said))
    except DatabaseError as error:
        assert "no longer than was signed" in str(error)
        return False
    return True


def midnight_utc(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_grant_is_never_made_to_hold_longer_than_its_last_day(cast: Cast) -> None:
    row = written(cast, expires=EXPIRED, valid_until=END)
    latest = midnight_utc(EXPIRED + timedelta(days=1)) + FARTHEST

    assert not is_set(row, valid_until=latest + timedelta(microseconds=1000))
    assert not is_set(row, valid_until=ALWAYS[1])
    assert is_set(row, valid_until=latest)
    assert is_set(row, valid_until=END - timedelta(days=9))


def test_grant_is_never_written_to_hold_longer_than_its_last_day(cast: Cast) -> None:
    assert not inserted(bare_grant(cast, expires=EXPIRED, valid_until=END + timedelta(days=1)))
    assert inserted(bare_grant(cast, expires=EXPIRED, valid_until=END))


def test_grant_never_begins_before_the_day_it_was_signed(cast: Cast) -> None:
    row = written(cast)
    earliest = midnight_utc(row.signed) - timedelta(hours=14)

    assert not is_set(row, valid_from=earliest - timedelta(microseconds=1000))
    assert is_set(row, valid_from=earliest)


def stay_end(cast: Cast, last: date | None) -> date:
    """Let Jordan stay to `last`, and return the program's last day."""
    db.session.execute(
        update(Enrolment).where(Enrolment.patient_id == cast.jordan.id).values(last=last)
    )
    return last_day(cast.cohort.starts, cast.cohort.program.template.weeks)


@pytest.mark.parametrize("ending", list(Ending))
@pytest.mark.parametrize("leaves_early", [False, True])
def test_grant_that_ends_with_a_stay_is_bounded_by_it(
    cast: Cast, ending: Ending, leaves_early: bool
) -> None:
    program_end = stay_end(cast, None)
    early = program_end - timedelta(days=10)
    stay_end(cast, early if leaves_early else None)
    last = early if leaves_early and ending is Ending.DISCHARGE else program_end
    latest = midnight_utc(last + timedelta(days=1)) + FARTHEST
    row = written(cast, expires=None, expires_on=ending, valid_until=latest - timedelta(days=20))

    assert not is_set(row, valid_until=latest + timedelta(microseconds=1000))
    assert is_set(row, valid_until=latest)


def test_grant_that_ends_with_a_stay_is_not_written_without_one(cast: Cast) -> None:
    db.session.query(Enrolment).delete()

    assert not inserted(
        bare_grant(cast, expires=None, expires_on=Ending.DISCHARGE, valid_until=END)
    )


@pytest.mark.parametrize("signer", [Signer.GUARDIAN, Signer.BOTH, Signer.PATIENT])
def test_what_was_signed_for_a_minor_is_bounded_by_the_18th_birthday(
    cast: Cast, signer: Signer
) -> None:
    born = date(2010, 5, 2)
    db.session.execute(update(Patient).where(Patient.person_id == cast.jordan.id).values(born=born))
    signed = paper(cast, capacity=signer)
    birthday = midnight_utc(date(2028, 5, 2))
    row = written(cast, statement=signed.id, signed_by=signer, valid_until=birthday)
    is_bounded = signer is not Signer.PATIENT

    assert is_set(row, valid_until=birthday + FARTHEST)
    late = birthday + FARTHEST + timedelta(microseconds=1000)
    assert is_set(row, valid_until=late) is not is_bounded


def test_what_a_grown_patients_guardian_signs_is_not_bounded_by_a_birthday(cast: Cast) -> None:
    db.session.execute(
        update(Patient).where(Patient.person_id == cast.jordan.id).values(born=date(2008, 1, 5))
    )
    signed = paper(cast, capacity=Signer.GUARDIAN)

    assert inserted(bare_grant(cast, statement=signed.id, signed_by=Signer.GUARDIAN))


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("how", ["last", "ended_at"])
def test_what_rests_on_an_authority_is_bounded_by_it(cast: Cast, number: int, how: str) -> None:
    about, *held = co_signed(cast)
    row = db.session.get_one(Grant, about["grant_id"])
    assert is_set(row, valid_until=END - timedelta(days=90))
    values: dict[str, Any] = {"last": EXPIRED}
    latest = midnight_utc(EXPIRED + timedelta(days=1)) + FARTHEST
    if how == "ended_at":
        values = {"ended_at": END, "ended_by": "sam"}
        latest = END
    db.session.execute(update(Authority).where(Authority.id == held[number].id).values(**values))

    assert not is_set(row, valid_until=latest + timedelta(microseconds=1000))
    assert is_set(row, valid_until=latest)


def test_another_authority_bounds_nothing(cast: Cast) -> None:
    row = written(cast, purpose=Kind.FAMILY_WORKSHOP, valid_until=END)
    co_signed(cast)
    db.session.execute(update(Authority).values(last=EXPIRED - timedelta(days=90)))

    assert is_set(row, valid_until=ALWAYS[1])


def test_grant_of_no_length_may_lie_after_its_last_day(cast: Cast) -> None:
    row = written(cast, expires=EXPIRED, valid_until=END)
    begin = midnight_utc(EXPIRES)

    assert is_set(row, valid_from=begin, valid_until=begin + timedelta(microseconds=1))
    assert not is_set(row, valid_from=begin, valid_until=begin + timedelta(seconds=2))
