"""Random names: ids that count nothing, and secrets that are stored only as a hash."""

import hashlib
import secrets


def new_id() -> str:
    """Make a random 128-bit id, 32 hexadecimal digits, for a row or a calendar entry."""
    return secrets.token_hex(16)


def new_token() -> str:
    """Make a 256-bit secret for an address or a cookie; shown once, stored only as its hash (ASVS
    11.5.1).
    """
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the SHA-256 of a secret, the only form of it that is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
