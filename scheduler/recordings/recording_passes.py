"""A person's own address for a recording: given when they ask, found by its secret, counted when it
is used.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import select, update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person
from scheduler.recordings.models import Recording, RecordingPass

LASTS = timedelta(hours=48)
"""How long an address works; who wants to go on watching takes another from their own page."""

_key: bytes | None = None


def use_key(key: bytes) -> None:
    """Tell this process the key that addresses are made with; it is this purpose's own."""
    global _key
    _key = key


def pass_token(pass_id: str) -> str:
    """Return the 256-bit secret of a pass' address: always the same, and kept as a hash alone."""
    if _key is None:
        raise Misconfigured("recordings were not told with which key to make addresses")
    digest = hmac.new(
        _key,
        pass_id.encode(),
        hashlib.sha256,
    ).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def give_pass(recording: Recording, person: Person, *, by: str, now: datetime) -> RecordingPass:
    """Return a person's address for a recording, made now unless one still works. Whether they may
    is asked before.
    """
    wanted = select(RecordingPass).where(
        RecordingPass.recording_id == recording.id,
        RecordingPass.person_id == person.id,
        RecordingPass.ends_at > now,
    )
    # One whose address was made with a key of before still works, but cannot be told again.
    for standing in db.session.scalars(wanted.order_by(RecordingPass.ends_at.desc())):
        if standing.token_hash == _hash(pass_token(standing.id)):
            return standing
    pass_id = new_id()
    row = RecordingPass(
        id=pass_id,
        recording_id=recording.id,
        person_id=person.id,
        token_hash=_hash(pass_token(pass_id)),
        made_at=now,
        ends_at=min(now + LASTS, recording.ends_at),
    )
    db.session.add(row)
    db.session.flush()
    details = {"recording": recording.id, "person": person.id}
    audit.append(
        "recordings.pass",
        recording.session.key,
        details,
        by=by,
        now=now,
    )
    return row


def pass_by_token(token: str) -> RecordingPass | None:
    """Return the pass behind a secret, whether it still works or not."""
    wanted = select(RecordingPass).where(RecordingPass.token_hash == _hash(token))
    return db.session.scalars(wanted).one_or_none()


def end_passes_by(moment: datetime) -> None:
    """Let no address that was given so far work longer than to a moment."""
    later = update(RecordingPass).where(RecordingPass.ends_at > moment)
    db.session.execute(later.values(ends_at=moment))


def any_pass() -> RecordingPass | None:
    """Return some pass, to look at in the place of one that never was."""
    return db.session.scalars(select(RecordingPass).limit(1)).first()


def count_watching(row: RecordingPass, *, by: str, now: datetime) -> None:
    """Count that the recording is opened once more."""
    row.times = RecordingPass.times + 1
    row.last_at = now
    db.session.flush()
    details = {"recording": row.recording_id, "person": row.person_id}
    audit.append(
        "recordings.opened",
        row.recording.session.key,
        details,
        by=by,
        now=now,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
