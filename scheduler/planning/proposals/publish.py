"""The open proposal becomes sessions: new ones are scheduled, changed ones moved, those gone
cancelled, by key.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people.models import Person
from scheduler.planning.problem.plan import Plan, PlannedSession, from_document, to_document
from scheduler.planning.problem.plan_diff import PlanDiff, plan_diff
from scheduler.planning.proposals.before_document import before_of, document_before
from scheduler.planning.proposals.decisions import laid_over
from scheduler.planning.proposals.humans.count_on import count_on_guests
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.planning.proposals.queries import (
    alone_with,
    cohort_by_key,
    is_history,
    last_published,
    open_plans,
    open_proposal,
    published_sessions,
    published_with_guests,
)
from scheduler.planning.rules.judge import judge
from scheduler.programs.models import Cohort, VideoRoom
from scheduler.sessions import (
    Meeting,
    cancel,
    let_changes_cool,
    lock_people_and_room,
    move,
    refuse_double_booking,
    schedule,
)
from scheduler.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication changed, and the plan it made true."""

    plan: Plan
    difference: PlanDiff


def publish(
    cohort_key: str, *, by: str, now: datetime, cooling: timedelta = timedelta()
) -> Published:
    """Make the open proposal true. Raises NotFound, InputError without a proposal, Conflict when it
    no longer holds.

    What began before `now` is history and stays as it was. For the time of `cooling` it can be
    taken back; whoever publishes lets the letters wait as long.
    """
    cohort = cohort_by_key(cohort_key)
    alone_with(cohort)
    proposal = open_proposal(cohort)
    if proposal is None:
        raise InputError(f"there is no open proposal for {cohort_key}: cohort plan {cohort_key}")
    plan = laid_over(from_document(proposal.plan), cohort)
    _keep_still(plan)
    _still_holds(cohort_key, plan, now)
    changes = changes_of(plan, now=now)
    before = before_of(changes)
    _write(cohort, changes, by, now)
    count_on_guests(cohort, plan.sessions, now)
    refuse_double_booking()
    earlier = _end_earlier(cohort)
    if cooling:
        proposal.before = document_before(before, changes, proposal, earlier)
        _cool(proposal, changes, now + cooling, now)
    proposal.plan = to_document(plan)
    proposal.state = ProposalState.PUBLISHED
    proposal.published_at = now
    proposal.published_by = by
    db.session.flush()
    audit.append(
        "planning.publish",
        f"cohort {cohort_key}",
        _figures(changes),
        by=by,
        now=now,
    )
    return Published(plan, changes)


def _cool(proposal: Proposal, changes: PlanDiff, until: datetime, now: datetime) -> None:
    proposal.cools_until = until
    keys = [session.key for session in changes.sessions]
    let_changes_cool(keys, until=until, now=now)


def _figures(changes: PlanDiff) -> dict[str, int]:
    return {
        "added": len(changes.added),
        "moved": len(changes.moved),
        "changed": len(changes.changed),
        "cancelled": len(changes.cancelled),
    }


def published_already(cohort_key: str, *, now: datetime) -> Published | None:
    """Return a publication that changes nothing where no proposal waits and one is published; None
    where `publish` has something to do, or nothing to start from. Raises NotFound.
    """
    cohort = cohort_by_key(cohort_key)
    earlier = last_published(cohort)
    if earlier is None or open_proposal(cohort) is not None:
        return None
    standing = published_with_guests(cohort)
    unchanged = plan_diff(standing, standing)
    return Published(from_document(earlier.plan), _to_come(unchanged, now))


def _end_earlier(cohort: Cohort) -> Proposal | None:
    """Let the plan that was published before count no longer: two cannot both be the last. Give
    it.
    """
    earlier = last_published(cohort)
    if earlier is not None:
        earlier.state = ProposalState.SUPERSEDED
        earlier.before = None
    return earlier


def changes_of(plan: Plan, *, now: datetime) -> PlanDiff:
    """Return what publishing `plan` would change of its cohort at `now`. Raises NotFound."""
    cohort = cohort_by_key(plan.cohort)
    standing = published_with_guests(cohort)
    changes = plan_diff(standing, laid_over(plan, cohort).sessions)
    return _to_come(changes, now)


def write_proposed(*, by: str, now: datetime) -> frozenset[str]:
    """Write the sessions that are proposed and not yet published, for a reader who will roll back;
    return their keys.
    """
    keys: set[str] = set()
    plans = open_plans()
    wanted = select(Cohort)
    wanted = wanted.where(Cohort.id.in_(list(plans)))
    for cohort in db.session.scalars(wanted):
        plan = plans[cohort.id]
        proposed = laid_over(plan, cohort)
        standing = published_sessions(cohort)
        changes = plan_diff(standing, proposed.sessions)
        only_new = PlanDiff(
            changes.added,
            moved=(),
            changed=(),
            cancelled=(),
            kept=0,
        )
        _write(cohort, only_new, by, now)
        for session in changes.added:
            keys.add(session.key)
    db.session.flush()
    return frozenset(keys)


def _keep_still(plan: Plan) -> None:
    """Let nobody else book the people and rooms of this plan between our look at their hours and
    our commit.
    """
    keys: set[str] = set()
    rooms: set[str] = set()
    for session in plan.sessions:
        keys.update(session.clinicians)
        keys.update(session.patients)
        if session.room:
            rooms.add(session.room)
    people = select(Person.id)
    people = people.where(Person.key.in_(keys))
    taken = select(VideoRoom.id)
    taken = taken.where(VideoRoom.key.in_(rooms))
    people_ids = db.session.scalars(people).all()
    room_ids = db.session.scalars(taken).all()
    lock_people_and_room(people_ids, room_ids)


def _still_holds(cohort_key: str, plan: Plan, now: datetime) -> None:
    """Judge the plan by the rows of today: an absence, a discharge or a consent may have come in
    between.
    """
    problem = load_problem(cohort_key, now=now)
    broken = []
    for finding in judge(problem, plan):
        # What a person put where it is stands anyway: publishing the rest makes it no worse.
        if finding.hard and finding.session not in problem.kept:
            broken.append(finding)
    if broken:
        said = "; ".join(finding.sentence for finding in broken[:3])
        more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
        raise Conflict(f"the proposal for {cohort_key} no longer holds, plan again: {said}{more}")


def _to_come(changes: PlanDiff, now: datetime) -> PlanDiff:
    """Leave history alone: nothing that began is changed or cancelled."""
    return PlanDiff(
        added=changes.added,
        moved=tuple(pair for pair in changes.moved if not is_history(pair[0], now)),
        changed=tuple(pair for pair in changes.changed if not is_history(pair[0], now)),
        cancelled=tuple(session for session in changes.cancelled if not is_history(session, now)),
        kept=changes.kept,
    )


def _write(cohort: Cohort, changes: PlanDiff, by: str, now: datetime) -> None:
    meetings = _meetings(
        cohort, [*changes.added, *(pair[1] for pair in (*changes.moved, *changes.changed))]
    )
    touched = [*meetings, *(session.key for session in changes.cancelled)]
    rows = {
        row.key: row
        for row in db.session.scalars(select(Session).where(Session.key.in_(touched))).unique()
    }
    schedule(
        [meetings[session.key] for session in changes.added if session.key not in rows],
        by=by,
        now=now,
    )
    for key, row in rows.items():
        if key in meetings:
            move(
                row,
                meetings[key],
                by=by,
                now=now,
            )
        else:
            cancel(
                row,
                by=by,
                now=now,
            )


def _meetings(cohort: Cohort, sessions: Iterable[PlannedSession]) -> dict[str, Meeting]:
    sessions = list(sessions)
    keys = {person for session in sessions for person in (*session.clinicians, *session.patients)}
    found = db.session.execute(select(Person.key, Person.id).where(Person.key.in_(keys)))
    people = {row.key: row.id for row in found}
    rooms = {row.key: row.id for row in db.session.execute(select(VideoRoom.key, VideoRoom.id))}
    return {
        session.key: Meeting(
            key=session.key,
            series=session.series,
            cohort_id=cohort.id,
            kind=session.kind,
            seats=session.seats,
            title=session.title,
            topic=session.topic,
            week=session.week,
            starts_local=session.local_start,
            zone=session.zone,
            minutes=session.minutes,
            starts_at=session.start,
            ends_at=session.end,
            room_id=rooms[session.room] if session.room else None,
            leads=tuple(people[key] for key in session.clinicians),
            patients=tuple(people[key] for key in session.patients),
        )
        for session in sessions
    }
