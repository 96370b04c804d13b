"""Notes of the team about a session: appended, never changed, and told to nobody outside."""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.sessions.models import Session, TeamNote

LONGEST_NOTE = 2000
"""Characters of a note."""


def write_note(session: Session, words: str, *, by: str, now: datetime) -> TeamNote:
    """Keep a note about a session; the record says that there is one, not what it says. Raises
    InputError.
    """
    said = " ".join(words.split())
    if not said:
        raise InputError(N_("write what the team should know"))
    if len(said) > LONGEST_NOTE:
        raise InputError(f"the note is longer than {LONGEST_NOTE} characters")
    note = TeamNote(
        session_id=session.id,
        words=said,
        by=by,
        at=now,
    )
    db.session.add(note)
    db.session.flush()
    audit.append(
        "sessions.note",
        f"session {session.key}",
        {"note": note.id},
        by=by,
        now=now,
    )
    return note


def notes_of(session: Session) -> list[TeamNote]:
    """Return the notes about a session, the newest first."""
    wanted = select(TeamNote).where(TeamNote.session_id == session.id)
    newest_first = wanted.order_by(
        TeamNote.at.desc(),
        TeamNote.id.desc(),
    )
    return list(db.session.scalars(newest_first))
