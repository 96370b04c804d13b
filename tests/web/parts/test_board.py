"""A week as a grid: what lies where. Pure."""

from datetime import date

from scheduler.programs import Kind
from scheduler.web.parts.board import Item, week_of

MONDAY = date(2027, 3, 8)


def item(day: date, week: int) -> Item:
    return Item(
        key="evening.one.jordan.w2",
        kind=Kind.INDIVIDUAL,
        title="Individual",
        day=day,
        at=18 * 60,
        minutes=50,
        hours="6:00 – 6:50 PM",
        who=("Ana Rivera",),
        state="published",
        week=week,
    )


def test_session_moved_over_the_weekend_stands_in_the_week_of_its_day() -> None:
    moved = item(date(2027, 3, 14), week=3)

    weeks = [
        week_of(number, monday, [moved], {}, (16, 21))
        for number, monday in ((2, MONDAY), (3, date(2027, 3, 15)))
    ]

    on_grid = [[block.item for day in week.days for block in day.blocks] for week in weeks]
    assert on_grid == [[moved], []]
    assert [list(week.items) for week in weeks] == on_grid
