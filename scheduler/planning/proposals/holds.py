"""Does what is published still hold? The sessions that stand, judged by the facts of today."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.plan import (
    CANCELLED_BY_HAND,
    DroppedSlot,
    Finding,
    Plan,
    Rule,
)
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import local
from scheduler.planning.proposals.judge_edit import about
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.queries import cohort_by_key, last_published_plan
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.slot_rules import day_of_key


def broken_rules(cohort_key: str, *, now: datetime) -> tuple[Finding, ...]:
    """Return what of a cohort's published sessions no longer holds at `now`; nothing, when nothing
    was published. Raises NotFound.

    A group that needs a substitute counts when that was not known as it was published. What a
    person decided about the program's own timetable is no broken rule; a cancelled appointment is
    due again.
    """
    published = last_published_plan(cohort_by_key(cohort_key))
    if published is None:
        return ()
    problem = load_problem(cohort_key, now=now)
    standing = _standing(problem, published)
    known = {about(finding) for finding in published.findings}
    found = []
    for finding in judge(problem, standing):
        is_new = about(finding) not in known
        if finding.hard or (is_new and finding.rule is Rule.SUBSTITUTE):
            found.append(finding)
    return _first_reasons(problem, found)


def _standing(problem: Problem, published: Plan) -> Plan:
    """Return what stands as a plan, with the relatives who can come now."""
    invited = {session.key: session.relatives for session in published.sessions}
    sessions = []
    for session in problem.published:
        # When nobody of those invited can come any more, the rules say of each why not.
        before = _known(problem, invited.get(session.key, ()))
        relatives = problem.guests(session)
        if not relatives and not session.fixed:
            relatives = before
        sessions.append(replace(session, relatives=relatives))
    unplaced = [owed for owed in published.unplaced if owed.key not in problem.called_off]
    return Plan(
        problem.cohort,
        sessions=tuple(sessions),
        unplaced=tuple(unplaced),
        dropped=_called_off(problem),
    )


def _known(problem: Problem, relatives: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key in relatives if key in problem.relative_by_key)


def _called_off(problem: Problem) -> tuple[DroppedSlot, ...]:
    """Return the program's meetings that a person cancelled."""
    titles = {slot.key: slot.title for slot in problem.template.slots}
    found = []
    for key in sorted(problem.called_off):
        _, source, *_ = key.split(".")
        if source in titles:
            day = day_of_key(key)
            found.append(DroppedSlot(source, titles[source], day, CANCELLED_BY_HAND))
    return tuple(found)


def _first_reasons(problem: Problem, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out what says nothing new: an appointment no longer due, where another rule says why,
    and one whose weeks are over.
    """
    findings = tuple(found)
    told = {finding.session for finding in findings if finding.rule is not Rule.CADENCE}
    over = _over(problem)
    left = []
    for finding in findings:
        is_cadence = finding.rule is Rule.CADENCE
        if is_cadence and (finding.session in told or finding.session in over):
            continue
        left.append(finding)
    return tuple(left)


def _over(problem: Problem) -> set[str]:
    """Return the keys of due appointments whose weeks have passed."""
    assert problem.now is not None
    today, _ = local(problem.now, problem.zone)
    due, _ = due_appointments(problem)
    found = set()
    for owed in due:
        days = owed.days(problem)
        if days and days[-1] < today:
            found.add(owed.key)
    return found
