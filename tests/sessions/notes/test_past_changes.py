"""What became of a session, read from how it was before each change."""

from datetime import UTC, datetime, timedelta

from scheduler.sessions.change_history import LEFT
from scheduler.sessions.models import SessionChange
from scheduler.sessions.notes.past_changes import Became, Standing, read_changes

MADE = datetime(2027, 2, 25, 17, tzinfo=UTC)
TUESDAY = datetime(2027, 3, 2, 22, tzinfo=UTC)
THURSDAY = datetime(2027, 3, 4, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def before(version: int, start: datetime | None) -> SessionChange:
    """How a session of an hour was before a change."""
    end = start + HOUR if start else None
    day = timedelta(days=version)
    return SessionChange(version=version, starts_at=start, ends_at=end, changed_at=MADE + day)


def test_each_change_says_what_it_made_and_what_was_before() -> None:
    rows = [before(0, None), before(1, TUESDAY), before(2, THURSDAY), before(3, None)]

    changes = read_changes(rows, Standing(THURSDAY, THURSDAY + HOUR))

    assert [(each.became, each.began) for each in changes] == [
        (Became.PUT_BACK, None),
        (Became.CANCELLED, THURSDAY),
        (Became.MOVED, TUESDAY),
        (Became.PUBLISHED, None),
    ]


def test_change_of_people_moves_nothing() -> None:
    rows = [before(0, None), before(1, TUESDAY)]

    changes = read_changes(rows, Standing(TUESDAY, TUESDAY + HOUR))

    assert [each.became for each in changes] == [Became.PEOPLE, Became.PUBLISHED]


def test_who_left_changes_nothing_of_the_session() -> None:
    left = before(LEFT, TUESDAY)
    moved = before(1, TUESDAY)

    changes = read_changes([moved, left], Standing(THURSDAY, THURSDAY + HOUR))

    assert [each.became for each in changes] == [Became.LEFT, Became.MOVED]
