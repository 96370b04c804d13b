"""The nearest thing that would give an appointment a time: one condition relaxed, or as few
together as it takes.

Nearest is the series' usual hour, else what asks people for the least change, else the earliest.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from scheduler.people import WEEKDAYS, Window
from scheduler.planning.explain.conflicts import conflicts_of, told
from scheduler.planning.explain.constraints import Case, Name
from scheduler.planning.problem.minute_sets import (
    ALL,
    DAY,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    each,
    monday_in,
    near_on_own_days,
    near_own_hours,
    starts_within,
    window_minutes,
)
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Clinician, Patient, Problem, Relative
from scheduler.planning.problem.time_phrases import listed, start_words
from scheduler.programs import state_name

Start = tuple[WeekNumber, MinuteOfWeek]
"""A week and a minute of it."""
Open = Mapping[WeekNumber, MinuteSet]
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
    rules = tuple(order)
    for size in range(1, MOST + 1):
        offers = _of_size(case, size, rules)
        if offers:
            # By what is relaxed alone: whom it is about leaves the order as it was found.
            ranks = sorted(offers, key=lambda rank: rank[0])
            most = MOST if size == 1 else 2
            return tuple(offers[rank] for rank in ranks[:most])
    return ()


def _of_size(case: Case, size: int, order: tuple[Rule, ...]) -> dict[Rank, str]:
    """Return each offer that relaxes so many conditions by its rank: how dear and which rules, then
    whom it is about.
    """
    offers: dict[Rank, str] = {}
    moving_groups: dict[Rank, str] = {}
    """Told only where nothing else would do."""
    for view in case.by_relative():
        for chosen in _choices(view, size, order):
            rank = _rank(chosen, order)
            opened = view.left(name for name in view.names if name not in chosen)
            if rank in offers or not any(opened.values()):
                continue
            start = nearest(view, chosen, opened)
            found = offers if _moves_no_group(view, chosen, start) else moving_groups
            found[rank] = offer(view, chosen, start)
    return offers or moving_groups


def _choices(case: Case, size: int, order: tuple[Rule, ...]) -> Iterator[tuple[Name, ...]]:
    names = [name for name in case.names if name[0] is not Rule.PAST]
    names.sort(key=lambda name: order.index(name[0]))
    yield from combinations(names, size)


def _rank(chosen: tuple[Name, ...], order: tuple[Rule, ...]) -> Rank:
    rules = [rule for rule, _ in chosen]
    people = tuple(who for _, who in chosen)
    dear = sum(rule in DEAR for rule in rules)
    places = [order.index(rule) for rule in rules]
    return (dear, *places), people


def _moves_no_group(case: Case, chosen: tuple[Name, ...], start: Start) -> bool:
    week, minute = start
    left = _movable(case, chosen, {week: 1 << minute})
    return bool(left[week])


def nearest(case: Case, chosen: tuple[Name, ...], opened: Open) -> Start:
    """Choose among `opened` starts: the usual one, else the least change, else nearest to the
    usual, else the first.
    """
    usual = case.usual
    if usual is not None:
        for week, starts in opened.items():
            if starts >> usual & 1:
                return week, usual
    for narrow in (_movable, _awake):
        narrowed = narrow(case, chosen, opened)
        if any(narrowed.values()):
            opened = narrowed

    def change(start: Start) -> tuple[int, tuple[int, int], Start]:
        return _crowd(case, chosen, start), _off(start[1], usual), start

    return min(_least(case, chosen, opened), key=change)


def _crowd(case: Case, chosen: tuple[Name, ...], start: Start) -> int:
    """Count the sessions that would have to move for it."""
    week, minute = start
    count = 0
    for rule, who in chosen:
        if rule is Rule.PERSON_TWICE:
            count += len(
                conflicts_of(
                    case,
                    who,
                    week,
                    1 << minute,
                )
            )
    return count


def _off(start: MinuteOfWeek, usual: MinuteOfWeek | None) -> tuple[int, int]:
    if usual is None:
        return 0, 0
    day, minute = divmod(start, DAY)
    usual_day, usual_minute = divmod(usual, DAY)
    return abs(day - usual_day), abs(minute - usual_minute)


def _movable(case: Case, chosen: tuple[Name, ...], opened: Open) -> Open:
    """Leave the starts that only placed sessions block: groups do not move."""
    taken = case.board.conditions_of_standing.taken
    left = dict(opened)
    for rule, who in chosen:
        if rule is not Rule.PERSON_TWICE:
            continue
        for week in left:
            free = ~taken(who, week) & ALL
            left[week] &= starts_within(free, case.demand.minutes)
    return left


def _awake(case: Case, chosen: tuple[Name, ...], opened: Open) -> Open:
    """Leave the starts by day, where the clinic is and where those are who would have to make
    time.
    """
    zone = case.problem.zone
    makers = [who for rule, who in chosen if rule in HOURS]
    left = dict(opened)
    for there in {zone, *_zones(case.problem, makers)}:
        for week in left:
            by_day = window_minutes(
                BY_DAY,
                there,
                zone,
                monday_in(week),
            )
            left[week] &= starts_within(by_day, case.demand.minutes)
    return left


def _least(case: Case, chosen: tuple[Name, ...], opened: Open) -> list[Start]:
    """Return the starts at which each condition is stretched least: on its own days, else at its
    own hours.
    """
    stretched = [name for name in chosen if name[0] in STRETCHED]
    if not stretched:
        return _single(opened)
    step = case.problem.template.rules.start_every
    for widen in (near_on_own_days, near_own_hours):
        for far in range(0, DAY, step):
            left = dict(opened)
            for week in left:
                for name in stretched:
                    allowed = case.weeks[week][name]
                    left[week] &= widen(allowed, far)
            if any(left.values()):
                return _single(left)
    return _single(opened)


def _single(opened: Open) -> list[Start]:
    return [(week, start) for week, starts in opened.items() for start in each(starts)]


def offer(case: Case, chosen: tuple[Name, ...], start: Start) -> str:
    """Say what would have to be so, and the time it would open."""
    makers = [who for rule, who in chosen if rule in HOURS]
    others = [name for name in chosen if name[0] not in HOURS]
    week, minute = start
    when = start_words(
        week,
        minute,
        case.problem.zone,
        _zones(case.problem, makers),
    )
    if len(chosen) == 1 and chosen[0][0] in DATED:
        return f"if {_clause(case, chosen[0], start, when)}"
    clauses = [_clause(case, name, start, "that day") for name in others]
    if not makers:
        return f"if {' and '.join(clauses)}: {when}"
    both = "both " if len(makers) > 1 else ""
    clauses.append(f"{listed(makers)} could {both}make {when}")
    return f"if {' and '.join(clauses)}"


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
    if rule is Rule.LICENCE:
        return _licensed(case, who)
    if rule is not Rule.PERSON_TWICE:
        return CLAUSES[rule].format(who=who, when=when)
    week, minute = start
    blocking = conflicts_of(
        case,
        who,
        week,
        1 << minute,
    )
    if not blocking:
        return f"{who} were not taken"
    return f"{told(blocking, case.problem.zone)} could be moved"


def _licensed(case: Case, who: str) -> str:
    state = case.demand.obligation.patient.state
    clinician = case.problem.clinician_by_key[who]
    name = state_name(state)
    if any(licence.state == state for licence in clinician.licences):
        return f"{who}'s {name} licence were renewed"
    article = "an" if name[0] in "AIO" else "a"
    return f"{who} held {article} {name} licence"


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
