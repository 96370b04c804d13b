"""A week as a grid: where each block begins, how long it is, which lane it keeps beside others.
Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.programs import Kind
from scheduler.web.parts.kind_words import KIND_WORDS
from scheduler.web.parts.time_words import KIND_COLOURS, day_words

STEP = 5
"""Minutes a row stands for."""
ROWS = 24 * 60 // STEP
LANES = 8
USUAL_HOURS = 16, 21


@dataclass(frozen=True, slots=True)
class Item:
    """One meeting to show: `at` is minutes after midnight; `state` published, proposed, moved,
    moving or going.
    """

    key: str
    kind: Kind
    title: str
    day: date
    at: int
    minutes: int
    hours: str
    who: tuple[str, ...]
    state: str
    week: int
    note: str = ""

    @property
    def kind_words(self) -> str:
        """The kind as staff say it."""
        return KIND_WORDS[self.kind]

    @property
    def colour(self) -> str:
        """The class of its colour and pattern."""
        return KIND_COLOURS.get(self.kind, "other")

    @property
    def day_words(self) -> str:
        """The day as people say it."""
        return day_words(self.day)


@dataclass(frozen=True, slots=True)
class Block:
    """An item in its place: classes only, as the page's policy allows no inline style."""

    item: Item
    row: int
    length: int
    lane: int
    wide: bool
    """Nothing else is at its time: it takes the whole column."""


@dataclass(frozen=True, slots=True)
class Day:
    """One column."""

    day: date
    closed: str | None
    lanes: int
    blocks: tuple[Block, ...]

    @property
    def words(self) -> str:
        """The day as people say it."""
        return day_words(self.day)


@dataclass(frozen=True, slots=True)
class Week:
    """One week from Monday on: its columns, the hours shown, and what lacks."""

    number: int
    days: tuple[Day, ...]
    first_hour: int
    last_hour: int
    items: tuple[Item, ...]

    @property
    def rows(self) -> int:
        """Rows of the grid."""
        return (self.last_hour - self.first_hour) * 60 // STEP

    @property
    def hours(self) -> tuple[tuple[int, str], ...]:
        """The hour marks: row and words."""
        return tuple(
            (
                (hour - self.first_hour) * 60 // STEP,
                f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}",
            )
            for hour in range(self.first_hour, self.last_hour)
        )

    @property
    def proposed(self) -> int:
        """How many blocks are not as published."""
        return sum(item.state in {"proposed", "moved", "going"} for item in self.items)

    @property
    def closed(self) -> tuple[Day, ...]:
        """The days nobody works."""
        return tuple(day for day in self.days if day.closed)

    @property
    def words(self) -> str:
        """The week's days as people say them."""
        return f"{self.days[0].words} – {self.days[-1].words}"


def hours_of(items: Iterable[Item]) -> tuple[int, int]:
    """Return the first and the last hour that the boards of these items show: the same in every
    week.
    """
    spans = [(item.at // 60, -(-(item.at + item.minutes) // 60)) for item in items] or [USUAL_HOURS]
    return min(first for first, _ in spans), min(24, max(last for _, last in spans))


def week_of(
    number: int,
    monday: date,
    items: Iterable[Item],
    closed: Mapping[date, str],
    hours: tuple[int, int],
) -> Week:
    """Lay one week out; Saturday and Sunday are columns only when something happens there."""
    mine = sorted(
        (item for item in items if item.week == number), key=lambda one: (one.day, one.at, one.key)
    )
    first, last = hours
    used = {item.day for item in mine}
    dates = [monday + timedelta(days=number) for number in range(7)]
    days = [
        _day(day, mine, closed.get(day), first) for day in dates if day.weekday() < 5 or day in used
    ]
    return Week(number, tuple(days), first, last, tuple(mine))


def _day(day: date, items: Sequence[Item], closed: str | None, first: int) -> Day:
    mine = [item for item in items if item.day == day]
    lanes = _lanes(mine)
    blocks = tuple(
        Block(
            item,
            (item.at - first * 60) // STEP,
            max(3, -(-item.minutes // STEP)),
            lanes[item.key, item.state],
            _is_alone(item, mine),
        )
        for item in mine
    )
    return Day(day, closed, max([1, *(block.lane + 1 for block in blocks)]), blocks)


def _is_alone(item: Item, others: Sequence[Item]) -> bool:
    return not any(
        one is not item and one.at < item.at + item.minutes and item.at < one.at + one.minutes
        for one in others
    )


def _lanes(items: Sequence[Item]) -> dict[tuple[str, str], int]:
    """Return each item the first lane that is free at its time; beyond the last lane they lie upon
    each other.
    """
    free: list[int] = []
    found = {}
    for item in items:
        lane = next((number for number, until in enumerate(free) if until <= item.at), len(free))
        lane = min(lane, LANES - 1)
        free[lane:] = [item.at + item.minutes, *free[lane + 1 :]]
        found[item.key, item.state] = lane
    return found
