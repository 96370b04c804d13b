"""The judgement of a plan, whoever made it: every rule of the program, knowing no solver. Pure.

Each rule has a stable name (`Rule`) and says what it found in a sentence for people.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from scheduler.planning.problem.plan import Finding, Plan, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.advice import advice
from scheduler.planning.rules.authorisation_rules import authorisations
from scheduler.planning.rules.bending import about_words
from scheduler.planning.rules.consent_lapse import lapses
from scheduler.planning.rules.day_rules import at_school, days, once_a_day
from scheduler.planning.rules.family_rules import family
from scheduler.planning.rules.humans.one_human import humans
from scheduler.planning.rules.people_rules import alone, people, twice
from scheduler.planning.rules.program_rules import assessment_first, frame, program
from scheduler.planning.rules.room_rules import rooms, rooms_apart
from scheduler.planning.rules.slot_rules import slots
from scheduler.planning.rules.week_rules import too_much, weeks

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
    return _in_order(problem, _found(problem, plan))


def judge_one(
    problem: Problem,
    session: PlannedSession,
    near: Iterable[PlannedSession],
    weeks_of: Iterable[PlannedSession],
) -> tuple[Finding, ...]:
    """Return what is found of one session among others: those `near` it, as far as rules look at a
    day and what is beside it, and those of its patients' weeks. The rules of `judge`, in its order,
    of no more than the session touches.
    """
    patients = [problem.patient_by_key[key] for key in session.patients]
    sessions = sorted((*near, session), key=in_order)
    found = _found_of_one(problem, session, tuple(sessions))
    weeks_found = too_much(problem, (*weeks_of, session), patients)
    return _in_order(problem, (*found, *weeks_found))


def _found_of_one(
    problem: Problem, session: PlannedSession, near: tuple[PlannedSession, ...]
) -> Iterator[Finding]:
    yield from frame(problem, session)
    yield from assessment_first(near)
    yield from twice(problem, near)
    yield from alone(problem, session)
    yield from humans(problem, near)
    yield from rooms(problem, near)
    yield from family(problem, (session,))
    yield from once_a_day(problem, near)
    yield from at_school(problem, (session,))


def _in_order(problem: Problem, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what is broken, then what is to be known."""
    past = {session.key for session in problem.history}
    broken = []
    to_know = []
    for finding in found:
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
