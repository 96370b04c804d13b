"""The database itself refuses a letter without a covering grant, whatever the program asks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from cast import Cast, assemble, grant
from outbox.drafts import NOW, to_dana, to_jordan
from scheduler import outbox
from scheduler.consents import damage
from scheduler.consents.models import Grant
from scheduler.kernel.database import db
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.programs import Kind

TODAY = datetime.now(UTC)
PAST = (TODAY - timedelta(days=60), TODAY - timedelta(days=1))
FUTURE = (TODAY + timedelta(days=1), TODAY + timedelta(days=600))
SHORT = (TODAY - timedelta(days=60), TODAY + timedelta(minutes=5))


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def refused(draft: outbox.Draft) -> bool:
    try:
        with db.session.begin_nested():
            outbox.enqueue(draft, now=NOW)
    except DatabaseError as error:
        return "gate" in str(error) or "FOREIGN KEY" in str(error) or "foreign key" in str(error)
    return False


def revoke(given: Grant, **said: Any) -> None:
    db.session.execute(update(Grant).where(Grant.id == given.id).values(revoked_at=TODAY, revoked_by="sam", **said))


def test_letter_under_a_standing_grant_is_taken(cast: Cast) -> None:
    assert not refused(to_dana(cast))


def test_letter_to_the_father_without_consent_is_refused_on_every_basis(cast: Cast) -> None:
    him: dict[str, Any] = {"recipient_id": cast.miguel.id, "address": cast.miguel.email}

    assert [refused(to_dana(cast, f"{basis}", **him, basis=basis)) for basis in Basis] == [True, True, True]


@pytest.mark.parametrize("span", [PAST, FUTURE], ids=["expired", "not yet signed"])
def test_letter_outside_the_days_of_its_grant_is_refused(cast: Cast, span: tuple[datetime, datetime]) -> None:
    given = grant(cast.dana, cast.jordan, Kind.PROGRESS_UPDATE, span)

    assert refused(to_dana(cast, grant_id=given.id, purpose=Kind.PROGRESS_UPDATE))


def test_letter_about_a_session_after_the_grant_ends_is_refused(cast: Cast) -> None:
    given = grant(cast.dana, cast.jordan, Kind.PROGRESS_UPDATE, SHORT)
    about: dict[str, Any] = {"grant_id": given.id, "purpose": Kind.PROGRESS_UPDATE}

    assert refused(to_dana(cast, "late", **about, covers_until=SHORT[1] + timedelta(seconds=1)))
    assert refused(to_dana(cast, "none", **about, covers_until=None))
    assert not refused(to_dana(cast, "within", **about, covers_until=SHORT[1]))


def test_letter_for_another_purpose_or_another_patient_is_refused(cast: Cast) -> None:
    assert refused(to_dana(cast, "purpose", purpose=Kind.FAMILY_WORKSHOP))
    assert refused(to_dana(cast, "family", subject_id=cast.rivera.id))
    assert refused(to_dana(cast, "missing", grant_id="0" * 32))


def test_letter_to_the_patient_needs_no_grant(cast: Cast) -> None:
    assert not refused(to_jordan(cast))


def test_withdrawal_suppresses_what_waits_and_refuses_what_comes(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    db.session.expire_all()

    assert (letter.state, letter.reason) == (LetterState.SUPPRESSED, "the consent was withdrawn")
    assert refused(to_dana(cast, "second"))


def test_withdrawal_between_queueing_and_claim_keeps_the_letter_in(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    db.session.execute(text("UPDATE letters SET state = 'waiting'"))

    assert outbox.claim("worker", now=TODAY) == []
    db.session.expire_all()
    assert letter.state == LetterState.SUPPRESSED


def test_withdrawal_between_claim_and_hand_over_keeps_the_letter_in(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    assert outbox.claim("worker", now=TODAY) == [letter.id]
    revoke(cast.grants[Kind.FAMILY_THERAPY])

    assert outbox.begin_handing(letter.id, "worker") is None
    db.session.expire_all()
    assert letter.state == LetterState.SUPPRESSED


@pytest.mark.parametrize(
    "change", ["revoked_at = NULL", "valid_until = '2101-01-01'", "purpose = 'family_workshop'", "silent = true"]
)
def test_withdrawn_grant_can_never_be_changed(cast: Cast, change: str) -> None:
    revoke(cast.grants[Kind.FAMILY_THERAPY])

    with pytest.raises(DatabaseError, match="final"):
        db.session.execute(text(f"UPDATE grants SET {change}"))


@pytest.mark.parametrize("change", ["person_id = patient_id", "purpose = 'family_workshop'", "signed = '2020-01-01'"])
def test_what_was_signed_can_never_be_changed(cast: Cast, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(f"UPDATE grants SET {change}"))


def test_grant_cannot_be_deleted(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never deleted"):
        db.session.execute(text("DELETE FROM grants"))


def test_queued_letter_cannot_be_turned_to_somebody_else(cast: Cast) -> None:
    outbox.enqueue(to_dana(cast), now=NOW)

    with pytest.raises(DatabaseError, match="frozen"):
        db.session.execute(text("UPDATE letters SET address = 'miguel@family.example'"))


def test_cancellation_after_withdrawal_goes_only_to_whom_something_was_sent(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    taking_back: dict[str, Any] = {"basis": Basis.RETRACTION, "kind": "cancellation", "sequence": 1}

    assert not refused(to_dana(cast, "back", **taking_back, uid=letter.uid))
    with pytest.raises(DatabaseError, match="gate"):
        db.session.add(row_of(to_dana(cast, "other", **taking_back)))
        db.session.flush()


def test_silent_withdrawal_allows_no_cancellation(cast: Cast) -> None:
    letter = outbox.enqueue(to_dana(cast), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(state=LetterState.SENT))
    revoke(cast.grants[Kind.FAMILY_THERAPY], silent=True)

    assert refused(to_dana(cast, "back", basis=Basis.RETRACTION, kind="cancellation", uid=letter.uid, sequence=1))


def row_of(draft: outbox.Draft) -> Letter:
    fields = {name: getattr(draft, name) for name in type(draft).__dataclass_fields__ if name != "id"}
    return Letter(**fields, state=LetterState.WAITING, created_at=NOW)


def test_gate_of_a_fresh_database_stands_whole(app: Flask) -> None:
    assert damage(db.session.connection()) == []


def test_dropped_trigger_is_named(app: Flask) -> None:
    table = " ON letters" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER letters_gate_insert{table}"))

    assert damage(db.session.connection()) == ["trigger letters_gate_insert"]
