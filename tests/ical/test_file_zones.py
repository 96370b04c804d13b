"""Zones as a file defines them agree with the world's where the file says the same."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.ical import vtimezone
from scheduler.ical.file_zones import Zones

FIRST, LAST = datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC)
PLACES = ["America/New_York", "Europe/Dublin", "Australia/Sydney", "Asia/Kolkata", "Etc/UTC"]


def as_the_file_says(place: str) -> Zones:
    """A file that names a place's zone its own way."""
    text = vtimezone(place).decode().replace(f"TZID:{place}", "TZID:Home")
    return Zones({"Home": text.split("\r\n")[:-1]}, FIRST, LAST)


@pytest.mark.parametrize("place", PLACES)
def test_every_half_hour_is_the_same_there_and_back(place: str) -> None:
    ours, world = as_the_file_says(place).find('"Home"'), ZoneInfo(place)

    for number in range(int((LAST - FIRST) / timedelta(minutes=30))):
        instant = FIRST + number * timedelta(minutes=30)
        here = instant.astimezone(ours)
        assert here.replace(tzinfo=None) == instant.astimezone(world).replace(tzinfo=None)
        assert here.astimezone(UTC) == instant


@pytest.mark.parametrize("place", PLACES)
def test_skipped_and_doubled_hours_are_read_as_the_world_reads_them(place: str) -> None:
    ours, world = as_the_file_says(place).find("Home"), ZoneInfo(place)

    for number in range(int((LAST - FIRST) / timedelta(minutes=30))):
        wall = FIRST.replace(tzinfo=None) + number * timedelta(minutes=30)
        for fold in (0, 1):
            theirs = wall.replace(tzinfo=world, fold=fold).utcoffset()
            assert wall.replace(tzinfo=ours, fold=fold).utcoffset() == theirs
