"""Signed requests to and from the gateway of text messages: HMAC-SHA256 over the moment and the
body. Pure.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

TIME = "X-Kinfold-Time"
SIGNATURE = "X-Kinfold-Signature"
PATIENCE = timedelta(minutes=5)
"""How far the moment of a request may be from ours; older ones are repeats."""


def signed(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that prove who sends `body`, and when (Unix seconds)."""
    moment = str(int(now.timestamp()))
    return {
        TIME: moment,
        SIGNATURE: f"v1={_digest(secret, moment, body)}",
    }


def is_genuine(secret: str, body: bytes, moment: str, signature: str, now: datetime) -> bool:
    """True if a request was signed with `secret` within five minutes of `now`."""
    if not moment.isascii() or not moment.isdigit() or len(moment) > 12:
        return False
    if abs(int(moment) - now.timestamp()) > PATIENCE.total_seconds():
        return False
    wanted = f"v1={_digest(secret, moment, body)}".encode()
    return hmac.compare_digest(wanted, signature.encode("utf-8", "replace"))


def _digest(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(
        secret.encode(),
        moment.encode() + b"." + body,
        hashlib.sha256,
    ).hexdigest()
