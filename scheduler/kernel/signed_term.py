"""A token that says nothing but until when it holds, signed with a key of its own purpose."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

SET_UP_LASTS = timedelta(minutes=30)
LENGTH = 32
"""Hexadecimal digits of the signature and of what makes two tokens differ."""


def set_up_key(secret_key: str) -> bytes:
    """Return the key of addresses that open the first page."""
    return hmac.new(secret_key.encode(), b"set-up", hashlib.sha256).digest()


def sign_term(key: bytes, *, until: datetime) -> str:
    """Return a token that holds until a moment."""
    said = f"{int(until.timestamp())}-{secrets.token_hex(LENGTH // 2)}"
    return f"{said}-{_signature(key, said)}"


def is_in_term(token: str, key: bytes, *, now: datetime) -> bool:
    """True if a token was signed with this key and still holds."""
    said, _, signature = token.rpartition("-")
    if not hmac.compare_digest(_signature(key, said).encode(), signature.encode()):
        return False
    until = datetime.fromtimestamp(int(said.partition("-")[0]), UTC)
    return now < until


def _signature(key: bytes, said: str) -> str:
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:LENGTH]
