"""What a server's answer means: unpacked, told from a web page, and when to ask again."""

import time
import zlib
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse

from scheduler.kernel.errors import InputError

MOST_WAIT = 30 * 24 * 3600
"""Seconds that a server may ask us to stay away."""
_WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Codings of RFC 9110 8.4.1, as zlib names their windows."""
NO_CODING = frozenset({"", "identity", "none", "binary", "8bit", "utf-8", "utf8", "aws-chunked"})
"""What packs nothing, and what is no coding but is written in its place."""
MOST_CODINGS = 3
CALENDAR = b"BEGIN:VCALENDAR"
RAW_DEFLATE = -15
"""What some servers call deflate: without the frame that the word stands for."""


class Unreachable(InputError):
    """An address that may not be fetched, or that did not give what was asked for; in a sentence
    for its owner.

    `wait` is for how many seconds the server asked not to be asked again, None when it did not say.
    """

    def __init__(self, words: str, *, wait: int | None = None) -> None:
        super().__init__(words)
        self.wait = wait


def too_large(largest: int) -> Unreachable:
    """Return what to raise for a calendar of more than `largest` octets."""
    if largest >= 1024**2:
        size = f"{largest // 1024**2} MB"
    else:
        size = f"{largest // 1024} KB"
    return Unreachable(f"the calendar is larger than {size}; share less of it")


def meaning(status: int) -> str:
    """Return what a status other than success means for the owner of the address."""
    if status in {401, 403}:
        return "it is not open to us; use the secret address of the calendar"
    if status in {404, 410}:
        return "there is no calendar any more; copy the address anew"
    if status == 429:
        return "it was asked too often; it is tried again when it allows"
    if status == 511:
        return "the network wants somebody to sign in first; it is tried again later"
    return "it is tried again later"


def longest_wait(answer: HTTPResponse) -> int | None:
    """Return for how many seconds an answer asks to stay away (RFC 9110 10.2.3), None for none."""
    said = (answer.headers["Retry-After"] or "").strip()
    if said.isascii() and said.isdigit():
        return min(int(said[:12]), MOST_WAIT)
    try:
        until = parsedate_to_datetime(said).timestamp()
    except ValueError:
        return None
    try:
        there = parsedate_to_datetime(answer.headers["Date"] or "").timestamp()
    except ValueError:
        there = time.time()
    return max(0, min(round(until - there), MOST_WAIT))


def unpacked(data: bytes, coding: str, largest: int) -> bytes:
    """Return what was packed, at most `largest` octets: some pack though nobody asked them to, some
    say so of what is not packed, and some pack twice (RFC 9110 8.4).

    Raises Unreachable for more, for what is cut off, and for a coding that is not known.
    """
    named = [name.strip().lower() for name in coding.split(",")]
    codings = [name for name in named if name not in NO_CODING]
    if len(codings) > MOST_CODINGS:
        raise Unreachable("the answer is packed in a way that was not asked for")
    for name in reversed(codings):
        if data.lstrip().startswith(CALENDAR):
            break
        data = _unpacked_once(data, name, largest)
    return data


def _unpacked_once(data: bytes, coding: str, largest: int) -> bytes:
    if coding not in _WINDOW:
        raise Unreachable("the answer is packed in a way that was not asked for")
    has_frame = int.from_bytes(data[:2], "big") % 31 == 0
    if coding != "deflate" or has_frame:
        window = _WINDOW[coding]
    else:
        window = RAW_DEFLATE
    try:
        found, is_whole = _inflated(data, window, largest + 1)
    except zlib.error as error:
        raise Unreachable("the answer is packed, and cannot be unpacked") from error
    if len(found) > largest:
        raise too_large(largest)
    if not is_whole:
        raise Unreachable("the answer was cut off")
    return found


def _inflated(data: bytes, window: int, most: int) -> tuple[bytes, bool]:
    """Return at most `most` octets of what was packed in one piece or several, and whether the last
    piece is whole.
    """
    found, unpacker = b"", zlib.decompressobj(window)
    while data and len(found) < most:
        unpacker = zlib.decompressobj(window)
        found += unpacker.decompress(data, most - len(found))
        if not unpacker.eof:
            break
        data = unpacker.unused_data.lstrip(b"\0")
    return found, unpacker.eof


def require_no_page(data: bytes, host: str) -> None:
    """Refuse a web page in the place of a calendar. Raises Unreachable."""
    begin = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.startswith(b"<"):
        raise Unreachable(
            f"a web page came in the place of a calendar from {host}: either the address is not "
            "the calendar's own, or the network wants somebody to sign in first; it is tried again "
            "later"
        )
