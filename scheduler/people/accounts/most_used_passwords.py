"""Passwords that everybody tries first: a filter made of the most used ones, asked without network.

The filter beside this file (Bloom, 1970: none of them is missed, one of 100,000 others is refused
with them) holds the 100,000 most used passwords of ten million, and of the first million those of
twelve characters or more; lower case. Mark Burnett released them to the public domain, SecLists
sorted them (MIT): see the file of the licence. `make_filter` makes it anew from such a list.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from math import ceil
from pathlib import Path

BITS_A_WORD = 24
LOOKS = 17
"""Bits that each word sets: for 24 bits a word the best number."""
SHORTEST_PART = 4
FILE = Path(__file__).with_name("most_used_passwords.bloom")
TAIL = re.compile(r"[\W\d_]+$")
REPEATED = re.compile(r"(.+?)\1+")


def is_most_used(password: str) -> bool:
    """True if a password is among the most used: as it is, without the digits and signs behind it,
    or said several times over.
    """
    octets = _filter()
    return any(_is_in(octets, part) for part in _parts(password))


def make_filter(words: Iterable[str]) -> bytes:
    """Return a filter in which all these words are found, lower case or not."""
    known = {word.lower() for word in words}
    octets = bytearray(ceil(len(known) * BITS_A_WORD / 8))
    bits = len(octets) * 8
    for word in known:
        for place in _places(word, bits):
            octets[place // 8] |= 1 << place % 8
    return bytes(octets)


def _parts(password: str) -> Iterator[str]:
    whole = password.strip().lower()
    yield whole
    for said in (whole, TAIL.sub("", whole)):
        repeated = REPEATED.fullmatch(said)
        part = repeated[1] if repeated else said
        if len(part) >= SHORTEST_PART:
            yield part


def _is_in(octets: bytes, word: str) -> bool:
    bits = len(octets) * 8
    for place in _places(word, bits):
        octet = octets[place // 8]
        if not octet >> place % 8 & 1:
            return False
    return True


def _places(word: str, bits: int) -> Iterator[int]:
    """Yield which bits a word sets: two hashes stand for as many as are wanted (Kirsch and
    Mitzenmacher, 2006).
    """
    digest = hashlib.sha256(word.encode("utf-8", "replace")).digest()
    first = int.from_bytes(digest[:8], "big")
    step = int.from_bytes(digest[8:16], "big") | 1
    for look in range(LOOKS):
        yield (first + look * step) % bits


@cache
def _filter() -> bytes:
    return FILE.read_bytes()
