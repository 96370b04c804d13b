"""A week as a grid: where each block begins, how long it is, which lane it keeps beside others.
Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from operator import attrgetter

from scheduler.programs import Kind
from scheduler.web.parts.kind_words import KIND_WORDS
from scheduler.web.parts.time_words import KIND_COLOURS, date_words, day_words

STEP = 5
"""Minutes a row stands for."""
ROWS = 24 * 60 // STEP
LANES = 8
USUAL_HOURS = 16, 21
SHORTEST = 3
"""Rows the shortest block takes, so that its words fit."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One meeting to show: `at` is minutes after midnight; `state` published, proposed, moved,
    moving, going or (cancelled) struck.
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
    leads: tuple[str, ...] = ()
    """The names of who leads it."""
    patients: tuple[str, ...] = ()
    """The names of who it is for: for whoever opens the block, and for no paper."""
    room: str = ""
    people: frozenset[str] = frozenset()
    """The keys of all of them."""
    may_move: bool = False

    @property
    def anchor(self) -> str:
        """What the block is called on its page."""
        return f"{'old' if self.state in {'moving', 'going', 'struck'} else 'at'}-{self.key}"

    @property
    def differs(self) -> bool:
        """True if a proposal has it otherwise."""
        return self.state in {"proposed", "moved", "moving", "going"}

    @property
    def is_published(self) -> bool:
        """True if the session exists already, at this time or cancelled."""
        return self.state in {"published", "moving", "going", "struck"}

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
    of: str = ""
    """Whose column of the day it is; empty: everybody's."""

    @property
    def words(self) -> str:
        """The day as people say it."""
        return day_words(self.day)

    @property
    def short_words(self) -> str:
        """The day without its name."""
        return date_words(self.day)


@dataclass(frozen=True, slots=True)
class Week:
    """One week from Monday on: its columns, the hours shown, and what lacks."""

    number: int
    days: tuple[Day, ...]
    first_hour: int
    last_hour: int
    items: tuple[Item, ...]

    def row_of(self, minute: int) -> int | None:
        """Return the row of a minute after midnight; None outside the hours shown."""
        row = (minute - self.first_hour * 60) // STEP
        if 0 <= row < self.rows:
            return row
        return None

    @property
    def rows(self) -> int:
        """Rows of the grid."""
        return (self.last_hour - self.first_hour) * 60 // STEP

    @property
    def hours(self) -> tuple[tuple[int, str], ...]:
        """The hour marks: row and words."""
        marks = []
        for hour in range(self.first_hour, self.last_hour):
            row = (hour - self.first_hour) * 60 // STEP
            half = "AM" if hour < 12 else "PM"
            marks.append((row, f"{hour % 12 or 12} {half}"))
        return tuple(marks)

    @property
    def sessions(self) -> int:
        """How many meetings take place or are proposed."""
        return sum(item.state != "struck" for item in self.items)

    @property
    def proposed(self) -> int:
        """How many blocks are not as published."""
        return sum(item.state in {"proposed", "moved", "going"} for item in self.items)

    @property
    def closed(self) -> tuple[Day, ...]:
        """The days nobody works."""
        return tuple(day for day in self.days if day.closed)

    @property
    def monday_words(self) -> str:
        """The first of its days, as people say it."""
        return self.days[0].words

    @property
    def last_words(self) -> str:
        """The last of them."""
        return self.days[-1].words

    def has_ended(self, today: date) -> bool:
        """True if all of its days are over."""
        return self.days[-1].day < today

    @property
    def words(self) -> str:
        """The week's days as people say them."""
        return f"{self.days[0].words} – {self.days[-1].words}"


def hours_of(items: Iterable[Item]) -> tuple[int, int]:
    """Return the first and the last hour that the boards of these items show, the same in every
    week: an hour before and after, so that there is room to move.
    """
    firsts = []
    lasts = []
    for item in items:
        end = item.at + item.minutes
        firsts.append(max(0, item.at // 60 - 1))
        lasts.append(min(24, ceil(end / 60) + 1))
    if not firsts:
        return USUAL_HOURS
    return min(firsts), max(lasts)


def week_of(
    number: int,
    monday: date,
    items: Iterable[Item],
    closed: Mapping[date, str],
    hours: tuple[int, int],
) -> Week:
    """Lay one week out; Saturday and Sunday are columns only when something happens there.

    A session stands in the week of its day, whichever week of the program it was made for.
    """
    first, last = hours
    next_monday = monday + timedelta(days=7)
    own = [item for item in items if monday <= item.day < next_monday]
    own.sort(key=attrgetter("day", "at", "key"))
    used = {item.day for item in own}
    days = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        if offset < SATURDAY or day in used:
            days.append(
                day_of(
                    day,
                    own,
                    closed.get(day),
                    first,
                )
            )
    return Week(
        number=number,
        days=tuple(days),
        first_hour=first,
        last_hour=last,
        items=tuple(own),
    )


def day_of(day: date, items: Sequence[Item], closed: str | None, first_hour: int) -> Day:
    """Return the column of a day: what of these lies where."""
    own = [item for item in items if item.day == day]
    lanes = _lanes(own)
    blocks = []
    for item in own:
        block = Block(
            item=item,
            row=(item.at - first_hour * 60) // STEP,
            length=max(SHORTEST, ceil(item.minutes / STEP)),
            lane=lanes[item.key, item.state],
            wide=not any(_overlap(item, other) for other in own if other is not item),
        )
        blocks.append(block)
    used_lanes = [block.lane + 1 for block in blocks]
    return Day(
        day,
        closed,
        max(used_lanes, default=1),
        tuple(blocks),
    )


def _overlap(item: Item, other: Item) -> bool:
    item_end = item.at + item.minutes
    other_end = other.at + other.minutes
    return other.at < item_end and item.at < other_end


def _lanes(items: Sequence[Item]) -> dict[tuple[str, str], int]:
    """Return for each item the first lane that is free at its time.

    Beyond the last lane they lie upon each other.
    """
    free_from: list[int] = []
    lanes = {}
    for item in items:
        free = [lane for lane, minute in enumerate(free_from) if minute <= item.at]
        lane = min(free[0] if free else len(free_from), LANES - 1)
        if lane == len(free_from):
            free_from.append(0)
        free_from[lane] = item.at + item.minutes
        lanes[item.key, item.state] = lane
    return lanes
