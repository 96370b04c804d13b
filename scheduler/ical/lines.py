"""Content lines of RFC 5545: escaping, parameters and folding. Written by hand, so that bytes never
change with a library and a feed costs microseconds an entry; the tests read every line back with
foreign parsers.
"""

import re
from urllib.parse import quote, unquote

from scheduler.kernel.mail_address import compared_form, wire_form

CRLF = b"\r\n"
OCTETS = 75
"""The longest line, in octets, the break left out (RFC 5545 3.1)."""

_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x1f\x7f<>,;:@\"]")
_QUOTED = re.compile(r"[,;:]")
_CARETS = (("\\", "/"), ("^", "^^"), ('"', "^'"), ("\n", "^n"))
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"))
_SCHEME = re.compile(r"(?i)^\s*mailto:")
_LOCAL_SAFE = "!#$&'*+-/=?^_`{|}~."


def line(name: str, value: str, **parameters: str) -> bytes:
    """Return one folded content line; `value` is already in the form of its type, parameters are
    plain text.

    Raises ValueError for a value that would begin a line of its own.
    """
    if "\n" in value or "\r" in value:
        raise ValueError("a line break inside a calendar property")
    for key, text in parameters.items():
        if text:
            name += f";{key}={_parameter(text)}"
    return fold(f"{name}:{value}")


def text_line(name: str, text: str) -> bytes:
    """Return one folded line of type TEXT, escaped by RFC 5545 3.3.11."""
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return line(name, text)


def fold(content: str) -> bytes:
    """Break a line after at most 75 octets, never inside a character or between an escape's two
    characters.
    """
    whole = content.encode()
    if len(whole) <= OCTETS:
        return whole + CRLF
    pieces = []
    start = 0
    room = OCTETS
    while len(whole) - start > room:
        end = _cut(whole, start + room)
        pieces.append(whole[start:end])
        start = end
        room = OCTETS - 1
    pieces.append(whole[start:])
    return b"\r\n ".join(pieces) + CRLF


def _cut(whole: bytes, end: int) -> int:
    """Return the last place up to `end` that is neither inside a character nor inside an escape."""
    while whole[end] & 0xC0 == 0x80:
        end -= 1
    before = whole[:end]
    bare = before.rstrip(b"\\")
    backslashes = len(before) - len(bare)
    return end - backslashes % 2


def mailto(address: str) -> str:
    """Return the bare `mailto:` URI of an address, lower case, ASCII only (RFC 6047 2.3, RFC 6068).

    Raises ValueError for what is no address.
    """
    local, at, domain = wire_form(address.strip().lower()).rpartition("@")
    is_whole = bool(local and at and domain)
    if not is_whole or _NOT_IN_ADDRESSES.search(local + domain):
        raise ValueError("not a mail address")
    return f"mailto:{quote(local, safe=_LOCAL_SAFE)}@{domain}"


def bare_address(uri: str) -> str:
    """Return the address of a `mailto:` URI, or of an address: lower case, percent and IDNA forms
    undone.
    """
    plain = unquote(_SCHEME.sub("", uri))
    return compared_form(plain).removeprefix("@")


def _parameter(text: str) -> str:
    """Return a parameter value in RFC 6868 form, within quotes where it needs them."""
    # A backslash means nothing in a parameter, yet some readers take it for an escape of what
    # follows.
    for plain, escaped in _CARETS:
        text = text.replace(plain, escaped)
    if _QUOTED.search(text):
        return f'"{text}"'
    return text
