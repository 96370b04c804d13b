"""A large mail without what says nothing: photos and films are left out, what stands behind them
stays. Pure.

This runs in a child process: nothing here may be believed to end.
"""

import re

MOST_PART = 64 * 1024
"""Octets of one part that are read."""
_BOUNDARY = re.compile(rb'(?is)boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))')
_KIND = re.compile(rb"(?im)^Content-Type:\s*([\w.+-]+)/([\w.+-]+)")
_NAMED = re.compile(rb"(?i)name\*?\s*=\s*[^\r\n;]*\.ics\b")
_READ = frozenset({b"text", b"message", b"multipart"})


def without_attachments(data: bytes, most: int) -> bytes:
    """Return a mail of more than `most` octets with the bodies left out of all parts that say
    nothing; a small one as it is.
    """
    if len(data) <= most:
        return data
    kept: list[bytes] = []
    boundaries: set[bytes] = set()
    head: list[bytes] | None = []
    room = MOST_PART
    for line in data.splitlines(keepends=True):
        mark = _mark(line, boundaries)
        if mark is not None:
            head = None if mark else []
            kept.append(line)
        elif head is not None:
            head.append(line)
            kept.append(line)
            if not line.strip():
                room = MOST_PART if _says_something(head, boundaries) else 0
                head = None
        elif room >= len(line):
            kept.append(line)
            room -= len(line)
    return b"".join(kept)


def _mark(line: bytes, boundaries: set[bytes]) -> bool | None:
    """Return whether a line ends a multipart (True) or begins a part of it (False); None for any
    other.
    """
    if not line.startswith(b"--"):
        return None
    named = line[2:].rstrip()
    if named in boundaries:
        return False
    if named.endswith(b"--") and named[:-2] in boundaries:
        return True
    return None


def _says_something(head: list[bytes], boundaries: set[bytes]) -> bool:
    """True if the part with these fields is read; the boundary that it names is remembered."""
    fields = b"".join(head)
    for quoted, bare in _BOUNDARY.findall(fields):
        boundaries.add(quoted or bare)
    kind = _KIND.search(fields)
    if kind is None or kind.group(1).lower() in _READ:
        return True
    return kind.group(2).lower() == b"ics" or _NAMED.search(fields) is not None
