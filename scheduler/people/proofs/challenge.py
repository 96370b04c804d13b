"""What a passkey is asked to sign: random, dated, signed by us for one purpose and one browser.
Pure.

No row is written for it before it was answered, so that asking costs nothing; an answered one is
kept until its time is over, and opens nothing twice.
"""

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

CHALLENGE_LASTS = timedelta(minutes=10)
RANDOM = 16
"""Octets by chance (WebAuthn 3, 13.4.3, asks for 16 at least)."""
DATED = 8
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are bound to: the name of the host, and the origin pages come from; and what
    new ones may sign with, the better first: EdDSA, ES256 (RFC 9053). RS256, whose padding ASVS 5.0
    disallows, counts with passkeys of before alone.
    """

    host: str
    origin: str
    signatures: ClassVar[tuple[int, ...]] = (-8, -7)


def site_of(base_url: str) -> Site | None:
    """Return what passkeys of people who reach us at an address are bound to; None where browsers
    give none: at a bare number, and without https but on this machine itself.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    if host in LOOPBACK:
        return Site("localhost", f"{parts.scheme}://localhost{port}")
    if parts.scheme != "https" or _is_number(host):
        return None
    return Site(host, f"https://{host}{port}")


def new_challenge(key: bytes, *, about: str, now: datetime) -> bytes:
    """Return a challenge for one purpose, good for ten minutes."""
    moment = int(now.timestamp())
    said = secrets.token_bytes(RANDOM) + moment.to_bytes(DATED, "big")
    return said + _signature(key, about, said)


def is_open(challenge: bytes, key: bytes, *, about: str, now: datetime) -> bool:
    """True if we made a challenge for this purpose within ten minutes."""
    said, signature = challenge[: RANDOM + DATED], challenge[RANDOM + DATED :]
    if not hmac.compare_digest(_signature(key, about, said), signature):
        return False
    return now < ends_at(challenge)


def ends_at(challenge: bytes) -> datetime:
    """Return until when one of our challenges could be answered."""
    moment = int.from_bytes(challenge[RANDOM : RANDOM + DATED], "big")
    return datetime.fromtimestamp(moment, UTC) + CHALLENGE_LASTS


def _signature(key: bytes, about: str, said: bytes) -> bytes:
    return hmac.new(
        key,
        about.encode() + b"\0" + said,
        hashlib.sha256,
    ).digest()


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
