"""Checks of the program's fixed slots: all of their meetings are there, at their hour, or told as
dropped. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from scheduler.planning.problem.fixed_slots import meeting_days, why_dropped
from scheduler.planning.problem.plan import Finding, Plan, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import clock, instant
from scheduler.planning.rules.people_rules import when
from scheduler.programs import FixedSlot, week_of

Key = tuple[str, date]


def slots(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Return meetings that are missing, at another hour, or no meetings of the program; history
    stays as it was.
    """
    wanted = dict(_meetings(problem))
    past = {one.key for one in problem.history}
    held: set[Key] = {(one.slot, one.day) for one in plan.dropped}
    for session in (one for one in plan.sessions if one.fixed):
        held.add((session.source, session.day))
        slot = wanted.get((session.source, session.day))
        if session.key in past:
            continue
        if slot is None:
            if session.day not in problem.closed:
                said = f"{session.title} on {when(session)} is no meeting of the program"
                yield Finding(Rule.FIXED_SLOT, said, session=session.key, week=session.week)
        elif (session.at, session.minutes) != (slot.at, slot.minutes):
            had = f"{clock(slot.at)} for {slot.minutes} minutes"
            said = f"{session.title} on {when(session)} is not as the program has it: {had}"
            yield Finding(Rule.FIXED_SLOT, said, session=session.key, week=session.week)
    yield from _missing(problem, {key: slot for key, slot in wanted.items() if key not in held})


def _meetings(problem: Problem) -> Iterator[tuple[Key, FixedSlot]]:
    for slot in problem.template.slots:
        for _, day in meeting_days(problem, slot):
            if not why_dropped(problem, slot, day):
                yield (slot.key, day), slot


def _missing(problem: Problem, wanted: dict[Key, FixedSlot]) -> Iterator[Finding]:
    missing: dict[str, list[date]] = defaultdict(list)
    for (_, day), slot in wanted.items():
        if not problem.is_past(instant(day, slot.at, problem.zone)):
            missing[slot.title].append(day)
    for title, days in missing.items():
        more = (
            f" nor on {len(days) - 1} other day{'s' if len(days) > 2 else ''}"
            if len(days) > 1
            else ""
        )
        said = f"{title} does not meet on {days[0]:%a} {days[0].day} {days[0]:%B}{more}"
        yield Finding(
            Rule.FIXED_SLOT, said, week=week_of(problem.starts, days[0]), figure=len(days)
        )
