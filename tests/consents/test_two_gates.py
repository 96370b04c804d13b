"""The gate before queueing and the gate before leaving: each alone refuses what the other would
have refused.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from cast import Cast, assemble, grant
from consents.database_gate.test_gate import (
    FUTURE,
    PAST,
    SHORT,
    TODAY,
    bar,
    bare_grant,
    co_signed,
    end,
    held_by,
    inserted,
    paper,
    revoke,
    row_of,
)
from outbox.drafts import NOW, to_dana, to_jordan
from scheduler import outbox
from scheduler.consents.model.models import Signer
from scheduler.kernel.database import db
from scheduler.outbox.models import Basis, Letter, LetterState, Phase
from scheduler.programs import Kind

Case = Callable[[Cast], outbox.Draft]
SENDING: dict[str, Any] = {
    "state": LetterState.SENDING,
    "lease_until": TODAY + timedelta(minutes=1),
}
BACK: dict[str, Any] = {"basis": Basis.RETRACTION, "kind": "cancellation", "sequence": 1}


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def under(cast: Cast, span: tuple[Any, Any], **said: Any) -> outbox.Draft:
    """Return a letter under a grant of its own that may hold within `span`."""
    given = grant(cast.dana, cast.jordan, Kind.PROGRESS_UPDATE, span)
    return to_dana(cast, grant_id=given.id, purpose=Kind.PROGRESS_UPDATE, **said)


def withdrawn(cast: Cast) -> outbox.Draft:
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    return to_dana(cast)


def given_again(cast: Cast, *, under_the_new: bool) -> outbox.Draft:
    """Return a letter under one of two grants for the same: the first withdrawn, the second
    standing.
    """
    revoke(cast.grants[Kind.FAMILY_THERAPY])
    new = grant(cast.dana, cast.jordan, Kind.FAMILY_THERAPY)
    return to_dana(cast, grant_id=new.id) if under_the_new else to_dana(cast)


def barred(cast: Cast, person_id: str | None, **said: Any) -> outbox.Draft:
    bar(cast, person_id, **said)
    return to_dana(cast)


def on_paper(cast: Cast, ended: bool) -> outbox.Draft:
    """Return a letter that stands on somebody's authority, beside another paper that needs none."""
    held = held_by(cast, "Pat Grey")
    paper(cast)
    given = bare_grant(
        cast,
        statement=paper(cast, capacity=Signer.GUARDIAN, authority_id=held.id).id,
        signed_by=Signer.GUARDIAN,
    )
    assert inserted(given)
    if ended:
        end(held)
    return to_dana(cast, grant_id=given.id, purpose=Kind.CAREGIVER_GROUP)


def both_signed(cast: Cast, ended: int | None) -> outbox.Draft:
    about, *authorities = co_signed(cast)
    if ended is not None:
        end(authorities[ended])
    return to_dana(cast, **about)


def back(cast: Cast, *, sent: dict[str, Any] | None = None, **said: Any) -> outbox.Draft:
    """Return a cancellation of a letter that has gone as `sent` says."""
    letter = outbox.enqueue(to_dana(cast, "earlier"), now=NOW)
    assert letter is not None
    db.session.execute(update(Letter).values(sent or {"state": LetterState.SENT}))
    return to_dana(cast, "back", **(BACK | {"uid": letter.uid} | said))


def back_after(cast: Cast, deed: Callable[[], Any]) -> outbox.Draft:
    draft = back(cast)
    deed()
    return draft


CASES: dict[str, tuple[bool, Case]] = {
    "own affair of the patient": (True, to_jordan),
    "own affair of a relative": (
        False,
        lambda c: to_jordan(c, recipient_id=c.miguel.id, address=c.miguel.email),
    ),
    "standing grant": (True, to_dana),
    "grant not begun": (False, lambda c: under(c, FUTURE)),
    "grant ended": (False, lambda c: under(c, PAST)),
    "grant withdrawn": (False, withdrawn),
    "grant withdrawn and given again": (True, lambda c: given_again(c, under_the_new=True)),
    "grant withdrawn, another given since": (False, lambda c: given_again(c, under_the_new=False)),
    "session within the grant": (True, lambda c: under(c, SHORT, covers_until=SHORT[1])),
    "session after the grant": (
        False,
        lambda c: under(c, SHORT, covers_until=SHORT[1] + timedelta(seconds=1)),
    ),
    "no session said": (False, lambda c: under(c, SHORT, covers_until=None)),
    "code for signing in": (
        True,
        lambda c: under(c, SHORT, covers_until=None, kind="code", uid=None),
    ),
    "barrier": (False, lambda c: barred(c, c.dana.id)),
    "barrier of the family": (False, lambda c: barred(c, None)),
    "barrier of another": (True, lambda c: barred(c, c.miguel.id)),
    "barrier lifted": (True, lambda c: barred(c, c.dana.id, lifted_at=TODAY, lifted_by="sam")),
    "authority stands": (True, lambda c: on_paper(c, ended=False)),
    "authority ended": (False, lambda c: on_paper(c, ended=True)),
    "both signed": (True, lambda c: both_signed(c, None)),
    "first of both ended": (False, lambda c: both_signed(c, 0)),
    "second of both ended": (False, lambda c: both_signed(c, 1)),
    "cancellation": (True, back),
    "cancellation of what may have left": (
        True,
        lambda c: back(c, sent={"state": LetterState.EXPIRED, "ambiguous": 1}),
    ),
    "cancellation of what is being handed over": (
        True,
        lambda c: back(c, sent={**SENDING, "phase": Phase.HANDING}),
    ),
    "cancellation of what is only claimed": (
        False,
        lambda c: back(c, sent={**SENDING, "phase": Phase.CLAIMED}),
    ),
    "cancellation of what never left": (
        False,
        lambda c: back(c, sent={"state": LetterState.EXPIRED}),
    ),
    "cancellation of another entry": (False, lambda c: back(c, uid="other@hl-sched.example")),
    "invitation on the ground of a cancellation": (False, lambda c: back(c, kind="invitation")),
    "cancellation after silence": (
        False,
        lambda c: back_after(c, lambda: revoke(c.grants[Kind.FAMILY_THERAPY], silent=True)),
    ),
    "cancellation after withdrawal": (
        True,
        lambda c: back_after(c, lambda: revoke(c.grants[Kind.FAMILY_THERAPY])),
    ),
    "cancellation to the barred": (False, lambda c: back_after(c, lambda: bar(c, c.dana.id))),
    "cancellation to a barred family": (False, lambda c: back_after(c, lambda: bar(c, None))),
    "cancellation beside a barrier of another": (
        True,
        lambda c: back_after(c, lambda: bar(c, c.miguel.id)),
    ),
    "cancellation after a barrier was lifted": (
        True,
        lambda c: back_after(c, lambda: bar(c, c.dana.id, lifted_at=TODAY, lifted_by="sam")),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_gate_before_queueing(cast: Cast, case: str) -> None:
    good, draft = CASES[case]

    assert inserted(row_of(draft(cast))) is good


@pytest.mark.parametrize("case", CASES)
def test_gate_before_leaving_stands_alone(cast: Cast, case: str) -> None:
    good, draft = CASES[case]
    row = row_of(draft(cast))
    table = " ON letters" if db.engine.dialect.name == "postgresql" else ""
    for name in ("letters_gate_insert", "letters_gate_co_signed_insert"):
        db.session.execute(text(f"DROP TRIGGER {name}{table}"))
    db.session.execute(text("DROP INDEX uq_letters_in_flight"))  # it, too, keeps some of these in
    assert inserted(row)

    assert taken(row) is good


def taken(row: Letter) -> bool:
    """Take a letter to send it, as a worker would, and say whether the database lets that pass."""
    try:
        with db.session.begin_nested():
            db.session.execute(
                update(Letter).where(Letter.id == row.id).values(**SENDING, phase=Phase.CLAIMED)
            )
    except DatabaseError:
        return False
    return True
