"""The judgement of a plan, whoever made it: every rule of the program, knowing no solver. Pure.

Each rule has a stable name (`Rule`) and says what it found in a sentence for people.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from scheduler.planning.problem.plan import Finding, Plan, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.advice import advice
from scheduler.planning.rules.authorisation_rules import authorisations
from scheduler.planning.rules.bending import about_words
from scheduler.planning.rules.consent_lapse import lapses
from scheduler.planning.rules.day_rules import days
from scheduler.planning.rules.family_rules import family
from scheduler.planning.rules.humans.one_human import humans
from scheduler.planning.rules.people_rules import people
from scheduler.planning.rules.program_rules import program
from scheduler.planning.rules.room_rules import rooms, rooms_apart
from scheduler.planning.rules.slot_rules import slots
from scheduler.planning.rules.week_rules import weeks

OF_SESSIONS: tuple[Callable[[Problem, tuple[PlannedSession, ...]], Iterator[Finding]], ...] = (
    people,
    humans,
    rooms,
    family,
    days,
    weeks,
    lapses,
    authorisations,
    rooms_apart,
    advice,
)
"""The rules that look at nothing but the sessions."""

THE_PROGRAMS = {Rule.FIXED_SLOT, Rule.CADENCE, Rule.START_GRID, Rule.LENGTH}
"""What the program wants of its own timetable: a person may depart from it with open eyes."""


def judge(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return all that a plan breaks (hard), then all that should be known about it; history is not
    blamed.
    """
    past = {session.key for session in problem.history}
    broken = []
    to_know = []
    for finding in _found(problem, plan):
        if not finding.hard:
            to_know.append(finding)
        elif finding.session in past or _is_decided(problem, finding):
            continue
        elif about_words(finding) in problem.accepted:
            to_know.append(_as_accepted(problem, finding))
        else:
            broken.append(finding)
    return tuple(broken + to_know)


def _is_decided(problem: Problem, finding: Finding) -> bool:
    """True if a person departed from the program's timetable by hand."""
    return finding.rule in THE_PROGRAMS and finding.session in problem.kept


def _as_accepted(problem: Problem, finding: Finding) -> Finding:
    """Return what a person accepted with a reason: known, and in nobody's way."""
    reason = problem.accepted[about_words(finding)]
    return replace(finding, hard=False, sentence=f"{finding.sentence} (accepted: {reason})")


def _found(problem: Problem, plan: Plan) -> Iterator[Finding]:
    yield from program(problem, plan)
    yield from slots(problem, plan)
    for rule in OF_SESSIONS:
        yield from rule(problem, plan.sessions)
