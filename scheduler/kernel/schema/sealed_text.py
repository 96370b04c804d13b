"""Text that the database keeps sealed: whoever holds a copy of it, but not our key, reads nothing.

Sealed with Fernet (AES-128-CBC and HMAC-SHA256); the newest key seals, older ones still open.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from scheduler.kernel.errors import Misconfigured

_keys: MultiFernet | None = None


def use_keys(keys: Sequence[bytes]) -> None:
    """Take the keys of 32 octets, the newest first; done by the factory, once."""
    global _keys
    _keys = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def has_keys() -> bool:
    """True if something can be sealed here: a bare migration has no keys."""
    return _keys is not None


def seal(text: str) -> str:
    """Return a text sealed with the newest key. Raises Misconfigured without one."""
    return _ready().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises Misconfigured where none of our keys opens it."""
    try:
        return _ready().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Misconfigured("SECRET_KEY: what this database keeps was sealed by another") from error


def _ready() -> MultiFernet:
    if _keys is None:
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
