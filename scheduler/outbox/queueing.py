"""Putting a finished letter into the outbox, once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Basis, Channel, Letter, LetterState, Phase

CANCELLATION = "cancellation"
UNDELIVERED = (LetterState.WAITING, LetterState.RETRY)
TEXT_TOO = ":text"
"""What the key of a text message ends with that says the same as the letter of that key."""
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
    needed_by: datetime | None = None
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
    if is_queued(draft.dedupe_key):
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
        if is_queued(draft.dedupe_key):  # another node was first since it was asked
            return None
        raise
    return letter


def is_queued(dedupe_key: str) -> bool:
    """True if a letter of this key was queued, whatever became of it."""
    same = select(Letter.id).where(Letter.dedupe_key == dedupe_key)
    return db.session.scalar(same) is not None


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
    return _is_one(recipient_id, uid, sequence, address, gone)


def was_withheld(recipient_id: str, uid: str, sequence: int, address: str) -> bool:
    """True if the letter with this SEQUENCE for this address will never leave, and did not."""
    stopped = (Letter.state == LetterState.SUPPRESSED) & (Letter.ambiguous == 0)
    return _is_one(recipient_id, uid, sequence, address, stopped)


def will_leave(recipient_id: str, uid: str, sequence: int, address: str) -> bool:
    """True if the letter with this SEQUENCE for this address waits to leave."""
    waits = Letter.state.in_(UNDELIVERED) | (Letter.phase == Phase.CLAIMED)
    return _is_one(recipient_id, uid, sequence, address, waits)


def _is_one(
    recipient_id: str, uid: str, sequence: int, address: str, state: ColumnElement[bool]
) -> bool:
    """True if one letter with this SEQUENCE, no reminder, stands so."""
    one = (
        select(Letter.id)
        .where(
            Letter.recipient_id == recipient_id,
            Letter.uid == uid,
            Letter.sequence == sequence,
            Letter.address == address,
            Letter.kind != "reminder",
            state,
        )
        .limit(1)
    )
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
    """Let letters that still wait leave at `until`, not before, and the text messages that say the
    same.
    """
    letters = list(db.session.scalars(select(Letter).where(Letter.id.in_(list(letter_ids)))))
    texts = [letter.dedupe_key + TEXT_TOO for letter in letters]
    held = Letter.id.in_(list(letter_ids)) | Letter.dedupe_key.in_(texts)
    db.session.execute(
        update(Letter)
        .where(
            held,
            Letter.state == LetterState.WAITING,
            Letter.due_at < until,
        )
        .values(due_at=until)
    )


def take_back_letter(letter_id: str) -> bool:
    """Keep in a letter of which nothing has left, and the text message that says the same; True if
    the reader knows nothing of it. A text message that waits alone is kept in, too.
    """
    letter = _locked(Letter.id == letter_id)
    if letter is None:
        return False
    text = _locked(Letter.dedupe_key == letter.dedupe_key + TEXT_TOO)
    if text is not None and not _is_waiting(text):
        return False
    if text is not None:
        _keep_in(text)
    if not _is_waiting(letter):
        return False
    _keep_in(letter)
    return True


def _locked(which: ColumnElement[bool]) -> Letter | None:
    row = select(Letter).where(which).with_for_update()
    return db.session.scalar(row.execution_options(populate_existing=True))


def _is_waiting(letter: Letter) -> bool:
    """True if nothing of a letter has left, nor may have."""
    waits = letter.state in UNDELIVERED and not letter.ambiguous
    return waits or letter.phase is Phase.CLAIMED


def _keep_in(letter: Letter) -> None:
    letter.state = LetterState.SUPPRESSED
    letter.phase = None
    letter.lease_until = None
    letter.reason = OVERTAKEN
    db.session.flush()
