"""What a relative says on their own page beside yes, no or maybe: words, and another time; both
wait for staff as a mailed answer does.
"""

from datetime import datetime

from scheduler import tasks
from scheduler.i18n import N_
from scheduler.invitations.model.models import Answer, HeldKind, HeldReply, Invitation
from scheduler.invitations.replies.review_queue import Matter, hold_for_review, leads_to, task_key
from scheduler.kernel.errors import InputError

LONGEST = 500
NOTE = N_("they wrote this on their page, with an answer")
TIME = N_("they chose another time on their page")
NOTE_ALONE = N_("they wrote this on their page, without an answer")
NOTE_TASK = "{name} wrote something with an answer. Read it."
NOTE_ALONE_TASK = "{name} wrote a note on their page, without an answer. Read it."


def leave_note(
    row: Invitation,
    words: str,
    answer: Answer | None,
    recurrence: datetime | None,
    *,
    by: str,
    now: datetime,
) -> HeldReply | None:
    """Let words that came with an answer, or alone, wait for staff; None where the very same wait
    already. Raises InputError for more than 500 letters.
    """
    if len(words) > LONGEST:
        raise InputError(f"a note has at most {LONGEST} letters")
    about = f"{recurrence or ''} {words}"
    held = _held(
        row,
        HeldKind.WORDS,
        NOTE if answer else NOTE_ALONE,
        about,
        words,
        by=by,
        now=now,
    )
    if held is None:
        return None
    held.recurrence, held.answer = recurrence, answer
    said = NOTE_TASK if answer else NOTE_ALONE_TASK
    tasks.raise_task(
        "note",
        task_key(held),
        said.format(name=row.person.name),
        about_id=row.person_id,
        leads_to=leads_to(held),
        now=now,
    )
    return held


def propose_time(
    row: Invitation,
    recurrence: datetime | None,
    span: tuple[datetime, datetime],
    *,
    by: str,
    now: datetime,
) -> HeldReply | None:
    """Let another time for one date wait for staff, who take it up or decline it as a mailed one;
    None where the very same waits already.
    """
    begins, ends = span
    about = f"{recurrence or ''} {begins.isoformat()} {now.date()}"
    held = _held(
        row,
        HeldKind.PROPOSAL,
        TIME,
        about,
        "",
        by=by,
        now=now,
    )
    if held is not None:
        held.recurrence, held.starts_at, held.ends_at = recurrence, begins, ends
        held.sequence = row.sequence
    return held


def _held(
    row: Invitation,
    kind: HeldKind,
    reason: str,
    about: str,
    comment: str,
    *,
    by: str,
    now: datetime,
) -> HeldReply | None:
    key = f"page {kind.value} {row.uid} {about}"
    matter = Matter(
        kind,
        key,
        row.person.email,
        reason,
        row,
        comment=comment,
    )
    return hold_for_review(matter, by=by, now=now)
