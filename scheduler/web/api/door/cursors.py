"""Cursors of lists: where the next page begins, sealed, and good for the one question alone that
they were given to. Pure.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from scheduler.kernel.errors import InputError

SEAL = 16
"""Octets of the signature."""
NOT_OURS = "this cursor belongs to another question, or to none: begin without one"


@cache
def cursor_key(secret_key: str) -> bytes:
    """Return the key of cursors."""
    return hmac.new(secret_key.encode(), b"api cursors", hashlib.sha256).digest()


def seal_cursor(key: bytes, place: list[Any], question: Mapping[str, Any]) -> str:
    """Return a cursor for the place in a list after which its next page begins."""
    words = json.dumps(place, separators=(",", ":")).encode()
    sealed = _seal(key, words, question) + words
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_cursor(key: bytes, cursor: str, question: Mapping[str, Any]) -> list[Any]:
    """Return the place a cursor names. Raises InputError for one of another question."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
    except ValueError:
        raise InputError(NOT_OURS) from None
    seal, words = sealed[:SEAL], sealed[SEAL:]
    if not hmac.compare_digest(seal, _seal(key, words, question)):
        raise InputError(NOT_OURS)
    place: list[Any] = json.loads(words)
    return place


def _seal(key: bytes, words: bytes, question: Mapping[str, Any]) -> bytes:
    asked = json.dumps(question, sort_keys=True, separators=(",", ":")).encode()
    length = len(asked).to_bytes(4)
    return hmac.new(
        key,
        length + asked + words,
        hashlib.sha256,
    ).digest()[:SEAL]
