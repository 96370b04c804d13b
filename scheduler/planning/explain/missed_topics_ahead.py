"""How many of the topics that patients missed can still be seen in groups ahead, and in which: all
patients together, so that nobody takes the only place of another. Pure.

A patient may sit in what does not overlap with anything else of theirs and keeps the hours of the
day and the week; a group takes as many as it has places. The answer is exact: what could be seen in
another way is not more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from scheduler.planning.problem.hour_counting import Points, Span, day_points
from scheduler.programs import HourCounts

SEEN = 1_000_000
"""What a topic that is seen weighs against the days until then."""
EFFORT = 20.0
"""The solver's own time at most; what it did not rule out by then is in the bound."""
DAYS = 400
"""How far ahead a place counts as later than another."""


@dataclass(frozen=True, slots=True)
class TopicPlace:
    """A group in which a patient could see a topic; `span` is in minutes of one scale for all of a
    day.
    """

    patient: str
    topic: str
    group: str
    day: date
    span: Span
    is_single: bool = False
    """It is of a kind that comes once a day."""


@dataclass(frozen=True, slots=True)
class Timetabled:
    """What a patient has already, by day, and the most that a day and a week may hold, in points;
    a week is named by its Monday.
    """

    counts: HourCounts = HourCounts.CLOCK
    day_most: Points = 24 * 60
    week_most: Mapping[date, Points] = field(default_factory=dict)
    held: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    single_days: frozenset[date] = frozenset()
    """Days that hold something of the kinds that come once a day."""


@dataclass(frozen=True, slots=True)
class TopicsAhead:
    """Where each topic is seen, as many as can be; `bound`: nobody could see more."""

    places: tuple[TopicPlace, ...]
    bound: int


@dataclass(frozen=True, slots=True)
class _DayChoice:
    """Some groups of one day that a patient can sit in together, and the points they add."""

    patient: str
    day: date
    places: tuple[TopicPlace, ...]
    more: Points


def topics_ahead(
    places: Iterable[TopicPlace],
    timetables: Mapping[str, Timetabled],
    left: Mapping[str, int],
) -> TopicsAhead:
    """Return how the most topics can be seen, each as early as that lets it; `left` are the places
    of a group, one that is not named has no end of them.
    """
    choices: list[_DayChoice] = []
    for about, of_day in _by_day(places).items():
        patient, day = about
        choices += _choices(timetables[patient], patient, day, of_day)
    if not choices:
        return TopicsAhead((), 0)
    wanted = set()
    for choice in choices:
        wanted |= {(place.patient, place.topic) for place in choice.places}
    first = _earliest(choices, timetables, left)
    if len(first) == len(wanted):
        return TopicsAhead(first, len(wanted))
    return _solved(choices, timetables, left, len(wanted))


def fits_alone(place: TopicPlace, timetable: Timetabled) -> bool:
    """True if a patient can sit in a group beside all that they have."""
    found = _choices(timetable, place.patient, place.day, [place])
    return any(_is_within(timetable, choice.day, choice.more) for choice in found)


def _by_day(places: Iterable[TopicPlace]) -> dict[tuple[str, date], list[TopicPlace]]:
    found: dict[tuple[str, date], list[TopicPlace]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place.day, place.span, place.group)):
        found[place.patient, place.day].append(place)
    return found


def _choices(
    timetable: Timetabled, patient: str, day: date, places: list[TopicPlace]
) -> Iterable[_DayChoice]:
    """Give all groups of a day that go together, each topic once."""
    held = timetable.held.get(day, ())
    before = day_points(held, timetable.counts)
    topics = {place.topic for place in places}
    for size in range(1, len(topics) + 1):
        found = 0
        for some in combinations(places, size):
            points = _points(timetable, day, held, some)
            if points is not None:
                found += 1
                yield _DayChoice(patient, day, some, points - before)
        if not found:
            return


def _points(
    timetable: Timetabled, day: date, held: tuple[Span, ...], some: tuple[TopicPlace, ...]
) -> Points | None:
    """Return the points of a day with some groups more, None where they do not go together."""
    if len({place.topic for place in some}) < len(some) or _is_too_often(timetable, day, some):
        return None
    spans = sorted([*held, *[place.span for place in some]])
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        return None
    points = day_points(spans, timetable.counts)
    return points if points <= timetable.day_most else None


def _is_too_often(timetable: Timetabled, day: date, some: tuple[TopicPlace, ...]) -> bool:
    """True if a day would hold more than one of the kinds that come once a day."""
    single = sum(place.is_single for place in some)
    return single > 1 or (single == 1 and day in timetable.single_days)


def _week_left(timetable: Timetabled, monday: date) -> Points | None:
    """Return the points that a week may still hold, None without a limit."""
    most = timetable.week_most.get(monday)
    if most is None:
        return None
    had = 0
    for weekday in range(7):
        held = timetable.held.get(monday + timedelta(days=weekday), ())
        had += day_points(held, timetable.counts)
    return max(most - had, 0)


def _is_within(timetable: Timetabled, day: date, more: Points) -> bool:
    left = _week_left(timetable, _monday(day))
    return left is None or more <= left


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _earliest(
    choices: Collection[_DayChoice],
    timetables: Mapping[str, Timetabled],
    left: Mapping[str, int],
) -> tuple[TopicPlace, ...]:
    """Return what is seen when each takes one group a day as early as it goes: mostly it is all,
    and nothing needs to be searched.
    """
    taken = _Taken(timetables, left)
    for choice in sorted(choices, key=lambda choice: choice.day):
        if len(choice.places) == 1 and taken.has_room(choice):
            taken.take(choice)
    return tuple(taken.seen.values())


@dataclass(slots=True)
class _Taken:
    """What was taken so far: topics, places of groups, days, and points of weeks."""

    timetables: Mapping[str, Timetabled]
    left: Mapping[str, int]
    seen: dict[tuple[str, str], TopicPlace] = field(default_factory=dict)
    seats: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: set[tuple[str, date]] = field(default_factory=set)
    added: dict[tuple[str, date], Points] = field(default_factory=lambda: defaultdict(int))

    def has_room(self, choice: _DayChoice) -> bool:
        """True if the one group of a choice can be taken beside all that was."""
        place = choice.places[0]
        about = place.patient, place.topic
        day = place.patient, place.day
        week = place.patient, _monday(place.day)
        if about in self.seen or day in self.days:
            return False
        left = self.left.get(place.group)
        if left is not None and self.seats[place.group] >= left:
            return False
        more = self.added[week] + choice.more
        timetable = self.timetables[place.patient]
        return _is_within(
            timetable,
            place.day,
            more,
        )

    def take(self, choice: _DayChoice) -> None:
        """Take the one group of a choice."""
        place = choice.places[0]
        about = place.patient, place.topic
        day = place.patient, place.day
        week = place.patient, _monday(place.day)
        self.seen[about] = place
        self.seats[place.group] += 1
        self.days.add(day)
        self.added[week] += choice.more


def _solved(
    choices: list[_DayChoice],
    timetables: Mapping[str, Timetabled],
    left: Mapping[str, int],
    wanted: int,
) -> TopicsAhead:
    """Choose one set of groups a day for each patient, so that most topics are seen."""
    from ortools.sat.python import cp_model  # slow to import, and wanted only here

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in choices]
    _constrain(
        model,
        choices,
        taken,
        timetables,
        left,
    )
    model.maximize(_worth(choices, taken))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    seen: list[TopicPlace] = []
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        for choice, variable in zip(choices, taken, strict=True):
            seen += choice.places if solver.value(variable) else ()
    if status == cp_model.OPTIMAL:
        return TopicsAhead(tuple(seen), len(seen))
    bound = int(solver.best_objective_bound) // (SEEN - DAYS)
    return TopicsAhead(tuple(seen), min(wanted, bound))


def _constrain(
    model: Any,
    choices: list[_DayChoice],
    taken: list[Any],
    timetables: Mapping[str, Timetabled],
    left: Mapping[str, int],
) -> None:
    """Hold a day and a topic to one choice, a group to its places, a week to its hours."""
    for variables in _one_of(choices, taken):
        model.add_at_most_one(variables)
    for group, variables in _by_group(choices, taken).items():
        if group in left:
            model.add(sum(variables) <= left[group])
    for about, terms in _by_week(choices, taken).items():
        patient, monday = about
        most = _week_left(timetables[patient], monday)
        if most is not None:
            model.add(sum(terms) <= most)


def _one_of(choices: list[_DayChoice], taken: list[Any]) -> Iterable[list[Any]]:
    """Return of what at most one is taken: the choices of a day, and those with a topic."""
    found: dict[tuple[str, object], list[Any]] = defaultdict(list)
    for choice, variable in zip(choices, taken, strict=True):
        found[choice.patient, choice.day].append(variable)
        for place in choice.places:
            found[choice.patient, place.topic].append(variable)
    return found.values()


def _by_group(choices: list[_DayChoice], taken: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for choice, variable in zip(choices, taken, strict=True):
        for place in choice.places:
            found[place.group].append(variable)
    return found


def _by_week(choices: list[_DayChoice], taken: list[Any]) -> dict[tuple[str, date], list[Any]]:
    found: dict[tuple[str, date], list[Any]] = defaultdict(list)
    for choice, variable in zip(choices, taken, strict=True):
        found[choice.patient, _monday(choice.day)].append(choice.more * variable)
    return found


def _worth(choices: list[_DayChoice], taken: list[Any]) -> Any:
    """Return what is made most: each topic, a little less for each day until then."""
    first = min(choice.day for choice in choices)
    worth = []
    for choice, variable in zip(choices, taken, strict=True):
        days = min((choice.day - first).days, DAYS)
        worth.append(len(choice.places) * (SEEN - days) * variable)
    return sum(worth)
