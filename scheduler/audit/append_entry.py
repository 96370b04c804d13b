"""Adding one entry to the record, in the transaction of the deed it tells of."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.errors import Misconfigured

BEGINNING = "0" * 64
# Made once: every page and every call is written down.
NEWEST = select(AuditEntry.number, AuditEntry.chain).order_by(AuditEntry.number.desc()).limit(1)
LOCK = text("SELECT pg_advisory_xact_lock(:lock)")
WRITE = insert(AuditEntry.__table__)  # type: ignore[arg-type]
ONE_WRITER = 0x6B696E  # one lock for all who append, so that numbers have no gap


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to which record, by its key or id."""

    deed: str
    about: str
    details: dict[str, Any] = field(default_factory=dict)


_key: bytes | None = None
_former: tuple[bytes, ...] = ()


def use_key(key: bytes, *, former: Sequence[bytes] = ()) -> None:
    """Take the key the chain is made with, and those it was made with before, the newest first;
    they live outside the database.
    """
    global _key, _former
    _key = key
    _former = tuple(former)


def append(
    deed: str, about: str, details: dict[str, Any] | None = None, *, by: str, now: datetime
) -> AuditEntry:
    """Write down who did what to which record; ids and keys only, never names or addresses."""
    line = Line(deed, about, details or {})
    (entry,) = append_all([line], by=by, now=now)
    return entry


def append_all(lines: Sequence[Line], *, by: str, now: datetime) -> list[AuditEntry]:
    """Write down several deeds of one moment, in their order and at the cost of about one."""
    if not lines:
        return []
    db.session.flush()
    connection = one_writer()
    last = connection.execute(NEWEST).first()
    number, chain = (last.number, last.chain) if last else (0, BEGINNING)
    entries = []
    for line in lines:
        number += 1
        entry = AuditEntry(
            number=number,
            at=now,
            by=by,
            deed=line.deed,
            about=line.about,
            details=line.details,
            chain="",
        )
        chain = entry.chain = link(chain, entry)
        entries.append(entry)
    connection.execute(WRITE, [row_of(entry) for entry in entries])
    return entries


def row_of(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as its table keeps it."""
    return {
        "number": entry.number,
        "at": entry.at,
        "by": entry.by,
        "deed": entry.deed,
        "about": entry.about,
        "details": entry.details,
        "chain": entry.chain,
    }


def one_writer() -> Connection:
    """Wait until no other transaction appends; SQLite's write transactions stand in line anyway.
    Return the connection of this transaction.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(LOCK, {"lock": ONE_WRITER})
    return connection


def link(before: str, entry: AuditEntry) -> str:
    """Return what chains an entry to the one before: HMAC-SHA256 over that link and the entry in
    canonical JSON.
    """
    return seal(words_of(before, entry))


def words_of(before: str, entry: AuditEntry) -> list[Any]:
    """Return what an entry's link is made of."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return [before, entry.number, moment, entry.by, entry.deed, entry.about, entry.details]


def seal(words: list[Any]) -> str:
    """Return the HMAC-SHA256 of these words in canonical JSON. Raises Misconfigured without a
    key.
    """
    return _sealed(words, _keys()[0])


def age_of_seal(seal: str, words: list[Any]) -> int | None:
    """Return how many changes of the key ago these words were sealed so, 0 for the key in force;
    None where no key of ours made it.
    """
    for age, key in enumerate(_keys()):
        if hmac.compare_digest(seal.encode(), _sealed(words, key).encode()):
            return age
    return None


def oldest_key() -> int:
    """Return how often the key was changed."""
    return len(_former)


def _keys() -> tuple[bytes, ...]:
    if _key is None:
        raise Misconfigured("the audit record has no key")
    return (_key, *_former)


def _sealed(words: list[Any], key: bytes) -> str:
    canonical = json.dumps(
        words,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hmac.new(
        key,
        canonical.encode(),
        hashlib.sha256,
    ).hexdigest()
