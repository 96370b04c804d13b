"""Attendance as a table: `session,person,state,minutes,note`, UTF-8, the header first. Pure."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.attendance.models import AttendanceState
from scheduler.kernel.errors import InputError

COLUMNS = ("session", "person", "state", "minutes", "note")
LARGEST = 5 * 1024 * 1024
"""Octets of a file that is read."""
MOST_DIGITS = 4
"""Of a number of minutes; Python reads none of some thousands."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula (OWASP, CSV Injection)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as it was written; `line` counts from 1, the header's."""

    line: int
    session: str
    person: str
    state: AttendanceState
    minutes: int | None
    note: str | None


def read_rows(octets: bytes) -> list[Row]:
    """Read a table. Raises InputError that names every wrong line."""
    if len(octets) > LARGEST:
        raise InputError(f"the file is larger than {LARGEST // 1024 // 1024} MB")
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        raise InputError(f"line {line}: not UTF-8; save the table as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    faults: list[str] = []
    try:
        header = next(reader, [])
        _refuse_other_header(header)
        for cells in reader:
            _take(cells, reader.line_num, rows, faults)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: {error}") from error
    if faults:
        raise InputError("\n".join(faults))
    return rows


def _refuse_other_header(header: list[str]) -> None:
    if tuple(cell.strip().lower() for cell in header) != COLUMNS:
        raise InputError(f"line 1: want the header {','.join(COLUMNS)}")


def _take(cells: list[str], line: int, rows: list[Row], faults: list[str]) -> None:
    """Read one line into `rows`, or say in `faults` what is wrong with it; an empty one is none."""
    if not any(cell.strip() for cell in cells):
        return
    try:
        rows.append(_read(cells, line))
    except InputError as error:
        faults.append(f"line {line}: {error}")


def _read(cells: list[str], line: int) -> Row:
    if len(cells) != len(COLUMNS):
        raise InputError(f"want {len(COLUMNS)} columns, not {len(cells)}")
    session, person, state, minutes, note = (cell.strip() for cell in cells)
    if state not in set(AttendanceState):
        raise InputError(f"state: want {', '.join(AttendanceState)}, not {state or 'nothing'}")
    return Row(
        line,
        session,
        person,
        AttendanceState(state),
        _minutes(minutes),
        note.removeprefix("'") or None,
    )


def _minutes(cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS):
        raise InputError(f"minutes: want a whole number, not {cell[:40]}")
    return int(cell)


def written_rows(rows: Iterable[Row]) -> str:
    """Write a table; a note that a spreadsheet would run begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        note = row.note or ""
        safe = f"'{note}" if note.startswith(FORMULA) else note
        minutes = "" if row.minutes is None else str(row.minutes)
        writer.writerow([row.session, row.person, row.state.value, minutes, safe])
    return text.getvalue()
