"""What parts a mail has, by what its server says of it (BODYSTRUCTURE, RFC 3501 7.4.2), and which
of them may say something; a photo need not be fetched to find the answer behind it. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

MOST_TOKENS = 5_000
MOST_DEEP = 20
MOST_PARTS = 20
MOST_OCTETS = 64 * 1024
"""Octets of one part that is fetched; an answer has few."""
WANTED = frozenset(
    {
        "text/calendar",
        "application/ics",
        "text/plain",
        "text/html",
        "message/delivery-status",
        "message/global-delivery-status",
        "text/rfc822-headers",
        "message/global-headers",
    }
)
SIZE_AT = 7
"""Which word of a part is its octets (RFC 3501 7.4.2)."""
BOUNDARY = b"=_kinfold_parts"
_TOKEN = re.compile(rb'[()]|"((?:[^"\\]|\\.)*)"|[^\s()"]+')
_OWN = re.compile(rb"(?im)^(?:Content-[^:\r\n]*|MIME-Version):[^\n]*\n(?:[ \t][^\n]*\n)*")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail: the number by which it is fetched, its type, file name and octets."""

    number: str
    kind: str
    name: str
    octets: int

    @property
    def is_wanted(self) -> bool:
        """Whether it may say something, and is no larger than what says something is."""
        is_calendar = self.kind == "application/octet-stream" and self.name.endswith(".ics")
        return self.octets <= MOST_OCTETS and (is_calendar or self.kind in WANTED)


def wanted_parts(said: Sequence[Any]) -> tuple[str, list[Part]]:
    """Return the type of a whole mail and the parts of it that may say something, from what a
    server answers to BODYSTRUCTURE; none where it cannot be read.
    """
    structure = _structure(_text(said))
    if not isinstance(structure, list) or not structure:
        return "", []
    parts = [part for part in _parts(structure, "") if part.is_wanted]
    return _subtype(structure), parts[:MOST_PARTS]


def put_together(head: bytes, subtype: str, parts: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return a mail of these parts (fields and body of each), under the fields of the whole."""
    own = _OWN.sub(b"", head.rstrip() + b"\r\n")
    kind = b"report; report-type=delivery-status" if subtype == "report" else b"mixed"
    lines = [
        own.rstrip(),
        b"MIME-Version: 1.0",
        b"Content-Type: multipart/" + kind + b'; boundary="' + BOUNDARY + b'"',
        b"",
    ]
    for fields, body in parts:
        lines += [b"--" + BOUNDARY, fields.strip(), b"", body]
    lines += [b"--" + BOUNDARY + b"--", b""]
    return b"\r\n".join(lines)


def _text(said: Sequence[Any]) -> bytes:
    """Return an answer as one line, each literal as a quoted word."""
    pieces = []
    for item in said:
        if isinstance(item, tuple):
            before, literal = item
            pieces.append(re.sub(rb"\{\d+\}$", b"", before))
            quoted = bytes(literal).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            pieces.append(b'"' + quoted + b'"')
        elif isinstance(item, bytes):
            pieces.append(item)
    return b" ".join(pieces)


def _structure(text: bytes) -> Any:
    """Return what stands in the parentheses after BODYSTRUCTURE; None for what is no structure."""
    _, found, rest = text.partition(b"BODYSTRUCTURE")
    if not found:
        return None
    open_lists: list[list[Any]] = []
    for token in islice(_TOKEN.finditer(rest), MOST_TOKENS):
        word = token.group()
        if len(open_lists) > MOST_DEEP:
            return None
        if word == b"(":
            open_lists.append([])
            continue
        if not open_lists:
            continue
        done: Any = _word(token)
        if word == b")":
            done = open_lists.pop()
        if not open_lists:
            return done
        innermost = open_lists[-1]
        innermost.append(done)
    return None


def _word(token: re.Match[bytes]) -> str:
    quoted = token.group(1)
    word = token.group() if quoted is None else quoted.replace(b"\\", b"")
    return word.decode("utf-8", "replace")


def _parts(structure: list[Any], number: str, deep: int = 0) -> Iterator[Part]:
    """Yield the parts of a mail with their numbers (RFC 3501 6.4.5)."""
    if deep > MOST_DEEP or not structure:
        return
    if not isinstance(structure[0], list):
        yield _leaf(structure, number or "1")
        return
    for place, child in enumerate(structure, start=1):
        if not isinstance(child, list) or not child:
            return
        inner = f"{number}.{place}" if number else str(place)
        yield from _parts(child, inner, deep + 1)


def _leaf(structure: list[Any], number: str) -> Part:
    words = []
    for word in structure[:SIZE_AT]:
        shown = word if isinstance(word, str) else ""
        words.append(shown)
    kind = "/".join(words[:2])
    octets = MOST_OCTETS + 1
    size = words[-1]
    if len(words) == SIZE_AT and size.isascii() and size.isdigit():
        octets = int(size)
    name = _name(structure)
    return Part(number, kind.lower(), name, octets)


def _name(structure: list[Any]) -> str:
    """Return the file name that a part is given, by its type or its disposition, in small
    letters.
    """
    for item in structure[2:]:
        for word, value in _pairs(item):
            if word.lower() in {"name", "filename"}:
                return value.lower()
    return ""


def _pairs(item: Any) -> Iterator[tuple[str, str]]:
    """Yield parameters and their values, of a list of them or of one that stands in a list."""
    if not isinstance(item, list):
        return
    for inner in (item, *item):
        if isinstance(inner, list):
            flat = [word for word in inner if isinstance(word, str)]
            yield from zip(flat[::2], flat[1::2], strict=False)


def _subtype(structure: list[Any]) -> str:
    """Return the subtype of a multipart, "" for a mail of one part."""
    if not isinstance(structure[0], list):
        return ""
    for item in structure:
        if isinstance(item, str):
            return item.lower()
    return ""
