"""Putting a finished letter into the outbox, once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Basis, Channel, Letter, LetterState, Phase

CANCELLATION = "cancellation"
UNDELIVERED = (LetterState.WAITING, LetterState.RETRY)
OVERTAKEN = N_("overtaken by a newer letter about the same appointment")


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as its author hands it in; `dedupe_key` is nominal, never made from the present
    moment.
    """

    dedupe_key: str
    kind: str
    recipient_id: str
    address: str
    basis: Basis
    mime: bytes
    message_id: str
    due_at: datetime
    id: str = ""
    grant_id: str | None = None
    subject_id: str | None = None
    purpose: str | None = None
    covers_until: datetime | None = None
    uid: str | None = None
    sequence: int | None = None
    not_after: datetime | None = None
    channel: Channel = Channel.MAIL
    follows: str | None = None
    """The id of the letter that leaves first."""


def enqueue(draft: Draft, *, now: datetime) -> Letter | None:
    """Queue the letter and give it; None when the same was queued before, or when it takes back
    what never left.

    A newer letter about one calendar entry overtakes the older ones still waiting; a cancellation
    of an invitation that was never handed over sends neither. The database refuses what no grant
    covers (IntegrityError).
    """
    if _is_queued(draft):
        return None
    if draft.uid is not None:
        withdraw(draft.recipient_id, draft.uid, draft.address)
        if draft.kind == CANCELLATION and not was_handed_over(draft.recipient_id, draft.uid):
            return None
    letter = Letter(
        **{name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "id"},
        id=draft.id or new_id(),
        created_at=now,
        state=LetterState.WAITING,
    )
    try:
        with db.session.begin_nested():
            db.session.add(letter)
    except IntegrityError:
        if _is_queued(draft):  # another node was first, between the question and the answer
            return None
        raise
    return letter


def _is_queued(draft: Draft) -> bool:
    return (
        db.session.scalar(select(Letter.id).where(Letter.dedupe_key == draft.dedupe_key))
        is not None
    )


def was_handed_over(recipient_id: str, uid: str) -> bool:
    """True if anything about this calendar entry left, or may have left, for this person."""
    gone = (Letter.state == LetterState.SENT) | (Letter.phase == "handing") | (Letter.ambiguous > 0)
    return (
        db.session.scalar(
            select(Letter.id)
            .where(
                Letter.recipient_id == recipient_id,
                Letter.uid == uid,
                Letter.kind != CANCELLATION,
                gone,
            )
            .limit(1)
        )
        is not None
    )


def has_left(recipient_id: str, uid: str, sequence: int, address: str) -> bool:
    """True if the letter with this SEQUENCE left, or may have left, for this address."""
    gone = (
        (Letter.state == LetterState.SENT)
        | (Letter.phase == Phase.HANDING)
        | (Letter.ambiguous > 0)
    )
    about = (
        Letter.recipient_id == recipient_id,
        Letter.uid == uid,
        Letter.sequence == sequence,
    )
    one = (
        select(Letter.id)
        .where(
            *about,
            Letter.address == address,
            Letter.kind != "reminder",
            gone,
        )
        .limit(1)
    )
    return db.session.scalar(one) is not None


def was_withheld(recipient_id: str, uid: str, sequence: int, address: str) -> bool:
    """True if the letter with this SEQUENCE for this address will never leave, and did not."""
    about = (
        Letter.recipient_id == recipient_id,
        Letter.uid == uid,
        Letter.sequence == sequence,
    )
    stopped = (
        Letter.kind != "reminder",
        Letter.state == LetterState.SUPPRESSED,
        Letter.ambiguous == 0,
    )
    one = select(Letter.id).where(*about, Letter.address == address, *stopped).limit(1)
    return db.session.scalar(one) is not None


def withdraw(recipient_id: str, uid: str, address: str) -> None:
    """Keep in whatever still waits about this calendar entry, except reminders: it is no longer
    true or needed.
    """
    db.session.execute(
        update(Letter)
        .where(
            Letter.recipient_id == recipient_id,
            Letter.uid == uid,
            # What a worker has only claimed has not begun to leave: it finds the letter gone and
            # goes on.
            Letter.state.in_(UNDELIVERED) | (Letter.phase == Phase.CLAIMED),
            Letter.kind != "reminder",
            # What is taken back from an old address is not overtaken by what goes to the new one.
            (Letter.address == address) | (Letter.kind != CANCELLATION),
        )
        .values(
            state=LetterState.SUPPRESSED,
            phase=None,
            lease_until=None,
            reason=OVERTAKEN,
        )
    )


def hold_until(letter_ids: Collection[str], until: datetime) -> None:
    """Let letters that still wait leave at `until`, not before."""
    db.session.execute(
        update(Letter)
        .where(
            Letter.id.in_(list(letter_ids)),
            Letter.state == LetterState.WAITING,
            Letter.due_at < until,
        )
        .values(due_at=until)
    )
