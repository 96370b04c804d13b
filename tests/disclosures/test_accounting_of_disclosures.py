"""The accounting is made of what left and what was opened; the father without consent was told
nothing.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from cast import NEW_YORK, Cast, assemble, session
from scheduler.consents import revoke
from scheduler.consents.model.models import Grant
from scheduler.disclosures import accounting, note_page_view, valid_grants
from scheduler.disclosures.accounting_of_disclosures import Disclosure
from scheduler.disclosures.models import Opened, Opening
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import practice
from scheduler.programs import Kind

ZONE = str(NEW_YORK)
NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3 * 365)


@pytest.fixture
def stage(app: Flask) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE)
    session(stage, datetime(2027, 3, 9, 16))
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def letter() -> Letter:
    return db.session.query(Letter).one()


def carried(at: datetime = NOW) -> None:
    """Let the letter have left."""
    db.session.execute(
        text(
            "UPDATE letters SET state = 'sending', phase = 'claimed', lease_until = :t, owner = 'n'"
        ),
        {"t": at},
    )
    row = letter()
    db.session.refresh(row)
    row.state, row.phase, row.lease_until, row.sent_at = LetterState.SENT, None, None, at
    db.session.commit()


def opened(stage: Cast, at: datetime = NOW, page: Opened = Opened.INVITATION) -> Opening:
    grants = valid_grants(stage.dana, stage.jordan.id, now=at)
    row = note_page_view(stage.dana, stage.jordan.id, page, grants, by="dana", now=at)
    db.session.commit()
    return row


def told(stage: Cast, since: datetime = LONG_AGO) -> list[Disclosure]:
    return accounting(stage.jordan.id, since=since, zone=ZONE)


def ids(stage: Cast) -> tuple[str, ...]:
    both = (stage.grants[Kind.FAMILY_THERAPY], stage.grants[Kind.PROGRESS_UPDATE])
    return tuple(one.id for one in both)


def test_letter_that_waits_was_told_to_nobody(stage: Cast) -> None:
    assert told(stage) == []


def test_letter_that_left_is_told_with_its_purpose_and_grant(stage: Cast) -> None:
    carried()

    assert told(stage) == [
        Disclosure(NOW, stage.dana.id, "invitation", None, ("family_therapy",), (ids(stage)[0],)),
    ]


def test_letter_that_may_have_arrived_is_told_as_uncertain(stage: Cast) -> None:
    letter().ambiguous = 1
    db.session.commit()

    assert [(one.letter, one.certain) for one in told(stage)] == [("invitation", False)]


def test_letter_that_was_stopped_was_told_to_nobody(stage: Cast) -> None:
    revoke(person=stage.dana, patient=stage.jordan, silent=True, by="sam", now=NOW)
    db.session.commit()

    assert told(stage) == []


def test_page_read_twice_in_a_day_is_one_line(stage: Cast) -> None:
    opened(stage)
    opened(stage, NOW + timedelta(hours=1))
    opened(stage, NOW + timedelta(days=1))

    assert [
        (one.at - NOW, one.page, one.purposes, one.grant_ids, one.times) for one in told(stage)
    ] == [
        (
            timedelta(days=1),
            Opened.INVITATION,
            ("family_therapy", "progress_update"),
            ids(stage),
            1,
        ),
        (
            timedelta(hours=1),
            Opened.INVITATION,
            ("family_therapy", "progress_update"),
            ids(stage),
            2,
        ),
    ]


def test_opening_keeps_the_scope_of_its_moment(stage: Cast) -> None:
    row = opened(stage)
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()

    assert [(one["purpose"], one["until"]) for one in row.grants] == [
        ("family_therapy", "2100-01-01T05:00:00+00:00"),
        ("progress_update", "2100-01-01T05:00:00+00:00"),
    ]
    assert len(told(stage)) == 1


@pytest.mark.parametrize(("part2", "notice"), [(True, "2.32(a)(2) of 2024-04-16"), (False, None)])
def test_opening_keeps_the_version_of_the_notice_where_there_is_one(
    stage: Cast, part2: bool, notice: str | None
) -> None:
    practice().part2 = part2

    assert opened(stage).notice == notice


def test_opening_stands_in_the_audit_record(stage: Cast) -> None:
    row = opened(stage)

    said = db.session.execute(
        text("SELECT deed, about, by FROM audit_entries ORDER BY number DESC LIMIT 1")
    ).one()
    assert tuple(said) == ("page.opened", f"opening {row.id}", "dana")


def test_what_is_older_than_the_time_asked_for_is_left_out(stage: Cast) -> None:
    carried(NOW - timedelta(days=2))
    opened(stage, NOW - timedelta(days=2))
    opened(stage)

    assert [one.at for one in told(stage, NOW - timedelta(days=1))] == [NOW]


def test_other_patients_accounting_is_empty(stage: Cast) -> None:
    carried()
    opened(stage)

    assert accounting("0" * 32, since=LONG_AGO, zone=ZONE) == []


@pytest.mark.parametrize("statement", ["UPDATE openings SET page = 'home'", "DELETE FROM openings"])
def test_database_keeps_an_opening_as_it_is(stage: Cast, statement: str) -> None:
    opened(stage)

    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_grant_that_ended_is_not_named(stage: Cast) -> None:
    grant = db.session.get(Grant, ids(stage)[0])
    assert grant is not None
    grant.valid_until = NOW
    db.session.commit()

    assert [one.purpose for one in valid_grants(stage.dana, stage.jordan.id, now=NOW)] == [
        Kind.PROGRESS_UPDATE
    ]


def test_father_without_consent_has_no_grant_to_name(stage: Cast) -> None:
    assert valid_grants(stage.miguel, stage.jordan.id, now=NOW) == []
