"""Open evenings: a neutral title, a room of their own, places that are counted, nobody known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect

from cast import assemble
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.open_evenings import (
    BadEvening,
    EveningDoor,
    EveningWish,
    announce_evening,
    cancel_evening,
    evening_by_slug,
    evening_door,
    evenings_since,
    rooms_for_evenings,
    take_place,
    way_in,
)
from scheduler.open_evenings.models import OpenEvening
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 10, 0, 0, tzinfo=UTC)
WISH = EveningWish("An evening for caregivers", datetime(2027, 3, 9, 19, 0), 90, 2, "open")


@pytest.fixture
def stage(app: Flask) -> None:
    assemble()
    db.session.add(VideoRoom(key="a", url="https://video.example/a"))
    url = "https://video.example/{session}"
    db.session.add(VideoRoom(key="open", service=RoomService.TEMPLATE, url=url))
    db.session.commit()


def announced(wish: EveningWish = WISH) -> OpenEvening:
    row = announce_evening(wish, by="sam", now=NOW)
    db.session.commit()
    return row


def test_evening_has_an_address_its_hours_and_a_zone(stage: None) -> None:
    row = announced()

    assert (row.slug, row.starts_at, row.ends_at, row.zone) == (
        "an-evening-for-caregivers-03-09",
        STARTS,
        STARTS + timedelta(minutes=90),
        "America/New_York",
    )
    assert evening_by_slug(row.slug) is row


def test_second_evening_of_the_same_name_has_another_address(stage: None) -> None:
    assert [announced().slug, announced().slug][1] == "an-evening-for-caregivers-03-09-2"


def test_title_in_another_script_has_an_address_too(stage: None) -> None:
    assert announced(replace(WISH, title="夜の集い")).slug == "evening-03-09"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "Living with addiction"}, "title"),
        ({"title": "Harbor Light Behavioral Health invites"}, "title"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"minutes": 10}, "minutes"),
        ({"minutes": 241}, "minutes"),
        ({"places": 0}, "places"),
        ({"places": 501}, "places"),
        ({"room_key": "a"}, "room"),
        ({"room_key": "none"}, "room"),
        ({"starts": datetime(2027, 3, 2, 9, 0)}, "day"),
        ({"starts": datetime(2028, 6, 1, 19, 0)}, "day"),
        ({"starts": datetime(9999, 12, 31, 19, 0)}, "day"),
        ({"starts": datetime(2027, 3, 14, 2, 30)}, "at"),
    ],
)
def test_evening_that_cannot_be_is_refused_at_its_field(
    stage: None, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(BadEvening) as caught:
        announce_evening(replace(WISH, **changed), by="sam", now=NOW)  # type: ignore[arg-type]

    assert caught.value.field == field
    assert evenings_since(NOW) == []


def test_room_with_a_fixed_address_is_none_for_strangers(stage: None) -> None:
    assert [room.key for room in rooms_for_evenings()] == ["open"]


@pytest.mark.parametrize(
    ("minutes", "door"),
    [(-16, "early"), (-15, "open"), (0, "open"), (89, "open"), (90, "ended")],
)
def test_door_goes_by_the_clock(stage: None, minutes: int, door: str) -> None:
    assert evening_door(announced(), now=STARTS + timedelta(minutes=minutes)) == door


def test_places_are_taken_until_there_is_none(stage: None) -> None:
    row = announced()

    assert [take_place(row) for _ in range(3)] == [True, True, False]
    assert (row.taken, evening_door(row, now=STARTS)) == (2, EveningDoor.FULL)
    assert evening_door(row, now=STARTS, has_place=True) is EveningDoor.OPEN


def test_cancelled_evening_lets_nobody_in(stage: None) -> None:
    row = announced()
    cancel_evening(row, by="sam", now=NOW)

    assert evening_door(row, now=STARTS, has_place=True) is EveningDoor.CANCELLED


def test_evening_that_is_over_cannot_be_cancelled(stage: None) -> None:
    row = announced()

    with pytest.raises(InputError, match="over"):
        cancel_evening(row, by="sam", now=row.ends_at)


def test_each_evening_has_a_room_of_its_own(stage: None) -> None:
    first, second = announced(), announced()

    addresses = [way_in(row, "Guest", now=STARTS) for row in (first, first, second)]

    assert addresses[0] == addresses[1] != addresses[2]


def test_nothing_ties_an_evening_to_a_person(stage: None) -> None:
    keys = inspect(OpenEvening).mapper.local_table.foreign_keys

    assert {key.column.table.name for key in keys} == {"video_rooms"}
