"""What a board is asked for stands in its address, and what is picked out is laid out. Pure."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from scheduler.programs import Kind
from scheduler.web.desk.board.board_asked import Asked, By, asked_of
from scheduler.web.desk.board.board_columns import by_columns, of_one_day
from scheduler.web.parts.board import Item, Week, week_of

MONDAY, TUESDAY = date(2027, 3, 8), date(2027, 3, 9)
ONE = Item(
    key="evening.one.jordan.w2",
    kind=Kind.INDIVIDUAL,
    title="Individual",
    day=TUESDAY,
    at=18 * 60,
    minutes=50,
    hours="6:00 – 6:50 PM",
    who=("Ana Rivera", "Jordan Lee"),
    state="published",
    week=2,
    leads=("Ana Rivera",),
    patients=("Jordan Lee",),
    room="a",
    people=frozenset({"rivera", "jordan"}),
)
GROUP = replace(
    ONE,
    key="evening.process.2027-03-08",
    kind=Kind.GROUP,
    title="Process group",
    day=MONDAY,
    who=("Bo Chen",),
    leads=("Bo Chen",),
    patients=("Jordan Lee", "Noemie Brannig"),
    room="b",
    people=frozenset({"chen", "jordan", "noemie"}),
    state="struck",
)
BOTH = [ONE, GROUP]


def picked(**said: object) -> list[Item]:
    return [item for item in BOTH if replace(Asked(), **said).suits(item)]  # type: ignore[arg-type]


def laid_out() -> Week:
    return week_of(2, MONDAY, BOTH, {}, (16, 21))


def test_ticks_pick_out_people_kinds_and_states() -> None:
    assert picked() == BOTH
    assert picked(people=("noemie", "chen")) == [GROUP]
    assert picked(kinds=("individual",)) == [ONE]
    assert picked(states=("cancelled", "proposed")) == [GROUP]
    assert picked(people=("jordan",), kinds=("group",), states=("published",)) == []


def test_search_finds_every_word_wherever_it_stands() -> None:
    assert picked(words="JORDAN rivera") == [ONE]
    assert picked(words="brannig process") == [GROUP]
    assert picked(words="rivera process") == []


def test_address_asks_for_the_same_again() -> None:
    address = "week=2&day=2027-03-09&by=room&view=list&q=+a++b+"
    ticks = "person=jordan&person=chen&kind=group&state=cancelled"
    said = MultiDict(parse_qsl(f"{address}&{ticks}"))
    asked = asked_of(said)

    assert asked == Asked(
        week=2,
        day=TUESDAY,
        by=By.ROOM,
        layout="list",
        people=("jordan", "chen"),
        kinds=("group",),
        states=("cancelled",),
        words="a b",
    )
    assert asked_of(MultiDict(asked.fields())) == asked


def test_what_nobody_knows_in_an_address_is_left_out() -> None:
    said = {"week": "x9", "day": "31", "by": "moon", "view": "3d", "kind": "tea", "state": "?"}

    assert asked_of(MultiDict(said)) == Asked()


def test_columns_are_who_leads_day_by_day_or_rooms() -> None:
    by_clinician = by_columns(laid_out(), By.CLINICIAN)
    by_room = by_columns(laid_out(), By.ROOM)

    assert [(day.of, day.day) for day in by_clinician.days] == [
        ("Ana Rivera", TUESDAY),
        ("Bo Chen", MONDAY),
    ]
    assert [(day.of, day.day) for day in by_room.days] == [("a", TUESDAY), ("b", MONDAY)]
    assert [block.item for day in by_room.days for block in day.blocks] == BOTH


def test_one_day_shows_nothing_else() -> None:
    week = of_one_day(laid_out(), TUESDAY)

    assert ([day.day for day in week.days], list(week.items)) == ([TUESDAY], [ONE])
