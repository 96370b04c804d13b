"""Shared reads of the outbox."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select

from scheduler.kernel.database import db
from scheduler.outbox.leases import SENDING, STANDS_OPEN
from scheduler.outbox.models import Channel, Heartbeat, Letter, LetterState, Phase


def counts() -> dict[LetterState, int]:
    """Count letters by state; states without any are 0."""
    found = {
        row[0]: row[1]
        for row in db.session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    }
    return {state: found.get(state, 0) for state in LetterState}


def oldest_due(*, now: datetime, channels: Collection[Channel] = tuple(Channel)) -> datetime | None:
    """Return since when the oldest letter that should be gone by one of `channels` has been due."""
    due = select(func.min(Letter.due_at)).where(STANDS_OPEN, Letter.due_at <= now)
    return db.session.scalar(
        due if len(channels) == len(Channel) else due.where(Letter.channel.in_(channels))
    )


AT_ONCE = 5000
"""People in one question; SQLite takes at most 32766 values."""
LATE = timedelta(seconds=120)
"""A letter due for longer is an alarm (reliability: the oldest due row)."""
LEASE = timedelta(seconds=60)
"""What `InAMinute` gives a worker for one letter."""
SENT = bindparam("sent", LetterState.SENT, type_=Letter.state.type, literal_execute=True)


def late_since(*, now: datetime, channels: Collection[Channel] = tuple(Channel)) -> datetime | None:
    """Return since when the oldest letter of `channels` has been due if that is too long ago, None
    when none is late.
    """
    oldest = oldest_due(now=now, channels=channels)
    if oldest is not None and now - oldest > LATE:
        return oldest
    return None


def doubtful(*, limit: int = 200) -> Sequence[Letter]:
    """Return the newest letters that may have arrived twice, or without our knowing."""
    wanted = (
        select(Letter)
        .where(Letter.ambiguous > 0)
        .order_by(
            Letter.created_at.desc(),
            Letter.id,
        )
    )
    return db.session.scalars(wanted.limit(limit)).all()


def letters_by_id(ids: Collection[str]) -> dict[str, Letter]:
    """Return these letters, each by its id."""
    rows = db.session.scalars(select(Letter).where(Letter.id.in_(ids)))
    return {letter.id: letter for letter in rows}


def letters_waiting(recipients: Collection[str]) -> list[Letter]:
    """Return the letters to these people (ids) that have not been taken up, what is due first."""
    wanted = sorted(set(recipients))
    found: list[Letter] = []
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        theirs = select(Letter).where(Letter.recipient_id.in_(chunk), STANDS_OPEN)
        found += db.session.scalars(theirs)
    return sorted(found, key=lambda letter: (letter.due_at, letter.id))


def letters_written_since(moment: datetime) -> list[Letter]:
    """Return the letters written from `moment` on that have not been taken up."""
    new = select(Letter).where(
        Letter.created_at >= moment,
        STANDS_OPEN,
    )
    return list(db.session.scalars(new))


def texts_by_state() -> dict[LetterState, int]:
    """Count text messages by state."""
    rows = (
        select(Letter.state, func.count())
        .where(Letter.channel == Channel.TEXT)
        .group_by(Letter.state)
    )
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {state: found.get(state, 0) for state in LetterState}


def handed_over(grant_ids: Iterable[str]) -> Sequence[Letter]:
    """Return the letters under these grants that have left, or may have left."""
    left = (
        (Letter.state == LetterState.SENT)
        | (Letter.phase == Phase.HANDING)
        | (Letter.ambiguous > 0)
    )
    return db.session.scalars(
        select(Letter)
        .where(Letter.grant_id.in_(list(grant_ids)), left)
        .order_by(Letter.sent_at, Letter.id)
    ).all()


def letters(states: Iterable[LetterState] | None = None, *, limit: int = 200) -> Sequence[Letter]:
    """Return the newest letters, of these states or all."""
    query = select(Letter).order_by(Letter.created_at.desc(), Letter.id).limit(limit)
    return db.session.scalars(
        query.where(Letter.state.in_(list(states))) if states else query
    ).all()


def letters_page(
    states: Iterable[LetterState] | None, *, before: tuple[datetime, str] | None, limit: int
) -> list[Letter]:
    """Return the newest letters, of these states or all, older than one of them (when it was
    written, and its id).
    """
    query = select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc()).limit(limit)
    if states is not None:
        query = query.where(Letter.state.in_(list(states)))
    if before is not None:
        written, letter_id = before
        older = Letter.created_at < written
        beside = and_(Letter.created_at == written, Letter.id < letter_id)
        query = query.where(or_(older, beside))
    return list(db.session.scalars(query))


def newest_tick() -> datetime | None:
    """Return when a worker that was not stopped on purpose last finished a tick, None without
    one.
    """
    running = Heartbeat.ended_at.is_(None)
    return db.session.scalar(select(func.max(Heartbeat.ticked_at)).where(running))


def worker_is_fresh(*, within: timedelta, now: datetime) -> bool:
    """True if some worker finished a tick lately."""
    newest = newest_tick()
    return newest is not None and newest >= now - within


def worker_plans(*, within: timedelta, now: datetime) -> bool:
    """True if some worker that finished a tick lately has a solver."""
    lively = (Heartbeat.ended_at.is_(None), Heartbeat.ticked_at >= now - within)
    wanted = select(Heartbeat.node).where(Heartbeat.plans, *lively).limit(1)
    return db.session.scalar(wanted) is not None


def stuck(*, moment: datetime) -> Sequence[Letter]:
    """Return the letters on their way whose lease ran out twice over by `moment` (the database's):
    nobody took over.
    """
    late = (Letter.state == SENDING, Letter.lease_until < moment - LEASE)
    return db.session.scalars(
        select(Letter).where(*late).order_by(Letter.lease_until, Letter.id)
    ).all()


def unanswered() -> Sequence[Letter]:
    """Return the letters that count as sent without a word of the server that took them."""
    wanted = select(Letter).where(
        Letter.state == SENT,
        Letter.reply.is_(None),
    )
    return db.session.scalars(wanted.order_by(Letter.id)).all()


def texts_since(phone: str, since: datetime) -> list[datetime]:
    """Return when text messages to a number left, or are to leave, after `since`; the unsent do not
    count.
    """
    gone = (
        LetterState.EXPIRED,
        LetterState.SUPPRESSED,
        LetterState.SET_ASIDE,
    )
    mine = (
        Letter.channel == Channel.TEXT,
        Letter.address == phone,
        Letter.state.not_in(gone),
    )
    return list(db.session.scalars(select(Letter.due_at).where(*mine, Letter.due_at > since)))
