"""Text that the database keeps sealed: whoever holds a copy of it, but not our key, reads nothing.

Sealed with AES-256-GCM; the newest key seals, older ones still open, and so does what an older
program sealed (Fernet).
"""

import base64
import binascii
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from scheduler.kernel.errors import Misconfigured

MARK = "gcm."
"""What begins a text that is sealed as now; Fernet's begin otherwise."""
NONCE = 12
"""Octets, made by chance for each text."""

_keys: tuple[bytes, ...] = ()


def use_keys(keys: Sequence[bytes]) -> None:
    """Take the keys of 32 octets, the newest first; done by the factory, once."""
    global _keys
    _keys = tuple(keys)


def has_keys() -> bool:
    """True if something can be sealed here: a bare migration has no keys."""
    return bool(_keys)


def seal(text: str) -> str:
    """Return a text sealed with the newest key. Raises Misconfigured without one."""
    newest, *_ = _ready()
    nonce = secrets.token_bytes(NONCE)
    octets = nonce + AESGCM(newest).encrypt(nonce, text.encode(), None)
    return MARK + base64.urlsafe_b64encode(octets).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises Misconfigured where none of our keys opens it."""
    keys = _ready()
    if sealed.startswith(MARK):
        opened = _opened(sealed, keys)
    else:
        opened = _opened_fernet(sealed, keys)
    if opened is None:
        raise Misconfigured("SECRET_KEY: what this database keeps was sealed by another")
    return opened


def _opened(sealed: str, keys: Sequence[bytes]) -> str | None:
    said = sealed.removeprefix(MARK)
    try:
        octets = base64.urlsafe_b64decode(said)
    except (binascii.Error, ValueError):
        return None
    if base64.urlsafe_b64encode(octets).decode() != said:
        return None  # the same octets in another spelling: somebody changed it
    for key in keys:
        try:
            return AESGCM(key).decrypt(octets[:NONCE], octets[NONCE:], None).decode()
        except (InvalidTag, ValueError):
            continue
    return None


def _opened_fernet(sealed: str, keys: Sequence[bytes]) -> str | None:
    readers = [Fernet(base64.urlsafe_b64encode(key)) for key in keys]
    try:
        return MultiFernet(readers).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _ready() -> tuple[bytes, ...]:
    if not _keys:
        raise Misconfigured("there is no key to seal with")
    return _keys


class SealedText(TypeDecorator[str]):
    """A text that only stands sealed in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal it on the way in."""
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open it on the way out."""
        return None if value is None else unseal(value)
