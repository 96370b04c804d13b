"""The head of the record written down outside the database, because no chain can show that its own
end was cut off.

Each line of the file is sealed with the record's key and with the line before; the record in turn
notes each line, so that a file put in its place shows too. Whoever takes away the same end of both
leaves no trace here: keep a copy of the file on another machine.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from scheduler.audit.append_entry import BEGINNING, age_of_seal, append, one_writer, seal
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id

EVERY = timedelta(minutes=10)
ANCHORED = "audit.anchored"
_HEADER = "kinfold-audit-anchor"
_TAIL = 4096
"""Bytes that hold the last line many times over."""

_path: Path | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says: entry `number` was the newest at `at` (ISO, UTC) and its link in the
    chain was `chain`.
    """

    number: int
    chain: str
    at: str
    seal: str

    def __str__(self) -> str:
        return f"{self.number} {self.chain} {self.at} {self.seal}\n"


def keep_anchor(path: Path | None) -> None:
    """Take the file that the head of the record is written to; None: this process writes none."""
    global _path
    _path = path


def anchor_path() -> Path | None:
    """Return the file the head is written to."""
    return _path


def anchor(*, by: str, now: datetime, at_once: bool = False) -> Line | None:
    """Write down the newest entry when the last line is ten minutes old, or `at_once`; None: there
    was nothing to do.

    The file is written before the record notes it: a crash between leaves a line too many, which
    does no harm.
    """
    if _path is None:
        return None
    one_writer()
    newest = db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
    ).first()
    if newest is None or newest.deed == ANCHORED:
        return None
    name, last = _open(_path)
    if (
        last is not None
        and not at_once
        and timedelta(0) <= now - datetime.fromisoformat(last.at) < EVERY
    ):
        return None
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    sealed = seal_of(
        name,
        last.seal if last else BEGINNING,
        newest.number,
        newest.chain,
        moment,
    )
    line = Line(
        newest.number,
        newest.chain,
        moment,
        sealed,
    )
    _write(_path, str(line))
    append(
        ANCHORED,
        f"entry {line.number}",
        {"anchor": name},
        by=by,
        now=now,
    )
    return line


def seal_of(name: str, before: str, number: int, chain: str, at: str) -> str:
    """Return the seal of a line of the anchor `name`, after the line sealed `before`."""
    return seal([_HEADER, name, before, number, chain, at])


def is_sealed(line: Line, name: str, before: str) -> bool:
    """True if one of our keys sealed a line of the anchor `name`, after the line sealed
    `before`.
    """
    words = [_HEADER, name, before, line.number, line.chain, line.at]
    return age_of_seal(line.seal, words) is not None


def read_line(text: str) -> Line | None:
    """Return what a line says, None when it is no line of an anchor."""
    words = text.split(" ")
    if len(words) != 4 or not words[0].isdecimal():
        return None
    return Line(
        int(words[0]),
        words[1],
        words[2],
        words[3],
    )


def read_name(text: str) -> str | None:
    """Return the name in an anchor's first line, None when it is none."""
    header, _, name = text.partition(" ")
    if header == _HEADER and name:
        return name
    return None


def _open(path: Path) -> tuple[str, Line | None]:
    """Return the anchor's name and last whole line; a file is begun where there is none, half a
    line is dropped.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, f"{_HEADER} {new_id()}\n")
    with path.open("rb+") as file:
        first = file.readline().decode()
        name = read_name(first.rstrip("\n"))
        end = file.seek(0, os.SEEK_END)
        begin = max(0, end - _TAIL)
        file.seek(begin)
        tail = file.read()
        if not tail.endswith(b"\n"):
            whole = tail.rfind(b"\n") + 1
            file.truncate(begin + whole)
    lines, _, _ = tail.decode().rpartition("\n")
    _, _, last = lines.rpartition("\n")
    return name or "", read_line(last)


def _write(path: Path, text: str) -> None:
    descriptor = os.open(
        path,
        os.O_WRONLY | os.O_CREAT | os.O_APPEND,
        0o600,
    )
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
