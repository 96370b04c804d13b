"""The columns of a week: its days, or who leads or in which room, day by day. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from scheduler.web.desk.board.board_asked import By
from scheduler.web.parts.board import Day, Item, Week, day_of


def of_one_day(week: Week, day: date) -> Week:
    """Return a week of which only one day is shown."""
    days = tuple(column for column in week.days if column.day == day)
    items = tuple(item for item in week.items if item.day == day)
    return replace(week, days=days, items=items)


def by_columns(week: Week, by: By) -> Week:
    """Return a week with a column for each clinician or room and day on which there is anything;
    what has none stands under no name, at the end.
    """
    if by is By.DAY:
        return week
    columns = []
    for name in _in_order(week, by):
        for day in week.days:
            own = _of(week, by, name, day)
            if own:
                columns.append(_column(day, own, name, week.first_hour))
    return replace(week, days=tuple(columns) or week.days)


def _in_order(week: Week, by: By) -> list[str]:
    """Return the names of the columns, nobody's last."""
    names: set[str] = set()
    for item in week.items:
        names.update(_names(item, by))
    return sorted(names, key=lambda name: (name == "", name))


def _of(week: Week, by: By, name: str, day: Day) -> list[Item]:
    found = []
    for item in week.items:
        if item.day == day.day and name in _names(item, by):
            found.append(item)
    return found


def _column(day: Day, items: Iterable[Item], name: str, first_hour: int) -> Day:
    column = day_of(day.day, tuple(items), day.closed, first_hour)
    return replace(column, of=name or "–")


def _names(item: Item, by: By) -> tuple[str, ...]:
    """Return under which names a block stands."""
    if by is By.ROOM:
        return (item.room,)
    return item.leads or ("",)
