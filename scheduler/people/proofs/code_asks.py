"""Asking for a one-time code: one row for every address, known or not; who it is, and whether they
may have one, the worker finds out.
"""

from datetime import datetime

from sqlalchemy import delete, select

from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.people.proofs.models import CodeAsk

AT_ONCE = 500
"""How many are answered in one transaction; a flood of strangers is caught up with."""


def ask_for_code(
    address: str,
    *,
    browser: str,
    known: bool,
    asked_language: str | None,
    language: str,
    now: datetime,
    person_id: str | None = None,
) -> None:
    """Write down that a browser asked for the code of an address; behind a link of their own, of
    one person. `known` says that they signed in with it before.
    """
    ask = CodeAsk(
        address=address.strip()[:254],
        person_id=person_id,
        browser_hash=token_hash(browser),
        known=known,
        asked_language=asked_language,
        language=language,
        asked_at=now,
    )
    db.session.add(ask)
    db.session.flush()


def take_code_asks() -> list[CodeAsk]:
    """Return the oldest that wait, as values, and let go of their rows: each is answered once."""
    in_turn = select(CodeAsk).order_by(CodeAsk.asked_at, CodeAsk.id).limit(AT_ONCE)
    asks = list(db.session.scalars(in_turn.with_for_update(skip_locked=True)))
    if asks:
        for ask in asks:
            db.session.expunge(ask)
        taken = [ask.id for ask in asks]
        db.session.execute(delete(CodeAsk).where(CodeAsk.id.in_(taken)))
    return asks
