"""Holding everything back until somebody has looked, and letting it go."""

from datetime import datetime

from sqlalchemy import select, update

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.outbox.models import Hold, Letter, LetterState

NOT_WANTED = N_("not sent after the restore")


def suspended() -> Hold | None:
    """Return why nothing may leave, None when everything may."""
    return db.session.scalars(
        select(Hold).where(Hold.released_at.is_(None)).order_by(Hold.since).limit(1)
    ).first()


def resume(*, send: bool, by: str, now: datetime) -> int:
    """Let letters leave again; `send` False sets those that wait aside. Return how many waited."""
    waiting = Letter.state.in_((LetterState.WAITING, LetterState.RETRY))
    many = len(db.session.scalars(select(Letter.id).where(waiting)).all())
    if not send:
        db.session.execute(
            update(Letter).where(waiting).values(state=LetterState.SET_ASIDE, reason=NOT_WANTED)
        )
    db.session.execute(
        update(Hold).where(Hold.released_at.is_(None)).values(released_at=now, released_by=by)
    )
    return many
