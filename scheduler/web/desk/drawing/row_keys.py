"""Short names for rows typed without one: whoever adds a group thinks of its title. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
LONGEST = 50


def with_keys(rows: Sequence[Mapping[str, Any]], taken: Collection[str] = ()) -> list[Row]:
    """Return rows, each with a short name: its own, else one made of its title or kind that neither
    another row has nor `taken` holds.
    """
    used = set(taken)
    for row in rows:
        used.add(str(row.get("key", "")))
    found = []
    for row in rows:
        named = dict(row)
        if not named.get("key"):
            named["key"] = _free(_stem(row), used)
            used.add(named["key"])
        found.append(named)
    return found


def _stem(row: Mapping[str, Any]) -> str:
    """Return a title in small letters without accents, parted by hyphens."""
    title = row.get("title") or row.get("kind") or ""
    letters = unicodedata.normalize("NFKD", str(title).lower())
    words = re.findall("[a-z0-9]+", letters.encode("ascii", "ignore").decode())
    joined = "-".join(words)
    return joined[:LONGEST].strip("-") or "row"


def _free(stem: str, used: Collection[str]) -> str:
    key = stem
    number = 1
    while key in used:
        number += 1
        key = f"{stem}-{number}"
    return key
