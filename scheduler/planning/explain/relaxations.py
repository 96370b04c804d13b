"""The nearest thing that would give an appointment a time: one condition relaxed, or as few
together as it takes.

Nearest is the series' usual hour, else what asks people for the least change, else the earliest.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import combinations
from operator import or_

from scheduler.people import WEEKDAYS, Window
from scheduler.planning.explain.conflicts import conflicts_of, told
from scheduler.planning.explain.constraints import Case, Name
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    DAYS,
    each,
    monday_in,
    starts_within,
    window_minutes,
)
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Clinician, Patient, Problem, Relative
from scheduler.planning.problem.time_phrases import listed, start_words
from scheduler.programs import state_name

Start = tuple[int, int]
"""A week and a minute of it."""
Open = Mapping[int, int]
"""Starts by week."""
Rank = tuple[tuple[int, ...], tuple[str, ...]]

MOST = 3
"""As many conditions are relaxed together at most, and as many remedies are told."""
HOURS = (Rule.CLINICIAN_HOURS, Rule.PATIENT_FREE, Rule.RELATIVE_FREE)
"""What a person relaxes by making time."""
STRETCHED = (*HOURS, Rule.SCHOOL_HOURS, Rule.CONSENT, Rule.STAY)
"""What is relaxed more or less, by the minutes between a start and the nearest that is allowed."""
BY_DAY = (Window(WEEKDAYS, 7 * 60, 22 * 60),)
"""Nobody is asked for the middle of the night, as long as there is any other hour."""
DEAR = (Rule.CLOSED, Rule.STAY, Rule.LICENCE)
"""What a clinic relaxes last."""


def relaxations(case: Case, order: Iterable[Rule]) -> tuple[str, ...]:
    """Say what would give a time, the simplest first; empty only where the weeks are over."""
    order = tuple(order)
    for size in range(1, MOST + 1):
        found = sorted(_of_size(case, size, order).items(), key=lambda one: one[0][0])
        if found:
            return tuple(said for _, said in found)[: MOST if size == 1 else 2]
    return ()


def _of_size(case: Case, size: int, order: tuple[Rule, ...]) -> dict[Rank, str]:
    """Return each offer that relaxes so many conditions by its rank: how dear and which rules, then
    whom it is about.
    """
    offers: dict[Rank, str] = {}
    hard: dict[Rank, str] = {}
    """What would move a group: told only where nothing else would do."""
    for view in case.by_relative():
        names = [name for name in view.names if name[0] is not Rule.PAST]
        names.sort(key=lambda name: order.index(name[0]))
        for chosen in combinations(names, size):
            dear = sum(rule in DEAR for rule, _ in chosen)
            rank = (
                (dear, *(order.index(rule) for rule, _ in chosen)),
                tuple(who for _, who in chosen),
            )
            opened = view.left(name for name in view.names if name not in chosen)
            if rank not in offers and any(opened.values()):
                week, start = nearest(view, chosen, opened)
                moves_group = not _movable(view, chosen, {week: 1 << start})[week]
                (hard if moves_group else offers)[rank] = offer(view, chosen, (week, start))
    return offers or hard


def nearest(case: Case, chosen: tuple[Name, ...], opened: Open) -> Start:
    """Choose among `opened` starts: the usual one, else the least change, else nearest to the
    usual, else the first.
    """
    if case.usual is not None:
        for week, starts in opened.items():
            if starts >> case.usual & 1:
                return week, case.usual
    for narrowed in (_movable(case, chosen, opened), _awake(case, chosen, opened)):
        opened = narrowed if any(narrowed.values()) else opened
    return min(
        _least(case, chosen, opened),
        key=lambda one: (_crowd(case, chosen, one), _off(one[1], case.usual), one),
    )


def _crowd(case: Case, chosen: tuple[Name, ...], start: Start) -> int:
    """How many sessions would have to move for it."""
    taken = [who for rule, who in chosen if rule is Rule.PERSON_TWICE]
    return sum(len(conflicts_of(case, who, start[0], 1 << start[1])) for who in taken)


def _off(start: int, usual: int | None) -> tuple[int, int]:
    if usual is None:
        return 0, 0
    (day, minute), (usual_day, usual_minute) = divmod(start, DAY), divmod(usual, DAY)
    return abs(day - usual_day), abs(minute - usual_minute)


def _movable(case: Case, chosen: tuple[Name, ...], opened: Open) -> Open:
    """Leave the starts that only placed sessions block: groups do not move."""
    taken = case.board.conditions_of_standing.taken
    for _, who in (name for name in chosen if name[0] is Rule.PERSON_TWICE):
        opened = {
            week: starts & starts_within(~taken(who, week) & ALL, case.demand.minutes)
            for week, starts in opened.items()
        }
    return opened


def _awake(case: Case, chosen: tuple[Name, ...], opened: Open) -> Open:
    """Leave the starts by day, where the clinic is and where those are who would have to make
    time.
    """
    zone = case.problem.zone
    zones = {zone, *_zones(case.problem, (who for rule, who in chosen if rule in HOURS))}
    for there in zones:
        opened = {
            week: starts
            & starts_within(
                window_minutes(BY_DAY, there, zone, monday_in(week)), case.demand.minutes
            )
            for week, starts in opened.items()
        }
    return opened


def _least(case: Case, chosen: tuple[Name, ...], opened: Open) -> list[Start]:
    """The starts at which each condition is stretched least: on its own days, else at its own
    hours.
    """
    stretched = [name for name in chosen if name[0] in STRETCHED]
    step = case.problem.template.rules.start_every
    for own in (_own_days, _own_hours) if stretched else ():
        for far in range(0, DAY, step):
            found = []
            for week, starts in opened.items():
                for name in stretched:
                    starts &= own(case.weeks[week][name], far)
                found += [(week, start) for start in each(starts)]
            if found:
                return found
    return [(week, start) for week, starts in opened.items() for start in each(starts)]


def _own_days(allowed: int, far: int) -> int:
    """The minutes at most `far` from an allowed one of the same day."""
    return sum(_within(allowed & day, far) & day for day in DAYS)


def _own_hours(allowed: int, far: int) -> int:
    """The minutes of any day at most `far` from an allowed hour of some day."""
    hours = reduce(or_, (allowed >> number * DAY & DAYS[0] for number in range(7)))
    near = _within(hours, far) & DAYS[0]
    return sum(near << number * DAY for number in range(7))


def _within(allowed: int, far: int) -> int:
    """All minutes at most `far` from an allowed one."""
    found, done = allowed, 0
    while done < far:
        step = min(max(done, 1), far - done)
        found |= (found << step) | (found >> step)
        done += step
    return found


def offer(case: Case, chosen: tuple[Name, ...], start: Start) -> str:
    """Say what would have to be so, and the time it would open."""
    makers = tuple(who for rule, who in chosen if rule in HOURS)
    when = start_words(*start, case.problem.zone, _zones(case.problem, makers))
    rest = [name for name in chosen if name[0] not in HOURS]
    if len(chosen) == 1 and rest and rest[0][0] in DATED:
        return f"if {_clause(case, rest[0], start, when)}"
    clauses = [_clause(case, name, start, "that day") for name in rest]
    if not makers:
        return f"if {' and '.join(clauses)}: {when}"
    both = "both " if len(makers) > 1 else ""
    return f"if {' and '.join([*clauses, f'{listed(makers)} could {both}make {when}'])}"


def _zones(problem: Problem, people: Iterable[str]) -> list[str]:
    """The zones of those who have to make time."""
    known: dict[str, Clinician | Patient | Relative] = {
        **problem.clinician_by_key,
        **problem.patient_by_key,
        **problem.relative_by_key,
    }
    return [known[who].zone for who in people if who in known]


def _clause(case: Case, name: Name, start: Start, when: str) -> str:
    rule, who = name
    if rule is Rule.PERSON_TWICE:
        blocking = conflicts_of(case, who, start[0], 1 << start[1])
        return (
            f"{told(blocking, case.problem.zone)} could be moved"
            if blocking
            else f"{who} were not taken"
        )
    if rule is Rule.LICENCE:
        return _licensed(case, who)
    return CLAUSES[rule].format(who=who, when=when)


def _licensed(case: Case, who: str) -> str:
    state = case.demand.obligation.patient.state
    name = state_name(state)
    if any(one.state == state for one in case.problem.clinician_by_key[who].licences):
        return f"{who}'s {name} licence were renewed"
    return f"{who} held {'an' if name[0] in 'AIO' else 'a'} {name} licence"


DATED = (Rule.SCHOOL_HOURS, Rule.CONSENT, Rule.CLOSED, Rule.STAY)
"""Clauses that say the time themselves."""
CLAUSES = {
    Rule.CONSENT: "the consent for {who} covered {when}",
    Rule.CLOSED: "the clinic were open {when}",
    Rule.STAY: "the stay of {who} included {when}",
    Rule.CLINICIAN_AWAY: "{who} were not away",
    Rule.SCHOOL_HOURS: "school let {who} go {when}",
    Rule.ROOM_OWN: "there were another room",
    Rule.DAY_HOURS_MAX: "{who} could have more hours in a day",
    Rule.WEEK_HOURS_MAX: "{who} could have more hours in a week",
    Rule.ONCE_A_DAY: "{who} could have two of them on one day",
    Rule.ASSESSMENT_FIRST: "the assessment of {who} came earlier",
}
