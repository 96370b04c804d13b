"""One person's visit to the room of one session, and the names a video service knows it by. Pure.

A name is made by HMAC from the session and its start: nobody guesses it, none tells of another, and
a session that is moved leaves its old address behind.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"
LENGTH = 26
"""36^26 names are more than 2^134."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who goes in, and until when; `name` is what the others in the room see."""

    session_id: str
    starts_at: datetime
    ends_at: datetime
    person_id: str
    name: str
    moderates: bool = False


def session_name(key: bytes, visit: Visit) -> str:
    """Return the 26 letters and digits by which a service knows the session."""
    return opaque(key, "session", visit.session_id, visit.starts_at.isoformat())


def visitor_name(key: bytes, visit: Visit) -> str:
    """Return what a service knows the person by: another name in every session."""
    return opaque(
        key,
        "visitor",
        visit.session_id,
        visit.person_id,
    )


def opaque(key: bytes, *about: str) -> str:
    """Return 26 letters and digits that only `key` makes of `about`."""
    digest = hmac.new(key, "\0".join(about).encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest)
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)
