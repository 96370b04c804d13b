"""What somebody is found by: name without accents, key, address and number, as one line. Pure."""

import unicodedata
from collections.abc import Iterable

MOST = 600
"""Letters of a line: an index takes no more of the widest ones."""


def folded(words: str) -> str:
    """Return words as a search compares them: no accents, no case, one space between."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    kept = []
    for sign in parts:
        if not unicodedata.combining(sign):
            kept.append(sign)
    plain = "".join(kept).casefold()
    return " ".join(plain.split())


def sought_line(name: str, others: Iterable[str | None]) -> str:
    """Return the line somebody is found by; it begins with the name, so that it orders people."""
    said = [name, *(other for other in others if other)]
    return folded(" ".join(said))[:MOST]
