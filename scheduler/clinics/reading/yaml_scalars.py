"""What a plain word in a clinic file is: the YAML 1.2 core schema and days; all else stays text.
Pure.
"""

import re
from datetime import date

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FRACTION = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BASES = {"0o": 8, "0x": 16}

Scalar = str | int | float | bool | date | None


def resolve(word: str) -> Scalar:
    """Return what a plain (unquoted) word means (YAML 1.2, section 10.3); a day that never was
    stays text.
    """
    if word in _WORDS:
        return _WORDS[word]
    if not word[0].isascii() or word[0].isalpha():
        return word
    if _WHOLE.fullmatch(word):
        return int(word, _BASES.get(word[:2], 10))
    if _DAY.fullmatch(word):
        day = as_day(word)
        return word if day is None else day
    if len(word) <= 300 and _FRACTION.fullmatch(word):
        return float(word.replace(".", "") if word[-1] in "fFnN" else word)
    return word


def as_day(word: str) -> date | None:
    """Read `YYYY-MM-DD`; None when it is written otherwise or there is no such day."""
    if not _DAY.fullmatch(word):
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
