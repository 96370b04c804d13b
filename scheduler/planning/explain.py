"""Why an appointment has no time: the smallest set of people and rules that exclude it, and what would help. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import reduce
from itertools import combinations

from scheduler.planning.board import Board
from scheduler.planning.demand import Demand
from scheduler.planning.minutes import ALL, DAY, each, monday_in, starts_within
from scheduler.planning.plan import Reason, Rule, Unplaced
from scheduler.planning.problem import Problem
from scheduler.planning.wall import clock
from scheduler.planning.words import offer, reason_sentence

Name = tuple[Rule, str]
"""A condition's rule and whom it is about."""
Weeks = Mapping[int, Mapping[Name, int]]
"""By week, the starts that each condition allows."""

ALWAYS = (Rule.START_GRID, Rule.WALL_TIME)
"""What holds for everybody and explains nothing."""
GIVEN = (Rule.STAY, Rule.PAST, Rule.CLOSED)
"""What nobody can relax by making time."""
PREFERRED = (
    Rule.LICENCE,
    Rule.CLINICIAN_HOURS,
    Rule.PATIENT_FREE,
    Rule.RELATIVE_FREE,
    Rule.CLINICIAN_AWAY,
    Rule.STAY,
    Rule.PAST,
    Rule.CLOSED,
    Rule.ASSESSMENT_FIRST,
    Rule.DAY_HOURS_MAX,
    Rule.PERSON_TWICE,
    Rule.ROOM_OWN,
)
"""Of two sets equally small, the one with the earlier rules is told: lasting reasons before passing ones."""


def explain(problem: Problem, board: Board, left_out: Iterable[Demand]) -> tuple[Unplaced, ...]:
    """Give each demand without a place with its reasons and the nearest remedies."""
    return tuple(_unplaced(problem, board, demand) for demand in left_out)


def _unplaced(problem: Problem, board: Board, demand: Demand) -> Unplaced:
    one = demand.obligation
    weeks = {week: _conditions(problem, board, demand, week) for week in board.conditions_of_standing.weeks(one)}
    family = _family(board, demand)
    needed = smallest(weeks)
    reasons = tuple(
        Reason(rule, reason_sentence(rule, who, demand, family), _people(rule, who, demand, family))
        for rule, who in needed
    )
    remedies = tuple(said for said in (_remedy(board, demand, weeks, name) for name in needed) if said)
    return Unplaced(one.key, one.patient.key, one.appointment.key, one.weeks, reasons, remedies)


def _family(board: Board, demand: Demand) -> tuple[str, ...]:
    """The relatives whom readiness and consent let come at some time of the weeks."""
    conditions, one = board.conditions_of_standing, demand.obligation
    return tuple(
        relative.key
        for relative in one.patient.relatives
        if relative.ready and any(conditions.consented(one, relative, week) for week in conditions.weeks(one))
    )


def _people(rule: Rule, who: str, demand: Demand, family: tuple[str, ...]) -> tuple[str, ...]:
    if rule is Rule.RELATIVE_FREE:
        return family
    return (who,) if who else (demand.patient,)


def _conditions(problem: Problem, board: Board, demand: Demand, week: int) -> dict[Name, int]:
    """All conditions of a week: its own, and what the sessions around it leave."""
    own = board.conditions_of_standing.of_week(demand.obligation, week)
    found: dict[Name, int] = {(rule, who): starts for rule, who, starts in own}
    beyond = (ALL << demand.buffer) | ALL
    kept = board.kept[demand.clinician, week]
    found[Rule.PERSON_TWICE, demand.clinician] = starts_within(~kept & beyond, demand.minutes + demand.buffer)
    taken = board.taken[demand.patient, week]
    found[Rule.PERSON_TWICE, demand.patient] = starts_within(~taken & ALL, demand.minutes)
    if problem.rooms:
        found[Rule.ROOM_OWN, ""] = starts_within(~board.full(week) & ALL, demand.minutes)
    if demand.patient in board.gate and not demand.is_assessment:
        found[Rule.ASSESSMENT_FIRST, demand.patient] = board.after_gate(demand.patient, week)
    possible = reduce(lambda left, right: left & right, (found[rule, ""] for rule in ALWAYS))
    found[Rule.DAY_HOURS_MAX, demand.patient] = board.within_hours(demand, week, possible)
    return found


def smallest(weeks: Weeks) -> tuple[Name, ...]:
    """Give the smallest set of conditions that, with what always holds, leaves no start in any of the weeks."""
    possible = _left(weeks, ())
    names = [
        name
        for name in next(iter(weeks.values()))
        if name[0] not in ALWAYS and any(starts & ~weeks[week][name] for week, starts in possible.items())
    ]
    ordered = sorted(names, key=lambda name: PREFERRED.index(name[0]))
    for size in range(1, len(ordered) + 1):
        for chosen in combinations(ordered, size):
            if not any(_left(weeks, chosen).values()):
                return chosen
    return tuple(ordered)


def _left(weeks: Weeks, names: Iterable[Name]) -> dict[int, int]:
    names = tuple(names)
    left = {}
    for week, conditions in weeks.items():
        starts = ALL
        for name, allowed in conditions.items():
            if name in names or name[0] in ALWAYS:
                starts &= allowed
        left[week] = starts
    return left


def _remedy(board: Board, demand: Demand, weeks: Weeks, name: Name) -> str | None:
    """Say the first start that this one condition alone forbids; None when others forbid all of them too."""
    if name[0] in GIVEN:
        return None
    rule, who = name
    others = [one for one in next(iter(weeks.values())) if one != name]
    open_starts = [(week, start) for week, starts in _left(weeks, others).items() for start in each(starts)]
    if rule is Rule.RELATIVE_FREE:
        return _family_remedy(board, demand, open_starts)
    return offer(rule, who, demand, _when(*open_starts[0])) if open_starts else None


def _family_remedy(board: Board, demand: Demand, open_starts: list[tuple[int, int]]) -> str | None:
    """Say when a consenting relative would need time, else when one with time would need a consent."""
    conditions, one = board.conditions_of_standing, demand.obligation
    ready = [relative for relative in one.patient.relatives if relative.ready and relative.consents_to(one.kind)]
    for rule, allows in ((Rule.RELATIVE_FREE, conditions.consented), (Rule.CONSENT, conditions.at_leisure)):
        for week, start in open_starts:
            able = [relative.key for relative in ready if allows(one, relative, week) >> start & 1]
            if able:
                return offer(rule, " or ".join(able), demand, _when(week, start))
    return None


def _when(week: int, start: int) -> str:
    weekday, minute = divmod(start, DAY)
    day = monday_in(week) + timedelta(days=weekday)
    return f"{day:%A} {day.day} {day:%B} at {clock(minute)}"
