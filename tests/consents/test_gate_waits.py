"""What stops letters waits for a claim under way, and for nobody else's: then it stops what the
claim did not take.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Insert, Update, insert, update
from sqlalchemy.exc import OperationalError

from cast import Cast, assemble
from consents.database_gate.test_gate import TODAY, bare_grant, co_signed, held_by, inserted, paper
from outbox.drafts import NOW, to_dana
from scheduler import outbox
from scheduler.consents.model.models import Authority, Barrier, BarrierKind, Signer
from scheduler.kernel.database import db
from scheduler.programs import Kind

Deed = Insert | Update


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def bar(cast: Cast, person_id: str | None) -> tuple[outbox.Draft, Deed]:
    said: dict[str, Any] = {
        "patient_id": cast.jordan.id,
        "person_id": person_id,
        "set_at": TODAY,
        "set_by": "sam",
    }
    return to_dana(cast), insert(Barrier).values(kind=BarrierKind.NEVER_INVITE, **said)


def end(authority: Authority) -> Deed:
    return (
        update(Authority).where(Authority.id == authority.id).values(ended_at=TODAY, ended_by="sam")
    )


def alone(cast: Cast, *, own: bool) -> tuple[outbox.Draft, Deed]:
    """Return a letter that stands on one authority, and the end of that one or of another."""
    held, other = held_by(cast, "Pat Grey"), held_by(cast, "Somebody Else")
    signed = paper(cast, capacity=Signer.GUARDIAN, authority_id=held.id)
    given = bare_grant(cast, statement=signed.id, signed_by=Signer.GUARDIAN)
    assert inserted(given)
    return to_dana(cast, grant_id=given.id, purpose=Kind.CAREGIVER_GROUP), end(
        held if own else other
    )


def both(cast: Cast, number: int | None) -> tuple[outbox.Draft, Deed]:
    """Return a letter that two signed for, and the end of one of their authorities or of somebody
    else's.
    """
    about, *authorities = co_signed(cast)
    return to_dana(cast, **about), end(
        held_by(cast, "Somebody Else") if number is None else authorities[number]
    )


CASES: dict[str, tuple[bool, Callable[[Cast], tuple[outbox.Draft, Deed]]]] = {
    "barrier of this relative": (True, lambda c: bar(c, c.dana.id)),
    "barrier of the family": (True, lambda c: bar(c, None)),
    "barrier of another relative": (False, lambda c: bar(c, c.miguel.id)),
    "end of the authority": (True, lambda c: alone(c, own=True)),
    "end of another authority": (False, lambda c: alone(c, own=False)),
    "end of the first of both": (True, lambda c: both(c, 0)),
    "end of the second of both": (True, lambda c: both(c, 1)),
    "end of somebody else's": (False, lambda c: both(c, None)),
}


@pytest.mark.parametrize("case", CASES)
def test_deed_that_stops_letters_waits_for_the_claim_of_one_it_would_stop(
    cast: Cast, case: str
) -> None:
    expected, begin = CASES[case]
    draft, deed = begin(cast)
    letter = outbox.enqueue(draft, now=NOW)
    assert letter is not None
    db.session.commit()
    assert outbox.claim("worker", now=TODAY) == [letter.id]  # not committed: it is under way

    # SQLite has one writer: there everything waits for it.
    assert waits(deed) is (expected or db.engine.dialect.name == "sqlite")


def waits(deed: Deed) -> bool:
    """Say whether another node that does this now has to wait."""
    soon = {"sqlite": "PRAGMA busy_timeout = 200", "postgresql": "SET lock_timeout = '200ms'"}[
        db.engine.dialect.name
    ]
    with db.engine.connect() as other:
        try:
            # Before the transaction: SQLite waits where it begins.
            other.connection.cursor().execute(soon)
            other.execute(deed)
        except OperationalError as error:
            assert "lock" in str(error)
            return True
        finally:
            other.rollback()
    return False
