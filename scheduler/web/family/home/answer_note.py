"""Words that come with an answer, or alone: they reach staff, nobody else."""

from datetime import datetime

from flask import request

from scheduler.i18n import N_, catalog
from scheduler.invitations import leave_note
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.web.auth.reader_language import reader_language

LONGEST = 500
NOTHING = N_("Write a note first.")
TOO_LONG = N_("Your note is too long. Use less than {most} letters.")


def is_note_only() -> bool:
    """True if the note that was typed was sent without an answer."""
    return request.form.get("only", "") == "note"


def note_error(field: str = "note") -> dict[str, str]:
    """Return what is wrong with the note that was typed, by its field."""
    if is_note_only() and not _typed():
        return {field: catalog(reader_language())(NOTHING)}
    if len(_typed()) <= LONGEST:
        return {}
    words = catalog(reader_language())(TOO_LONG)
    return {field: words.format(most=LONGEST)}


def keep_note(
    row: Invitation, answer: Answer | None, recurrence: datetime | None, *, by: str, now: datetime
) -> None:
    """Let the note that was typed wait for staff, if there is one."""
    words = _typed()
    if words:
        leave_note(row, words, answer, recurrence, by=by, now=now)


def _typed() -> str:
    return request.form.get("note", "").strip()
