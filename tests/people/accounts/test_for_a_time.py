"""A role for a time counts from its first day to its last, and a cover can end early."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, NotFound
from scheduler.people import (
    cover,
    covers_of,
    end_early,
    give_role_for,
    practice,
    roles_on,
    stands_for,
    terms_of,
)
from scheduler.people.models import Role
from tests.web.house import NOW

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def stage(app: Flask) -> Cast:
    return assemble()


def lend(stage: Cast, *, first: int = 1, last: int = 3) -> None:
    """Let rivera be coordinator from some days ahead to some days ahead."""
    give_role_for(
        stage.rivera,
        Role.COORDINATOR,
        first=TODAY + first * DAY,
        last=TODAY + last * DAY,
        by="desk",
        now=NOW,
    )
    db.session.commit()


def test_role_counts_on_its_days_alone(stage: Cast) -> None:
    lend(stage)

    counts = [Role.COORDINATOR in roles_on(stage.rivera, day=TODAY + n * DAY) for n in range(5)]
    assert counts == [False, True, True, True, False]
    assert roles_on(stage.rivera, day=TODAY) == (Role.CLINICIAN,)


def test_role_taken_back_early_counts_no_more_and_both_stand_in_the_record(stage: Cast) -> None:
    lend(stage, first=0)
    (term,) = terms_of([stage.rivera])
    end_early(stage.rivera, term.id, by="desk", now=NOW)
    db.session.commit()

    assert roles_on(stage.rivera, day=TODAY) == (Role.CLINICIAN,)
    wanted = select(AuditEntry.deed).where(AuditEntry.about == f"person {stage.rivera.key}")
    deeds = list(db.session.scalars(wanted.order_by(AuditEntry.number)))
    assert deeds == ["people.role_given_for", "people.role_taken_early"]


def test_role_of_another_is_not_taken(stage: Cast) -> None:
    lend(stage)
    (term,) = terms_of([stage.rivera])

    with pytest.raises(NotFound):
        end_early(stage.sam, term.id, by="desk", now=NOW)


@pytest.mark.parametrize(
    ("role", "last"), [(Role.CLINICIAN, TODAY), (Role.COORDINATOR, TODAY - DAY)]
)
def test_role_that_says_nothing_is_refused(stage: Cast, role: Role, last: date) -> None:
    with pytest.raises(InputError):
        give_role_for(stage.rivera, role, first=TODAY, last=last, by="desk", now=NOW)


def test_role_in_the_same_words_is_refused(stage: Cast) -> None:
    lend(stage)

    with pytest.raises(InputError, match=r"rivera is coordinator from .* until .* already"):
        lend(stage)
    lend(stage, last=4)
    assert len(terms_of([stage.rivera])) == 2


def test_cover_in_the_same_words_is_refused(stage: Cast) -> None:
    cover(stage.rivera, stage.sam, first=TODAY, last=TODAY, by="desk", now=NOW)

    with pytest.raises(InputError, match=f"sam covers rivera from {TODAY} until {TODAY} already"):
        cover(stage.rivera, stage.sam, first=TODAY, last=TODAY, by="desk", now=NOW)
    cover(stage.rivera, stage.sam, first=TODAY, last=TODAY + DAY, by="desk", now=NOW)
    assert len(covers_of([stage.rivera])) == 2


def test_cover_that_is_ended_covers_no_more(stage: Cast) -> None:
    cover(stage.rivera, stage.sam, first=TODAY, last=TODAY + DAY, by="desk", now=NOW)
    db.session.flush()
    (row,) = covers_of([stage.rivera])
    with pytest.raises(NotFound):
        end_early(stage.sam, row.id, by="desk", now=NOW)
    end_early(stage.rivera, row.id, by="desk", now=NOW)

    assert stands_for(stage.sam, day=TODAY) == {stage.sam.id}


@pytest.mark.parametrize(
    ("hour", "day"), [(4, TODAY - DAY), (5, TODAY)], ids=["late in the evening", "midnight"]
)
def test_day_is_that_of_the_practice(stage: Cast, hour: int, day: date) -> None:
    begins = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)

    assert practice().day_at(begins + timedelta(hours=hour)) == day
