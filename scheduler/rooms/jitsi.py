"""Rooms of Jitsi Meet, opened by a signed token (RFC 7519, HS256; lib-jitsi-meet, `tokens.md`).
Pure.

Jitsi looks at the token when somebody connects; so it is short-lived, and whoever lost their
connection goes back to the door for another.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scheduler.rooms.visit import Visit, session_name, visitor_name

LIFE = timedelta(minutes=1)
"""How long a token opens its room: enough to get there, and no longer than the session. Jitsi takes
none back, so this is how long one outlives a withdrawal; whoever is slower asks for another.
"""
CLOCKS_APART = timedelta(seconds=30)
"""How far the service's clock may be behind ours."""
AUDIENCE = "jitsi"


def jitsi_address(
    url: str, app_id: str, secret: bytes, visit: Visit, *, key: bytes, now: datetime
) -> str:
    """Return the address that lets one person into the room of one session until the token ends;
    `key` names the room, `secret` is shared with the service.
    """
    room = session_name(key, visit)
    claims = {
        "aud": AUDIENCE,
        "iss": app_id,
        "sub": (urlsplit(url).hostname or "").lower(),
        "room": room,
        "nbf": int((now - CLOCKS_APART).timestamp()),
        "exp": int(min(now + LIFE, visit.ends_at).timestamp()),
        "context": {"user": _user(visit, key)},
    }
    return f"{url.rstrip('/')}/{room}?jwt={signed_token(claims, secret)}"


def signed_token(claims: Mapping[str, object], secret: bytes) -> str:
    """Return claims as a JSON Web Token, signed by HMAC with SHA-256 (RFC 7515 3.1)."""
    header = _encoded(b'{"alg":"HS256","typ":"JWT"}')
    body = _encoded(json.dumps(claims, separators=(",", ":")).encode())
    signature = hmac.new(secret, f"{header}.{body}".encode(), hashlib.sha256).digest()
    return f"{header}.{body}.{_encoded(signature)}"


def _user(visit: Visit, key: bytes) -> dict[str, str]:
    # Jitsi takes text, numbers and null here and stumbles over a truth value.
    return {
        "id": visitor_name(key, visit),
        "name": visit.name,
        "moderator": "true" if visit.moderates else "false",
        "affiliation": "owner" if visit.moderates else "member",
    }


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
