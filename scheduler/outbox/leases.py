"""Taking letters that are due, one worker at a time: leases on the database's clock, a fence
against zombies.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import aliased

from scheduler.i18n import N_
from scheduler.kernel.database import InAMinute, database_now, db
from scheduler.outbox.addresses.closed_addresses import closed_among, set_aside
from scheduler.outbox.models import Channel, Letter, LetterState, Phase
from scheduler.outbox.queueing import CANCELLATION, OVERTAKEN
from scheduler.outbox.safe_contact.hold_up import ASKED_FOR, DueLetter, hold_up
from scheduler.outbox.suspend import suspended

BATCH = 50
TOO_LATE = N_("it was too late to be of use")
UNCOVERED = N_("no consent covers it any more")
"""Why a letter does not leave; the desk says it."""
OPEN = (LetterState.WAITING, LetterState.RETRY)
STANDS_OPEN = Letter.state.in_(bindparam("open", OPEN, expanding=True, literal_execute=True))
SENDING = bindparam("sending", LetterState.SENDING, type_=Letter.state.type, literal_execute=True)
"""States as words of the statement: an index over some states is taken only where they can be read
there.
"""
PASSING = {"40001", "40P01", "55P03"}
"""SQLSTATEs that another try gets over: serialisation, deadlock, a lock not to be had."""


def expire(*, now: datetime) -> int:
    """Mark what is worthless by now as expired, visibly; return how many."""
    done = db.session.execute(
        update(Letter)
        .where(
            STANDS_OPEN,
            Letter.due_at <= now,
            Letter.not_after.is_not(None),
            Letter.not_after <= now,
        )
        .values(state=LetterState.EXPIRED, reason=TOO_LATE)
    )
    return int(getattr(done, "rowcount", 0))


def claim(owner: str, *, now: datetime, channel: Channel = Channel.MAIL) -> list[str]:
    """Lease up to 50 due letters of one channel to `owner` for 60 seconds and give their ids,
    oldest first.

    A lease that ran out is taken over: what was only claimed is safe to send; what was being handed
    over may have arrived, so it is counted as ambiguous and repeated with the same bytes. While the
    outbox is held nothing is due but codes that were asked for since.
    """
    hold = suspended()
    since = hold.since if hold is not None else None
    _take_back(database_now())
    while True:
        ids, kept_back = _due(now, channel, since)
        claimed, refused = _lease(ids, owner)
        if (
            claimed or not kept_back + refused
        ):  # behind letters that were all kept back, others are due
            return claimed


def release_unfinished(owner: str) -> None:
    """Take back at once what this worker had in hand when its last round broke off: nobody else can
    be carrying it.

    To be asked only between two rounds of `owner`; then a database that was away costs a pulse and
    no lease.
    """
    _put_back(Letter.owner == owner)


def release(owner: str) -> None:
    """Give back what this worker has claimed and not begun to hand over."""
    db.session.execute(
        update(Letter)
        .where(
            Letter.owner == owner,
            Letter.state == SENDING,
            Letter.phase == Phase.CLAIMED,
        )
        .values(
            state=LetterState.WAITING,
            phase=None,
            lease_until=None,
        )
    )


def _take_back(moment: datetime) -> None:
    _put_back(Letter.lease_until < moment)


def _put_back(which: ColumnElement[bool]) -> None:
    """Let go on what nobody carries any more; what was being handed over may have arrived, and is
    counted.
    """
    left = (Letter.state == SENDING) & which
    back = {
        "state": LetterState.RETRY,
        "phase": None,
        "lease_until": None,
    }
    db.session.execute(
        update(Letter)
        .where(left, Letter.phase == Phase.HANDING)
        .values(ambiguous=Letter.ambiguous + 1, **back)
    )
    db.session.execute(update(Letter).where(left, Letter.phase == Phase.CLAIMED).values(**back))


def _due(now: datetime, channel: Channel, held: datetime | None) -> tuple[list[str], int]:
    """Return due letters and how many were kept back; while the outbox is `held` since a moment,
    only the codes of later ones.

    None before the letter that it follows is done with: sent, set aside or kept in. Never two about
    one calendar entry of one person, nor one while another is on its way, nor an older after a
    newer: a letter that comes back to be tried again may have been overtaken while it was being
    handed over. None in hours in which nothing may arrive.
    """
    overtaken = []
    nowhere = []
    rows = _due_rows(now, channel, held)
    closed = _closed_of([row.address for row in rows], channel)
    left = []
    for row in rows:
        if row.overtaken:
            overtaken.append(row.id)
        elif row.address in closed:
            nowhere.append(row.id)
        else:
            left.append(row)
    held_up = hold_up(_due_letters(left), channel, now)
    free = [row for row in left if row.id not in held_up]
    for letter_id in overtaken:
        suppress(letter_id, OVERTAKEN)
    set_aside(nowhere)
    kept_back = len(overtaken) + len(nowhere) + len(held_up)
    return _one_of_each_entry(free), kept_back


def _due_rows(now: datetime, channel: Channel, held: datetime | None) -> Sequence[Row[Any]]:
    wanted = _due_query()
    if held is not None:
        wanted = wanted.where(Letter.kind.in_(ASKED_FOR), Letter.created_at >= held)
    return db.session.execute(wanted, {"moment": now, "by_way": channel}).all()


def _one_of_each_entry(rows: Iterable[Row[Any]]) -> list[str]:
    """Return the ids of the first letter about each calendar entry of a person."""
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        entry = row.recipient_id, row.uid or row.id
        first.setdefault(entry, row.id)
    return list(first.values())


def _due_letters(rows: Iterable[Row[Any]]) -> list[DueLetter]:
    return [DueLetter(*row[: len(DueLetter.__slots__)]) for row in rows]


@cache
def _due_query() -> Select[Any]:
    """Choose what is due at `moment` by one way; made once, for it is asked all the time."""
    other = aliased(Letter)
    same = (other.recipient_id == Letter.recipient_id) & (other.uid == Letter.uid)
    on_its_way = exists().where(same, other.state == SENDING).correlate(Letter)
    # What is taken back from an old address is not overtaken by what goes to the new one.
    here = (other.address == Letter.address) | (Letter.kind != CANCELLATION)
    newer = exists().where(same, here, other.sequence > Letter.sequence).correlate(Letter)
    what = [getattr(Letter, name) for name in DueLetter.__slots__]
    return (
        select(*what, Letter.uid, newer.label("overtaken"))
        .where(STANDS_OPEN)
        .where(Letter.due_at <= bindparam("moment"), Letter.channel == bindparam("by_way"))
        .where(~on_its_way)
        .where(_is_lead_done())
        .order_by(Letter.due_at, Letter.sequence, Letter.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Letter)
    )


def _closed_of(addresses: list[str], channel: Channel) -> set[str]:
    """Return those of these addresses that take no letters; numbers are never closed."""
    if channel is Channel.MAIL:
        return closed_among(addresses)
    return set()


def _is_lead_done() -> ColumnElement[bool]:
    """True if the letter that a letter follows is done with, or it follows none."""
    lead = aliased(Letter)
    # A value, not EXISTS: that PostgreSQL may turn into a table of all letters that wait, read
    # whole.
    ahead = select(lead.state).where(lead.id == Letter.follows).correlate(Letter).scalar_subquery()
    lead_state = func.coalesce(ahead, LetterState.SENT)
    return Letter.follows.is_(None) | lead_state.not_in((*OPEN, LetterState.SENDING))


def _lease(ids: Sequence[str], owner: str) -> tuple[list[str], int]:
    """Lease these letters and give the ids that were, in order, and how many the gate refused.

    All at once; only when one of them stops the statement is each asked for alone, so that it stops
    no other.
    """
    if not ids:
        return [], 0
    taken = _taken(ids, owner)
    if taken is not None:
        return [letter_id for letter_id in ids if letter_id in taken], 0
    claimed = []
    refused = 0
    for letter_id in ids:
        alone = _taken([letter_id], owner, alone=True)
        claimed += [letter_id] if alone else []
        refused += alone is None
    return claimed, refused


def _taken(ids: Sequence[str], owner: str, *, alone: bool = False) -> set[str] | None:
    """Lease what of these is still open; None when the gate refused one, which, asked for alone, is
    kept back.
    """
    values = {
        "state": LetterState.SENDING,
        "phase": Phase.CLAIMED,
        "owner": owner,
        "lease_until": InAMinute(),
    }
    lease = update(Letter).where(
        Letter.id.in_(ids),
        Letter.state.in_(OPEN),
    )
    try:
        with db.session.begin_nested():
            statement = lease.values(fence=Letter.fence + 1, **values).returning(Letter.id)
            return set(
                db.session.scalars(statement, execution_options={"synchronize_session": False})
            )
    except DatabaseError as error:
        if refused_by_gate(error):
            if alone:
                suppress(ids[0])
            return None
        if isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in PASSING:
            return (
                set() if alone else None
            )  # another worker has one about this entry, or its lock: the letter waits
        raise


def refused_by_gate(error: DatabaseError) -> bool:
    """True if it was the consent gate that spoke; no other failure may end a letter."""
    return isinstance(error, IntegrityError) and "consent gate" in str(error.orig)


def suppress(letter_id: str, reason: str = UNCOVERED) -> None:
    """Keep back a letter that the database's gate refuses, or that came too late."""
    db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id)
        .values(
            state=LetterState.SUPPRESSED,
            phase=None,
            lease_until=None,
            reason=reason,
        )
    )
