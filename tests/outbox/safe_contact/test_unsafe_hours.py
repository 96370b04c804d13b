"""When hours in which nothing may arrive begin and end, over days, nights, clock changes, zones."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.outbox.safe_contact.unsafe_hours import (
    ON_THE_WAY,
    UnsafeHours,
    safe_from,
    safe_until,
)

NEW_YORK = "America/New_York"
EVERY_DAY = frozenset(range(7))
MINUTE = timedelta(minutes=1)
ZONES = (
    NEW_YORK,
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Africa/Casablanca",
)


def hours(begin: str, end: str, *days: int, zone: str = NEW_YORK) -> UnsafeHours:
    return UnsafeHours(zone, frozenset(days) or EVERY_DAY, minute(begin), minute(end))


def minute(words: str) -> int:
    whole, part = words.split(":")
    return int(whole) * 60 + int(part)


def at(words: str, zone: str = NEW_YORK, fold: int = 0) -> datetime:
    wall = datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return wall.astimezone(UTC)


@pytest.mark.parametrize(
    ("case", "moment", "marked", "expected"),
    [
        ("none marked", at("2027-03-01T12:00"), [], at("2027-03-01T12:00")),
        ("before", at("2027-03-01T08:54"), [hours("9:00", "17:00")], at("2027-03-01T08:54")),
        ("just before", at("2027-03-01T08:55"), [hours("9:00", "17:00")], at("2027-03-01T17:00")),
        ("inside", at("2027-03-01T12:00"), [hours("9:00", "17:00")], at("2027-03-01T17:00")),
        ("at the end", at("2027-03-01T17:00"), [hours("9:00", "17:00")], at("2027-03-01T17:00")),
        (
            "another day",
            at("2027-03-02T12:00"),
            [hours("9:00", "17:00", 0)],
            at("2027-03-02T12:00"),
        ),
        ("over night", at("2027-03-02T02:00"), [hours("22:00", "6:00", 0)], at("2027-03-02T06:00")),
        (
            "Sunday night",
            at("2027-03-01T05:00"),
            [hours("22:00", "6:00", 6)],
            at("2027-03-01T06:00"),
        ),
        (
            "a whole day",
            at("2027-03-01T12:00"),
            [hours("0:00", "24:00", 0)],
            at("2027-03-02T00:00"),
        ),
        (
            "one behind the other",
            at("2027-03-01T12:00"),
            [hours("9:00", "17:00"), hours("17:03", "20:00")],
            at("2027-03-01T20:00"),
        ),
        (
            "two people's, in two zones",
            at("2027-03-01T12:00"),
            [hours("9:00", "13:00"), hours("11:00", "15:00", zone="America/Chicago")],
            at("2027-03-01T16:00"),
        ),
        ("the week whole", at("2027-03-01T12:00"), [hours("0:00", "24:00")], None),
        (
            "the clock goes ahead",
            at("2027-03-14T01:00"),
            [hours("0:00", "2:30")],
            at("2027-03-14T03:30"),
        ),
        (
            "the hour left out",
            at("2027-03-14T01:30"),
            [hours("2:15", "2:45")],
            at("2027-03-14T03:45"),
        ),
        (
            "the clock goes back",
            at("2027-11-07T00:45"),
            [hours("0:30", "1:30")],
            at("2027-11-07T01:30", fold=1),
        ),
        (
            "the hour twice",
            at("2027-11-07T01:20", fold=1),
            [hours("1:00", "1:30")],
            at("2027-11-07T01:30", fold=1),
        ),
    ],
)
def test_hours_hold_up_until_they_end(
    case: str, moment: datetime, marked: list[UnsafeHours], expected: datetime | None
) -> None:
    assert (case, safe_from(moment, marked)) == (case, expected)


def test_next_hours_begin_a_few_minutes_early() -> None:
    moment = at("2027-03-01T12:00")

    begins = safe_until(moment, [hours("18:00", "20:00"), hours("14:00", "15:00")])

    assert (begins, safe_until(moment, [])) == (at("2027-03-01T14:00") - ON_THE_WAY, None)


def is_inside(moment: datetime, watched: UnsafeHours) -> bool:
    """The naive reading: what the clock on the wall says."""
    wall = moment.astimezone(ZoneInfo(watched.zone))
    now = wall.hour * 60 + wall.minute
    if watched.begin < watched.end:
        return wall.weekday() in watched.days and watched.begin <= now < watched.end
    before = (wall.weekday() - 1) % 7
    late = wall.weekday() in watched.days and now >= watched.begin
    return late or (before in watched.days and now < watched.end)


def by_chance(chance: random.Random) -> list[UnsafeHours]:
    found = []
    for _ in range(chance.randint(0, 3)):
        days = frozenset(chance.sample(range(7), chance.randint(1, 7)))
        begin, end = chance.randrange(0, 1440, 15), chance.randrange(15, 1455, 15)
        found.append(UnsafeHours(chance.choice(ZONES), days, begin, end))
    return found


def test_by_chance_nothing_is_let_go_inside_and_nothing_is_held_for_ever(
    seed: int, trials: Callable[[int, int], int]
) -> None:
    """By the wall clock: the answer is outside, no later than needed, and none is truly none."""
    chance = random.Random(seed)
    for _ in range(trials(150, 20000)):
        marked = by_chance(chance)
        moment = datetime(2027, 1, 1, tzinfo=UTC) + chance.randrange(730 * 1440) * MINUTE
        free = safe_from(moment, marked)
        if free is None:
            assert all(is_held_up(moment + hour * 60 * MINUTE, marked) for hour in range(168))
            continue
        assert not any(
            is_inside(free + soon * MINUTE, each) for each in marked for soon in range(5)
        )
        assert all(
            is_held_up(moment + (free - moment) * part / 7, marked) for part in range(7)
        ) or (free == moment)


def is_held_up(moment: datetime, marked: list[UnsafeHours]) -> bool:
    """True if it is inside by the naive reading, or so near that a clock change explains it."""
    near = range(-60, 66, 5)
    return any(is_inside(moment + step * MINUTE, each) for each in marked for step in near)
