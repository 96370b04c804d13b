"""Adding the recording of a workshop that was held, and taking it away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.programs import RECORDED_KINDS
from scheduler.recordings.models import Recording
from scheduler.recordings.queries import recording_of
from scheduler.recordings.recording_files import file_names
from scheduler.sessions.models import Session, Status

LONGEST_DAYS = 90
"""Days that a recording may be offered at most."""
LONGEST_LINK = 2000


@dataclass(frozen=True, slots=True)
class RecordingSource:
    """Where a recording is: a link of the clinic's own, or a file in its folder; one of the two."""

    url: str | None = None
    file: str | None = None


def add_recording(
    session: Session, source: RecordingSource, *, days: int, by: str, now: datetime
) -> Recording:
    """Let a session's recording be watched for `days` days; one that stood before gives way.

    Raises InputError for a kind that is not recorded, what is not over, and a source that is none.
    """
    _require_recorded_kind(session)
    if session.status is Status.CANCELLED or session.ends_at > now:
        raise InputError("only what was held can have a recording")
    if not 1 <= days <= LONGEST_DAYS:
        raise InputError(f"a recording is offered for 1 to {LONGEST_DAYS} days")
    _require_source(source)
    before = recording_of(session, now=now)
    if before is not None:
        remove_recording(before, by=by, now=now)
    row = Recording(
        session_id=session.id,
        url=source.url,
        file=source.file,
        ends_at=now + timedelta(days=days),
        added_at=now,
        added_by=by,
    )
    db.session.add(row)
    db.session.flush()
    details = {"recording": row.id, "days": days, "is_file": source.file is not None}
    audit.append("recordings.add", session.key, details, by=by, now=now)
    return row


def remove_recording(recording: Recording, *, by: str, now: datetime) -> None:
    """Let nobody watch a recording any more, whatever address they hold."""
    if recording.removed_at is None:
        recording.removed_at = now
        details = {"recording": recording.id}
        audit.append("recordings.remove", recording.session.key, details, by=by, now=now)


def _require_recorded_kind(session: Session) -> None:
    if session.kind not in RECORDED_KINDS:
        raise InputError(
            "only psychoeducation and family workshops can have a recording; a session of therapy "
            "is never recorded here"
        )


def _require_source(source: RecordingSource) -> None:
    if (source.url is None) == (source.file is None):
        raise InputError("give a link or choose a file, one of the two")
    if source.file is not None and source.file not in file_names():
        raise InputError("there is no such file in the folder of recordings")
    if source.url is not None and not _is_link(source.url):
        raise InputError("write the link as https://video.example/workshop")


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isprintable() and " " not in url and len(url) <= LONGEST_LINK
    return is_plain and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
