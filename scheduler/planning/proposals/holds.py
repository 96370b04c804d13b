"""Does what is published still hold? The sessions that stand, judged by the facts of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from scheduler.planning.explain.make_up_offers import Offer
from scheduler.planning.explain.mending import Mend, mend_of
from scheduler.planning.explain.places.places_left import places_left
from scheduler.planning.problem.due_appointments import DueAppointment, due_appointments
from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import (
    CANCELLED_BY_HAND,
    DroppedSlot,
    Finding,
    Plan,
    PlannedSession,
    Reason,
    Rule,
    Unplaced,
    from_document,
)
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import local
from scheduler.planning.proposals.decisions import laid_over
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.queries import (
    cohort_by_key,
    last_published_plan,
    open_proposal,
)
from scheduler.planning.rules.bending import about, about_words
from scheduler.planning.rules.group_seats import seats
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.slot_rules import day_of_key

MATTERS_WHEN_NEW = {Rule.SUBSTITUTE, Rule.AUTHORISATION}
"""What stops no publication, and has to be acted upon when it comes about afterwards."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that what is published breaks: the finding, whom (keys) it is about, and the deed
    that mends it.
    """

    finding: Finding
    people: tuple[str, ...]
    mend: Mend


@dataclass(frozen=True, slots=True)
class Holding:
    """What of a publication no longer holds, and what a person accepted where it is."""

    broken: tuple[Broken, ...] = ()
    accepted: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A cohort as it is now, as a plan: what is due and has no time is left out of it, whatever a
    publication or a proposal once said.
    """

    problem: Problem
    plan: Plan
    broken: tuple[Broken, ...] = ()
    offers: Mapping[str, tuple[Offer, ...]] = field(default_factory=dict)
    """By key of what has no time: where it could be held."""


def broken_rules(cohort_key: str, *, now: datetime) -> tuple[Finding, ...]:
    """Return what of a cohort's published sessions no longer holds at `now`; nothing, when nothing
    was published. Raises NotFound.

    A group that needs a substitute, and a day no payer agreed to, count when that was not known as
    it was published. What a person decided about the program's own timetable is no broken rule; a
    cancelled appointment is due again.
    """
    return tuple(broken.finding for broken in still_holds(cohort_key, now=now))


def still_holds(cohort_key: str, *, now: datetime) -> tuple[Broken, ...]:
    """Return the same with whom each broken rule is about, and what mends it. Raises NotFound."""
    return what_holds(cohort_key, now=now).broken


def what_holds(cohort_key: str, *, now: datetime) -> Holding:
    """Return the same with what a person accepted, its reason in the sentence. Raises NotFound."""
    published = last_published_plan(cohort_by_key(cohort_key))
    if published is None:
        return Holding()
    problem = load_problem(cohort_key, now=now)
    standing = _standing(problem, published)
    found = judge(problem, standing)
    broken = _broken(
        problem,
        published,
        standing,
        found,
    )
    accepted = [finding for finding in found if about_words(finding) in problem.accepted]
    return Holding(broken, tuple(accepted))


def standing_plan(cohort_key: str, *, now: datetime) -> Standing | None:
    """Return a cohort as its sessions stand at `now`. None, when nothing was published. Raises
    NotFound.
    """
    published = last_published_plan(cohort_by_key(cohort_key))
    if published is None:
        return None
    problem = load_problem(cohort_key, now=now)
    standing = _standing(problem, published)
    found = judge(problem, standing)
    broken = _broken(problem, published, standing, found)
    return _accounted(problem, standing, found, broken)


def waiting_plan(cohort_key: str, *, now: datetime) -> Standing | None:
    """Return the proposal that waits, laid over what was decided by hand since and judged by the
    facts of today. None, when none waits. Raises NotFound.
    """
    cohort = cohort_by_key(cohort_key)
    proposal = open_proposal(cohort)
    if proposal is None:
        return None
    problem = load_problem(cohort_key, now=now)
    plan = laid_over(from_document(proposal.plan), cohort)
    return _accounted(problem, plan, judge(problem, plan), ())


def _accounted(
    problem: Problem, plan: Plan, found: tuple[Finding, ...], broken: tuple[Broken, ...]
) -> Standing:
    """Return a plan with what it leaves out, as it is now, and where that could be held."""
    due, nobody = due_appointments(problem)
    left = replace(plan, unplaced=_without_time(problem, plan, due))
    places = places_left(problem, left, due)
    whole = replace(plan, unplaced=places.unplaced, nobody=nobody, findings=found)
    return Standing(problem, whole, broken, places.offers)


def _broken(
    problem: Problem, published: Plan, standing: Plan, found: Iterable[Finding]
) -> tuple[Broken, ...]:
    broken = [finding for finding in found if _counts(finding, published)]
    broken += seats(problem, standing.sessions)
    sessions = {session.key: session for session in standing.sessions}
    rules = []
    for finding in _first_reasons(problem, broken):
        people = _people(finding, sessions)
        rules.append(Broken(finding, people, mend_of(problem, finding)))
    return tuple(rules)


def _counts(finding: Finding, published: Plan) -> bool:
    """True if a finding is a broken rule; a substitute, or a day no payer agreed to, that was known
    when it was published is none.
    """
    if finding.rule not in MATTERS_WHEN_NEW:
        return finding.hard
    known = {about(before) for before in published.findings}
    return about(finding) not in known


def _people(finding: Finding, sessions: Mapping[str, PlannedSession]) -> tuple[str, ...]:
    """Return the keys of whom a finding is about: its patient, and who is in its session."""
    session = sessions.get(finding.session or "")
    people = session.people if session is not None else ()
    patient = finding.patient
    if patient is None or patient in people:
        return people
    return (patient, *people)


def _without_time(
    problem: Problem, plan: Plan, due: Iterable[DueAppointment]
) -> tuple[Unplaced, ...]:
    """Return what is due and may still come, but has no session in a plan."""
    placed = {session.key for session in plan.placed}
    known = {unplaced.key: unplaced for unplaced in plan.unplaced}
    over = _over(problem)
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
        dropped=(*_called_off(problem), *lay_out_fixed_slots(problem).dropped),
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
