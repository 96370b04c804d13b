"""Devices that stay known to one person: rows behind secrets in the browser's cookie, until the
program ends or somebody ends them.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, select, update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_token, token_hash
from scheduler.people.models import KeptDevice, Person


def keep_device(person: Person, *, what: str, ends_at: datetime, now: datetime) -> str:
    """Let a device be known to `person` until `ends_at`; give the cookie's secret, which is stored
    only as its hash.
    """
    secret = new_token()
    row = KeptDevice(
        token_hash=token_hash(secret),
        person_id=person.id,
        what=what,
        kept_at=now,
        ends_at=ends_at,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "people.keep_device",
        f"person {person.id}",
        by=person.key,
        now=now,
    )
    return secret


def devices_behind(secrets: Collection[str], *, now: datetime) -> list[KeptDevice]:
    """Return the devices of these secrets that are still known, the oldest first."""
    if not secrets:
        return []
    hashes = [token_hash(secret) for secret in secrets]
    rows = _standing(now).where(KeptDevice.token_hash.in_(hashes))
    return list(db.session.scalars(rows))


def devices_of(person: Person, *, now: datetime) -> list[KeptDevice]:
    """Return the devices that are known to a person, the oldest first."""
    return list(db.session.scalars(_standing(now).where(KeptDevice.person_id == person.id)))


def end_devices(
    person: Person, ids: Collection[str] | None = None, *, by: str, now: datetime
) -> int:
    """Let devices of a person (these ids; None: all) be known no longer; return how many."""
    theirs = update(KeptDevice).where(
        KeptDevice.person_id == person.id,
        KeptDevice.ended_at.is_(None),
    )
    if ids is not None:
        theirs = theirs.where(KeptDevice.id.in_(ids))
    done = db.session.execute(theirs.values(ended_at=now))
    ended = int(
        getattr(
            done,
            "rowcount",
            0,
        )
    )
    if ended:
        details = {"devices": ended}
        audit.append(
            "people.end_device",
            f"person {person.id}",
            details,
            by=by,
            now=now,
        )
    return ended


def _standing(now: datetime) -> Select[KeptDevice]:
    rows = select(KeptDevice).where(
        KeptDevice.ended_at.is_(None),
        KeptDevice.ends_at > now,
    )
    return rows.order_by(
        KeptDevice.kept_at,
        KeptDevice.id,
    )
