"""Keeping a mailed answer for a person to decide on: once, and never more than a desk can hold."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from scheduler import audit, tasks
from scheduler.ical import Reply
from scheduler.invitations.model.models import Answer, HeldKind, HeldReply, HeldState, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id

MOST = 500
"""Answers that wait at once; more come from a flood, not from families: a task says so."""
MOST_UNKNOWN = 300
"""Of people who cannot be named; the rest is kept for families."""
FULL = (
    "So many mails wait to be looked at that no more are kept. Look through the answers that wait, "
    "and read the mailbox itself."
)
PROPOSAL = "Proposes another time. Everything stays as it is until you move the session or decline."


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits: `key` is the mail's, `reason` is in words for staff, without names."""

    kind: HeldKind
    key: str
    sender: str
    reason: str
    row: Invitation | None = None
    reply: Reply | None = None
    person_id: str | None = None
    comment: str = ""
    quoted: str = ""
    letter_id: str | None = None


def hold_for_review(matter: Matter, *, by: str, now: datetime) -> HeldReply | None:
    """Keep it as open; None when the same is kept already or too much waits."""
    key = _key(matter)
    if _is_held(key):
        return None
    if _is_full(known=matter.row is not None or matter.person_id is not None):
        tasks.raise_task(
            "mail_answered",
            f"held_full:{now.date()}",
            FULL,
            about_id=None,
            now=now,
        )
        return None
    held = _row(matter, key, now)
    db.session.add(held)
    db.session.flush()
    if held.person_id:
        subject = f"person {held.person_id}"
    else:
        subject = f"reply {held.id}"
    details = {"reply": held.id, "kind": matter.kind.value}
    audit.append("invitations.held", subject, details, by=by, now=now)
    if held.kind is HeldKind.PROPOSAL:
        _ask_for_decision(held, now)
    return held


def _row(matter: Matter, key: str, now: datetime) -> HeldReply:
    row = matter.row
    held = HeldReply(
        comment=matter.comment or None,
        quoted=matter.quoted or None,
        letter_id=matter.letter_id,
        id=new_id(),
        key=key,
        kind=matter.kind,
        uid=row.uid if row else None,
        person_id=row.person_id if row else matter.person_id,
        sender=matter.sender[:255],
        reason=matter.reason,
        came_at=now,
        state=HeldState.OPEN,
    )
    if matter.reply is not None:
        _copy(matter.reply, held)
    return held


def _ask_for_decision(held: HeldReply, now: datetime) -> None:
    tasks.raise_task(
        "proposal",
        task_key(held),
        PROPOSAL,
        about_id=held.person_id,
        leads_to=leads_to(held),
        now=now,
    )


def leads_to(held: HeldReply) -> str:
    """Return where an answer that waits is decided, as tasks name it."""
    return f"reply:{held.id}"


def task_key(held: HeldReply) -> str:
    """Return the name of the task that asks staff to read it."""
    return f"held:{held.id}"


def _key(matter: Matter) -> str:
    """Return the name of what one mail says of one date: the same for what comes twice."""
    reply = matter.reply
    about = f"{reply.uid} {reply.recurrence or ''}" if reply else " "
    return hashlib.sha256(f"{matter.key} {about}".encode()).hexdigest()


def _is_held(key: str) -> bool:
    return db.session.scalar(select(HeldReply.id).where(HeldReply.key == key)) is not None


def _is_full(*, known: bool) -> bool:
    """True if a desk holds as much as it can; of people we cannot name, less."""
    waiting = select(func.count()).select_from(HeldReply).where(HeldReply.state == HeldState.OPEN)
    many = db.session.scalar(waiting) or 0
    return many >= (MOST if known else MOST_UNKNOWN)


def _copy(reply: Reply, held: HeldReply) -> None:
    """Keep what the reply said."""
    held.recurrence = reply.recurrence
    held.comment = reply.comment
    held.starts_at = reply.starts_at
    held.ends_at = reply.ends_at
    held.sequence = reply.sequence
    held.stamp = reply.stamp
    held.answer = Answer(reply.partstat) if reply.partstat in set(Answer) else None
