"""Why an appointment has no time: the smallest set of people and rules that exclude it, and what would help. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce

from scheduler.planning.board import Board
from scheduler.planning.demand import Condition, Demand
from scheduler.planning.minutes import ALL, DAY, each, monday_in, starts_within
from scheduler.planning.plan import Reason, Rule, Unplaced
from scheduler.planning.problem import Problem
from scheduler.planning.wall import clock

FRAME = (Rule.STAY, Rule.PAST, Rule.CLOSED, Rule.WALL_TIME, Rule.START_GRID)
"""Conditions that nobody can relax by making time."""


def explain(problem: Problem, board: Board, left_out: Iterable[Demand]) -> tuple[Unplaced, ...]:
    """Give each demand without a place with its reasons and the nearest remedies."""
    return tuple(_unplaced(problem, board, demand) for demand in left_out)


def _unplaced(problem: Problem, board: Board, demand: Demand) -> Unplaced:
    one = demand.obligation
    weeks = board.conditions_of_standing.weeks(one)
    conditions = {week: _conditions(problem, board, demand, week) for week in weeks}
    needed = _smallest(conditions)
    reasons = tuple(
        Reason(rule, _sentence(rule, who, demand), (who,) if who else (demand.patient,)) for rule, who in needed
    )
    remedies = tuple(said for said in (_remedy(demand, conditions, name) for name in needed) if said)
    return Unplaced(one.key, one.patient.key, one.appointment.key, one.weeks, reasons, remedies)


def _conditions(problem: Problem, board: Board, demand: Demand, week: int) -> list[Condition]:
    """All conditions of a week: its own, and what the sessions around it leave."""
    found = list(board.conditions_of_standing.of_week(demand.obligation, week))
    beyond = (ALL << demand.buffer) | ALL
    kept = board.kept[demand.clinician, week]
    found.append((Rule.PERSON_TWICE, demand.clinician, starts_within(~kept & beyond, demand.minutes + demand.buffer)))
    taken = board.taken[demand.patient, week]
    found.append((Rule.PERSON_TWICE, demand.patient, starts_within(~taken & ALL, demand.minutes)))
    if problem.rooms:
        full = board.levels[week][-1]
        found.append((Rule.ROOM_OWN, "", starts_within(~full & ALL, demand.minutes)))
    rest = reduce(lambda left, right: left & right[2], found, ALL)
    within = sum(1 << start for start in each(rest) if board.is_within_hours(demand, week, start))
    found.append((Rule.DAY_HOURS_MAX, demand.patient, within | (ALL & ~rest)))
    if demand.patient in board.gate and not demand.is_assessment:
        found.append((Rule.ASSESSMENT_FIRST, demand.patient, board.after_gate(demand.patient, week)))
    return found


Name = tuple[Rule, str]


def _smallest(conditions: dict[int, list[Condition]]) -> list[Name]:
    """Leave away each condition that is not needed for the weeks to have no start; the frame goes last."""
    names: list[Name] = [one[:2] for one in next(iter(conditions.values()))]
    needed = list(dict.fromkeys(names))
    for name in sorted(needed, key=lambda one: one[0] in FRAME):
        fewer = [one for one in needed if one != name]
        if not any(_left(conditions, fewer).values()):
            needed = fewer
    return needed


def _left(conditions: dict[int, list[Condition]], names: list[Name]) -> dict[int, int]:
    return {
        week: reduce(lambda left, right: left & right[2] if right[:2] in names else left, found, ALL)
        for week, found in conditions.items()
    }


def _sentence(rule: Rule, who: str, demand: Demand) -> str:
    weeks = _weeks(demand)
    sentences = {
        Rule.START_GRID: "sessions start only on the program's grid of minutes",
        Rule.WALL_TIME: "the clocks change",
        Rule.STAY: f"{who} is enrolled for only part of {weeks}",
        Rule.PAST: f"of {weeks} only what is left can be planned",
        Rule.CLOSED: f"there are closed days in {weeks}",
        Rule.CLINICIAN_AWAY: f"{who} is away in {weeks}",
        Rule.LICENCE: f"{who} holds no {demand.obligation.patient.state} licence",
        Rule.CLINICIAN_HOURS: f"{who} works only certain hours",
        Rule.PATIENT_FREE: f"{who} is free only at certain hours",
        Rule.RELATIVE_FREE: f"no relative of {demand.patient} is consenting, ready and free at other times",
        Rule.PERSON_TWICE: f"{who} is taken by other sessions",
        Rule.ROOM_OWN: "all rooms are taken",
        Rule.DAY_HOURS_MAX: f"{who} would have too many hours that day or week",
        Rule.ASSESSMENT_FIRST: f"the assessment of {who} has to come first",
    }
    return sentences[rule]


def _remedy(demand: Demand, conditions: dict[int, list[Condition]], name: Name) -> str | None:
    """Say the first start that this one condition alone forbids; None when others forbid all of them too."""
    if name[0] in FRAME:
        return None
    others = list(dict.fromkeys(one[:2] for one in next(iter(conditions.values())) if one[:2] != name))
    for week, starts in _left(conditions, others).items():
        for start in each(starts):
            weekday, minute = divmod(start, DAY)
            day = monday_in(week) + timedelta(days=weekday)
            return _offer(name, demand, f"{day:%A} {day.day} {day:%B} at {clock(minute)}")
    return None


def _offer(name: Name, demand: Demand, when: str) -> str:
    rule, who = name
    if rule is Rule.RELATIVE_FREE:
        return f"if a consenting relative of {demand.patient} could make {when}"
    if rule is Rule.LICENCE:
        return f"if {who} held a {demand.obligation.patient.state} licence, {when}"
    if rule is Rule.ROOM_OWN:
        return f"if there were another room, {when}"
    if rule is Rule.DAY_HOURS_MAX:
        return f"if {who} could have more hours that day, {when}"
    if rule is Rule.PERSON_TWICE:
        return f"if {who}'s other session could be moved, {when}"
    return f"if {who} could make {when}"


def _weeks(demand: Demand) -> str:
    first, last = demand.obligation.weeks
    return f"week {first}" if first == last else f"weeks {first} to {last}"
