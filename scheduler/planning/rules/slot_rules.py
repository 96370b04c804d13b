"""Checks of the program's fixed slots: all of their meetings are there, at their hour, or told as
dropped. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from scheduler.planning.problem.fixed_slots import meeting_days, why_dropped
from scheduler.planning.problem.plan import Finding, Plan, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.time_phrases import clock_words, short_day
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.rules.people_rules import when
from scheduler.programs import FixedSlot, week_of

Key = tuple[str, date]


def slots(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Return meetings that are missing, at another hour, or no meetings of the program; history
    stays as it was.
    """
    wanted = dict(_meetings(problem))
    past = {session.key for session in problem.history}
    held: set[Key] = {(slot.slot, slot.day) for slot in plan.dropped}
    for session in plan.sessions:
        if not session.fixed:
            continue
        name = (session.source, session.day)
        held.add(name)
        if session.key in problem.kept:
            held.add((session.source, day_of_key(session.key)))
        if session.key not in past:
            yield from _as_in_program(
                problem,
                session,
                wanted.get(name),
            )
    missing = {name: slot for name, slot in wanted.items() if name not in held}
    yield from _missing(problem, missing)


def day_of_key(key: str) -> date:
    """Return the day on which the program has a meeting, by its session's key."""
    return date.fromisoformat(key.rpartition(".")[2])


def _as_in_program(
    problem: Problem, session: PlannedSession, slot: FixedSlot | None
) -> Iterator[Finding]:
    """Return what is wrong about a meeting; on a closed day another rule says it."""
    if slot is None:
        if session.day in problem.closed:
            return
        said = f"{session.title} on {when(session)} is no meeting of the program"
    elif (session.at, session.minutes) != (slot.at, slot.minutes):
        said = (
            f"{session.title} on {when(session)} is not as the program has it: "
            f"{clock_words(slot.at)} for {slot.minutes} minutes"
        )
    else:
        return
    yield Finding(
        Rule.FIXED_SLOT,
        said,
        session=session.key,
        week=session.week,
    )


def _meetings(problem: Problem) -> Iterator[tuple[Key, FixedSlot]]:
    for slot in problem.template.slots:
        for _, day in meeting_days(problem, slot):
            if not why_dropped(problem, slot, day):
                yield (slot.key, day), slot


def _missing(problem: Problem, wanted: dict[Key, FixedSlot]) -> Iterator[Finding]:
    missing: dict[str, list[Key]] = defaultdict(list)
    for name, slot in wanted.items():
        _, day = name
        start = instant(day, slot.at, problem.zone)
        if not problem.is_past(start):
            missing[slot.title].append(name)
    for title, names in missing.items():
        key, first = names[0]
        others = len(names) - 1
        said = f"{title} does not meet on {short_day(first)}"
        if others:
            said += f" nor on {others} other day{'s' if others > 1 else ''}"
        yield Finding(
            Rule.FIXED_SLOT,
            said,
            session=f"{problem.cohort}.{key}.{first.isoformat()}",
            week=week_of(problem.starts, first),
            figure=len(names),
        )
