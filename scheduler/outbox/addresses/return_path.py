"""The address that reports about one letter come back to: our own, with a signed tag (as VERP).

Many reports name nothing of the letter but the address they are sent to. Pure.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

LONGEST = 64
"""Octets before the @ (RFC 5321 4.5.3.1.1)."""
_TAG = re.compile(r"[a-z2-7]{26}[a-z2-7]{8}")


@dataclass(frozen=True, slots=True)
class ReturnPaths:
    """The sign between our name and the tag, which our mail server takes as part of our name, and
    the key of the tags; those of `former` keys are still known.
    """

    sign: str
    key: bytes
    former: tuple[bytes, ...] = ()


_paths: ReturnPaths | None = None


def use_return_paths(paths: ReturnPaths | None) -> None:
    """Take how letters are tagged; None: not at all. Done by the factory, once."""
    global _paths
    _paths = paths


def return_address(sender: str, letter_id: str) -> str:
    """Return where reports about a letter go: `sender` itself where letters are not tagged, or
    where the tag does not fit.
    """
    if _paths is None:
        return sender
    name, _, domain = sender.rpartition("@")
    tag = _tag(letter_id, _paths.key)
    tagged = f"{name}{_paths.sign}{tag}"
    if not tag or len(tagged.encode()) > LONGEST:
        return sender
    return f"{tagged}@{domain}"


def letter_behind(address: str) -> str | None:
    """Return the id of the letter that an address was made for; None for any other address."""
    if _paths is None:
        return None
    name, _, _domain = address.lower().rpartition("@")
    _before, sign, tag = name.rpartition(_paths.sign)
    if not sign or not _TAG.fullmatch(tag):
        return None
    letter_id = base64.b32decode(f"{tag[:26].upper()}======").hex()
    for key in (_paths.key, *_paths.former):
        if hmac.compare_digest(tag, _tag(letter_id, key)):
            return letter_id
    return None


def without_tag(address: str) -> str:
    """Return an address as it is without a tag of ours."""
    if letter_behind(address) is None or _paths is None:
        return address
    name, _, domain = address.rpartition("@")
    before, _, _tagged = name.rpartition(_paths.sign)
    return f"{before}@{domain}"


def _tag(letter_id: str, key: bytes) -> str:
    """Return the id and its signature in letters that survive any mail server; "" for an id of
    another form.
    """
    try:
        raw = bytes.fromhex(letter_id)
    except ValueError:
        return ""
    if len(raw) != 16:
        return ""
    digest = hmac.new(
        key,
        b"return:" + raw,
        hashlib.sha256,
    ).digest()
    whole = _letters(raw) + _letters(digest[:5])
    return whole.lower()


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")
