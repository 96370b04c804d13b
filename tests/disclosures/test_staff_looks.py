"""Who of the practice opened pages about a patient: each day once, and who had to say why."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from cast import NEW_YORK, Cast, assemble
from scheduler import audit
from scheduler.disclosures import Looks, looks_by_staff

NOON = datetime(2027, 3, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def stage(app: Flask) -> Cast:
    return assemble()


def written(stage: Cast, deed: str, by: str, at: datetime = NOON) -> None:
    audit.append(deed, f"person {stage.jordan.id}", {}, by=by, now=at)


def found(stage: Cast, since: datetime = NOON - 30 * DAY) -> list[Looks]:
    return looks_by_staff(stage.jordan.id, since=since, zone=str(NEW_YORK))


def test_look_is_one_line_a_day_and_whoever_looked_last_comes_first(stage: Cast) -> None:
    written(stage, "opened", "rivera", NOON - DAY)
    written(stage, "opened", "rivera", NOON - DAY)
    written(stage, "opened", "rivera", NOON - 3 * DAY)
    written(stage, "api.called", "sam")

    assert found(stage) == [
        Looks("sam", (date(2027, 3, 2),), ()),
        Looks("rivera", (date(2027, 3, 1), date(2027, 2, 27)), ()),
    ]


def test_call_that_was_refused_opened_nothing(stage: Cast) -> None:
    written(stage, "api.called", "sam")
    written(stage, "refused", "sam")

    assert found(stage) == []


def test_look_beyond_ones_own_says_so(stage: Cast) -> None:
    written(stage, "glass.broken", "sam")
    written(stage, "opened", "sam")

    assert found(stage) == [Looks("sam", (date(2027, 3, 2),), (date(2027, 3, 2),))]


def test_look_at_another_or_long_ago_is_left_out(stage: Cast) -> None:
    written(stage, "opened", "rivera", NOON - 2 * DAY)
    audit.append("opened", f"person {stage.dana.id}", {}, by="sam", now=NOON)

    assert found(stage, since=NOON - DAY) == []


def test_day_is_that_of_the_practice(stage: Cast) -> None:
    written(stage, "opened", "rivera", datetime(2027, 3, 3, 2, tzinfo=UTC))

    assert [look.days for look in found(stage)] == [(date(2027, 3, 2),)]
