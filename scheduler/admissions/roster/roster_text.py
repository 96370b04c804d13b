"""A table as spreadsheets save it: UTF-8, UTF-16 or windows-1252; commas, semicolons or tabs, also
as Excel says it in a first line `sep=;`. Pure.
"""

import csv
import io
from dataclasses import dataclass

from scheduler.kernel.errors import InputError

LARGEST = 100 * 1024
"""Octets of a list."""
MOST_ROWS = 500
FORMULA = frozenset("=+-@")
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, each with its line in the file (from 1)."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def decoded(octets: bytes) -> str:
    """Return the text of a file. Raises InputError for what is no text, or too large."""
    if len(octets) > LARGEST:
        raise InputError(f"the file is larger than {LARGEST // 1024} KB: bring it in parts")
    for mark, encoding in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
    ):
        if octets.startswith(mark):
            return _as(octets, encoding)
    if b"\x00" in octets[:200]:
        return _as(octets, "utf-16-be" if octets[:1] == b"\x00" else "utf-16-le")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return _as(octets, "cp1252")


def _as(octets: bytes, encoding: str) -> str:
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        raise InputError(f"line {line}: no text; save the list as CSV in UTF-8") from error


def table_of(text: str) -> Table:
    """Return a table. Raises InputError for one without rows, or that cannot be taken apart."""
    text, separator, skipped = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found = []
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        for cells in reader:
            row = tuple(_plain(cell) for cell in cells)
            if any(row):
                found.append((reader.line_num + skipped, row))
    except csv.Error as error:
        raise InputError(f"line {reader.line_num + skipped}: {error}") from error
    if not any(header) or not found:
        raise InputError("the list needs a first line with names of columns, and a row below it")
    if len(found) > MOST_ROWS:
        raise InputError(f"the list has {len(found)} rows: bring at most {MOST_ROWS} at once")
    return Table(header, tuple(found))


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    words = cell.strip()
    if words[:1] == "'" and words[1:2] in FORMULA:
        return words[1:]
    return words


def _separator(text: str) -> tuple[str, str, int]:
    """Return the text without a line `sep=`, what separates its cells, and the lines left out."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.rstrip("\r")) == len("sep=") + 1:
        return rest, first[len("sep=")], 1
    counts = {mark: _columns(first, mark) for mark in SEPARATORS}
    return text, max(SEPARATORS, key=lambda mark: counts[mark]), 0


def _columns(line: str, mark: str) -> int:
    return len(next(csv.reader([line], delimiter=mark), []))
