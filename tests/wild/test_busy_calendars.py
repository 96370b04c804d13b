"""Calendars as the world writes them: each file of the folder gives the value beside it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.ical import Busy, Unreadable, read_busy

FOLDER = Path(__file__).parent / "busy"
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def read(data: bytes) -> Busy:
    """What a clinician in New York is asked to be kept clear of."""
    return read_busy(
        data,
        zone="America/New_York",
        first=NOW - timedelta(days=7),
        last=NOW + timedelta(days=400),
        ours="sp-cal.example",
    )


def told(found: Busy) -> list[str]:
    """The stretches as the files write them."""
    return [f"{begin:%Y-%m-%d %H:%M}/{end:%Y-%m-%d %H:%M}" for begin, end in found.stretches]


def named(found: Busy) -> list[str | None]:
    """The entries that could not be read, by their starts."""
    starts = [entry.starts_at for entry in found.unread]
    return [f"{start:%Y-%m-%d %H:%M}" if start else None for start in starts]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ics")), ids=lambda file: file.stem)
def test_calendar_gives_the_value_beside_it(file: Path) -> None:
    right: dict[str, Any] = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    if "refused" in right:
        with pytest.raises(Unreadable) as caught:
            read(file.read_bytes())
        assert right["refused"] in str(caught.value)
        return

    found = read(file.read_bytes())
    assert named(found) == right.get("unread", [])
    if "count" in right:
        assert (len(found.stretches), told(found)[0]) == (right["count"], right["first"])
    else:
        assert told(found) == right["busy"]


def test_every_value_has_its_calendar() -> None:
    values = {file.stem for file in FOLDER.glob("*.json")}

    assert values == {file.stem for file in FOLDER.glob("*.ics")}
