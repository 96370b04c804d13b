"""Hours of the week as the API says them, wall time as "18:00". Pure."""

from collections.abc import Sequence
from typing import Any

from scheduler.kernel.errors import InputError
from scheduler.people import Window


def windows_said(hours: tuple[Window, ...] | None) -> list[dict[str, Any]] | None:
    """Return windows as a document; None is always."""
    if hours is None:
        return None
    said = []
    for window in hours:
        row = {"days": list(window.days), "from": _clock(window.start), "to": _clock(window.end)}
        said.append(row)
    return said


def windows_of(said: Sequence[dict[str, Any]] | None) -> tuple[Window, ...] | None:
    """Return the windows a document says. Raises InputError for one that ends before it begins."""
    if said is None:
        return None
    windows = []
    for row in said:
        start = _minute(row["from"])
        end = _minute(row["to"])
        if end <= start:
            raise InputError(f"free hours end after they begin, not {row['from']} to {row['to']}")
        windows.append(Window(tuple(row["days"]), start, end))
    return tuple(windows)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
