"""Does what is published still hold? The sessions that stand, judged by the facts of today."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.plan import (
    CANCELLED_BY_HAND,
    DroppedSlot,
    Finding,
    Plan,
    Reason,
    Rule,
    Unplaced,
)
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import local
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.queries import cohort_by_key, last_published_plan
from scheduler.planning.rules.bending import about, about_words
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.slot_rules import day_of_key


@dataclass(frozen=True, slots=True)
class Holding:
    """What of a publication no longer holds, and what a person accepted where it is."""

    broken: tuple[Finding, ...] = ()
    accepted: tuple[Finding, ...] = ()


def broken_rules(cohort_key: str, *, now: datetime) -> tuple[Finding, ...]:
    """Return what of a cohort's published sessions no longer holds at `now`; nothing, when nothing
    was published. Raises NotFound.

    A group that needs a substitute counts when that was not known as it was published. What a
    person decided about the program's own timetable is no broken rule; a cancelled appointment is
    due again.
    """
    return what_holds(cohort_key, now=now).broken


def what_holds(cohort_key: str, *, now: datetime) -> Holding:
    """Return the same with what a person accepted, its reason in the sentence. Raises NotFound."""
    published = last_published_plan(cohort_by_key(cohort_key))
    if published is None:
        return Holding()
    problem = load_problem(cohort_key, now=now)
    known = {about(finding) for finding in published.findings}
    found = []
    accepted = []
    for finding in judge(problem, _standing(problem, published)):
        is_new = about(finding) not in known
        if finding.hard or (is_new and finding.rule is Rule.SUBSTITUTE):
            found.append(finding)
        elif about_words(finding) in problem.accepted:
            accepted.append(finding)
    return Holding(_first_reasons(problem, found), tuple(accepted))


def standing_plan(cohort_key: str, *, now: datetime) -> tuple[Problem, Plan] | None:
    """Return a cohort as its sessions stand at `now`, as a plan: what is due and has no time is
    left out of it, whatever the publication said. None, when nothing was published. Raises
    NotFound.
    """
    published = last_published_plan(cohort_by_key(cohort_key))
    if published is None:
        return None
    problem = load_problem(cohort_key, now=now)
    standing = _standing(problem, published)
    _, nobody = due_appointments(problem)
    plan = replace(
        standing,
        unplaced=_without_time(problem, standing),
        nobody=nobody,
        findings=judge(problem, standing),
    )
    return problem, plan


def _without_time(problem: Problem, standing: Plan) -> tuple[Unplaced, ...]:
    """Return what is due and may still come, but has no session that stands."""
    placed = {session.key for session in standing.placed}
    known = {unplaced.key: unplaced for unplaced in standing.unplaced}
    over = _over(problem)
    due, _ = due_appointments(problem)
    found = []
    for owed in due:
        if owed.key in placed or owed.key in over:
            continue
        said = "it is due and no plan has it yet"
        if owed.key in problem.called_off:
            said = f"it was {CANCELLED_BY_HAND}"
        new = Unplaced(
            owed.key,
            owed.patient.key,
            owed.appointment.key,
            owed.weeks,
            (Reason(Rule.CADENCE, said),),
        )
        found.append(known.get(owed.key, new))
    return tuple(found)


def _standing(problem: Problem, published: Plan) -> Plan:
    """Return what stands as a plan, with the relatives who can come now."""
    invited = {session.key: session.relatives for session in published.sessions}
    sessions = []
    for session in problem.published:
        # When nobody of those invited can come any more, the rules say of each why not.
        before = _known(problem, invited.get(session.key, ()))
        relatives = problem.guests(session)
        if session.fixed:
            # Of who has other rows a group counts on those whom the publication had in it.
            relatives = tuple(
                key for key in relatives if key not in problem.bodies or key in before
            )
        elif not relatives:
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
