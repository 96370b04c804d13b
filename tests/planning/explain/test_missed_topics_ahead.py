"""What patients missed can still be seen as far as the program says: a naive search that tries all
ways agrees, and cohorts that miss by chance see nearly all of it.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from scheduler.planning import Timetabled, TopicPlace, topics_ahead
from scheduler.programs import HourCounts

MONDAY = date(2027, 3, 1)
TEN = (600, 660)
FREE = Timetabled()
Timetables = dict[str, Timetabled]


def place(topic: str, group: str, days: int = 0, *, who: str = "jordan") -> TopicPlace:
    return TopicPlace(who, topic, group, MONDAY + timedelta(days=days), TEN)


def seen(*places: TopicPlace, rule: Timetabled = FREE, **left: int) -> tuple[list[str], int]:
    timetables = dict.fromkeys([each.patient for each in places], rule)
    found = topics_ahead(places, timetables, left)
    return sorted(each.group for each in found.places), found.bound


def test_nothing_missed_is_nothing_to_see() -> None:
    assert seen() == ([], 0)


def test_topic_is_seen_in_the_first_group_that_has_it() -> None:
    assert seen(place("sleep", "late", 9), place("sleep", "soon", 2)) == (["soon"], 1)


def test_first_group_waits_where_another_topic_comes_only_then() -> None:
    both = place("sleep", "a"), place("sleep", "b", 7), place("food", "c")

    assert seen(*both) == (["b", "c"], 2)


def test_only_place_goes_to_who_has_no_other() -> None:
    first = place("sleep", "a"), place("sleep", "b", 7), place("sleep", "a", who="tess")

    assert seen(*first, a=1) == (["a", "b"], 2)
    assert seen(place("sleep", "a"), place("sleep", "a", who="tess"), a=1) == (["a"], 1)


def test_group_during_something_else_is_not_seen() -> None:
    busy = replace(FREE, held={MONDAY: ((630, 690),)})

    assert seen(place("sleep", "a"), rule=busy) == ([], 0)


@pytest.mark.parametrize(
    ("rule", "bound"),
    [
        (replace(FREE, week_most={MONDAY: 120}), 2),
        (replace(FREE, week_most={MONDAY: 119}), 1),
        (replace(FREE, day_most=59), 0),
        (replace(FREE, held={MONDAY: ((500, 580),)}, week_most={MONDAY: 220}), 2),
        (replace(FREE, held={MONDAY: ((500, 580),)}, week_most={MONDAY: 219}), 1),
        (replace(FREE, counts=HourCounts.UNITS, week_most={MONDAY: 3}), 1),
    ],
)
def test_hours_of_day_and_week_are_kept(rule: Timetabled, bound: int) -> None:
    """By the clock the twenty minutes between two sessions count, too."""
    assert seen(place("sleep", "a"), place("food", "b", 1), rule=rule)[1] == bound


def test_kinds_that_come_once_a_day_come_once() -> None:
    single = [replace(place("sleep", "a"), is_single=True), place("food", "b")]
    single[1] = replace(single[1], span=(700, 760), is_single=True)

    assert seen(*single)[1] == 1
    assert seen(replace(single[0], is_single=False), single[1])[1] == 2


def test_bound_and_places_equal_those_of_a_naive_search(
    seed: int, trials: Callable[[int, int], int]
) -> None:
    chance = random.Random(seed)
    for _ in range(trials(60, 3000)):
        places, timetables, left = some_weeks(chance)

        found = topics_ahead(places, timetables, left)

        assert broken(found.places, timetables, left) == []
        assert len(found.places) == found.bound == most_by_trying(places, timetables, left)


def some_weeks(chance: random.Random) -> tuple[list[TopicPlace], Timetables, dict[str, int]]:
    """Up to three patients, each with up to eight places in groups of two weeks."""
    groups = []
    for number in range(6):
        begin = chance.choice([540, 570, 600, 660, 720])
        minutes = chance.choice([25, 50, 60, 90])
        day = MONDAY + timedelta(days=chance.choice([0, 0, 1, 2, 7, 8]))
        topic = chance.choice(["sleep", "food", "work"])
        is_single = chance.random() < 0.3
        span = begin, begin + minutes
        groups.append(TopicPlace("", topic, f"g{number}", day, span, is_single=is_single))
    left = {group.group: chance.choice([0, 1, 1, 2]) for group in groups if chance.random() < 0.8}
    places = []
    timetables = {}
    for who in ["jordan", "tess", "noemie"][: chance.randrange(1, 4)]:
        own = [group for group in groups if chance.random() < 0.7]
        places += [replace(group, patient=who) for group in own]
        timetables[who] = some_timetable(chance)
    return places, timetables, left


def some_timetable(chance: random.Random) -> Timetabled:
    counts = chance.choice(list(HourCounts))
    hour = 2 if counts is HourCounts.UNITS else 60
    held = {}
    for days in (0, 1, 7):
        if chance.random() < 0.5:
            begin = chance.choice([450, 500, 610, 650, 800])
            held[MONDAY + timedelta(days=days)] = ((begin, begin + 50),)
    weeks = {MONDAY: chance.choice([1, 2, 3, 4]) * hour}
    if chance.random() < 0.5:
        weeks[MONDAY + timedelta(days=7)] = chance.choice([1, 2, 3]) * hour
    return Timetabled(
        counts=counts,
        day_most=chance.choice([1, 2, 3]) * hour,
        week_most=weeks,
        held=held,
        single_days=frozenset(day for day in held if chance.random() < 0.3),
    )


def most_by_trying(places: list[TopicPlace], timetables: Timetables, left: dict[str, int]) -> int:
    """Naive: the topics seen in the best of all ways to take and leave each place."""

    def best(number: int, taken: list[TopicPlace]) -> int:
        if number == len(places):
            return len(taken)
        without = best(number + 1, taken)
        more = [*taken, places[number]]
        if broken(more, timetables, left):
            return without
        return max(without, best(number + 1, more))

    return best(0, [])


def broken(taken: Iterable[TopicPlace], timetables: Timetables, left: dict[str, int]) -> list[str]:
    """Naive: the rules that some places break, from what the rules say in words."""
    taken = list(taken)
    faults = []
    seated = Counter(each.group for each in taken)
    faults += [f"{group} is full" for group in left if seated[group] > left[group]]
    topics = Counter((each.patient, each.topic) for each in taken)
    faults += [f"{about} twice" for about, times in topics.items() if times > 1]
    for who, own in timetables.items():
        mine = [each for each in taken if each.patient == who]
        faults += [f"{who}: {fault}" for fault in broken_by(mine, own)]
    return faults


def broken_by(mine: list[TopicPlace], own: Timetabled) -> list[str]:
    faults = []
    touched = {each.day for each in mine}
    for day in touched:
        spans = list(own.held.get(day, ())) + [each.span for each in mine if each.day == day]
        minutes = [minute for begin, end in spans for minute in range(begin, end)]
        if len(minutes) > len(set(minutes)):
            faults.append(f"two at once on {day}")
        if naive_points(spans, own.counts) > own.day_most:
            faults.append(f"too much on {day}")
        single = [each for each in mine if each.day == day and each.is_single]
        if len(single) > 1 or (single and day in own.single_days):
            faults.append(f"more than once on {day}")
    for monday, most in own.week_most.items():
        days = [monday + timedelta(days=number) for number in range(7)]
        total = 0
        for day in days:
            spans = list(own.held.get(day, ())) + [each.span for each in mine if each.day == day]
            total += naive_points(spans, own.counts)
        if total > most and touched & set(days):
            faults.append(f"too much from {monday}")
    return faults


def naive_points(spans: list[tuple[int, int]], counts: HourCounts) -> int:
    """Naive: what a day counts, minute by minute."""
    if counts is HourCounts.UNITS:
        return sum((end - begin) // 25 for begin, end in spans)
    there = sorted({minute for begin, end in spans for minute in range(begin, end)})
    total = len(there)
    if counts is HourCounts.CLOCK:
        gaps = [after - before - 1 for before, after in pairwise(there)]
        total += sum(gap for gap in gaps if gap <= 30)
    return total
