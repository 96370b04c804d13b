"""Files that prove what they say: signed with Ed25519 (RFC 8032) by a key made of the practice's
secret; `docs/verify_accounting.py` checks them with Python alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scheduler.kernel.errors import Misconfigured

_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file ready to be handed over, and the key that signed it, as 64 hexadecimal digits."""

    octets: bytes
    key: str


def sign_with(key: bytes) -> None:
    """Take the 32 octets of the key that files are signed with."""
    global _key
    _key = key


def sign_file(document: Mapping[str, Any]) -> SignedFile:
    """Return a document with its signature, which covers every byte of it. Raises Misconfigured
    without a key.
    """
    if _key is None:
        raise Misconfigured("there is no key to sign files with")
    private = Ed25519PrivateKey.from_private_bytes(_key)
    public = private.public_key().public_bytes_raw().hex()
    value = private.sign(written(document)).hex()
    signature = {"algorithm": "Ed25519", "key": public, "value": value}
    return SignedFile(written({**document, "signature": signature}), public)


def written(document: Mapping[str, Any]) -> bytes:
    """Return the one way in which a signed file is written, so that every byte counts."""
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()
