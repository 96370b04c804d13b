"""The keys of an installation: the newest works, those of before are remembered. Pure.

A secret is one line; below it stand, a line each, the keys of before it and the last day on which
what was signed with them still counts: `KEY until 2027-03-30`.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scheduler.kernel.errors import Misconfigured

UNTIL = " until "


@dataclass(frozen=True, slots=True)
class FormerKey:
    """A key of before, and the last day on which its links and cookies still work."""

    key: str
    until: date


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that works, and those of before it, the newest first."""

    newest: str
    former: tuple[FormerKey, ...] = ()

    def followed_by(self, key: str, *, until: date) -> "Keys":
        """Return the keys after a change: ours becomes one of before, and none of those before it
        holds longer than ours.
        """
        ended = tuple(FormerKey(known.key, min(known.until, until)) for known in self.former)
        return Keys(key, (FormerKey(self.newest, until), *ended))


@dataclass(frozen=True, slots=True)
class KeptKeys:
    """Where an installation's keys stand (None: in the environment itself), which were SECRET_KEY
    before, the newest first, and which a change that was cut off has written down: the database may
    be theirs already.
    """

    former: tuple[FormerKey, ...] = ()
    secret_file: Path | None = None
    database_file: Path | None = None
    coming_secret: str | None = None
    coming_database: str | None = None


def read_keys(text: str, *, of: str) -> Keys:
    """Return the keys that the setting `of` holds. Raises Misconfigured."""
    first, *others = text.strip().splitlines() or [""]
    former = []
    for line in others:
        if line.strip():
            former.append(_former(line.strip(), of))
    return Keys(first.strip(), tuple(former))


def written_keys(keys: Keys) -> str:
    """Return the lines that `read_keys` reads."""
    lines = [f"{former.key}{UNTIL}{former.until.isoformat()}" for former in keys.former]
    return "\n".join([keys.newest, *lines]) + "\n"


def derived_key(secret_key: str, purpose: str) -> bytes:
    """Return the key for one purpose, so that no secret serves two."""
    return hmac.new(
        secret_key.encode(),
        purpose.encode(),
        hashlib.sha256,
    ).digest()


def name_of_key(key: str) -> str:
    """Return what names a key in the record and tells nothing of it."""
    return derived_key(key, "name").hex()[:16]


def _former(line: str, of: str) -> FormerKey:
    key, sign, day = line.rpartition(UNTIL)
    try:
        until = date.fromisoformat(day)
    except ValueError:
        until = None
    if not key or not sign or until is None:
        raise Misconfigured(f"{of}: below the key, want lines as KEY until 2027-03-30")
    return FormerKey(key, until)
