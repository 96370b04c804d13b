"""Text from people, made fit to leave the house in a calendar entry or a letter. Pure."""

import re
import unicodedata

SUMMARY_LIMIT = 120
NAME_LIMIT = 80
DESCRIPTION_LIMIT = 2_000

_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Controls but TAB and LF (RFC 5545 3.1), bidirectional embeddings that reorder a line, lone
surrogates.
"""


_DIRECTION = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Unicode's Bidi_Control: marks and overrides of the direction of writing."""


def without_direction(text: str) -> str:
    """Return `text` without the signs that only turn the order of letters round: with them one name
    can look like another.
    """
    return text.translate(_DIRECTION)


def safe_text(text: str, *, limit: int, lines: bool = False) -> str:
    """Return `text` in NFC without control and bidi characters, at most `limit` characters.

    Line breaks of any kind become LF when `lines` is asked for, else one space.
    """
    one_break = _BREAKS.sub("\n", text)
    clean = unicodedata.normalize("NFC", _UNSAFE.sub("", one_break))
    if not lines:
        clean = " ".join(clean.split())
    clean = clean.strip()
    if len(clean) <= limit:
        return clean
    return clean[: limit - 1].rstrip() + "…"
