"""What a person decided by hand about published sessions: cancelled, or moved, until put back.

Publishing writes the sessions as the plan has them: a session that lies elsewhere since, or was
cancelled since, is a person's doing. Each publication keeps where such a session lay before.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.planning.problem.plan import (
    CANCELLED_BY_HAND,
    Decision,
    DroppedSlot,
    Plan,
    PlannedSession,
    Reason,
    Rule,
    Unplaced,
    in_order,
    moved_to,
)
from scheduler.planning.proposals.queries import last_published_plan, published_sessions
from scheduler.programs.models import Cohort
from scheduler.sessions import overrides_of
from scheduler.sessions.models import Session, Status


@dataclass(frozen=True, slots=True)
class Decisions:
    """The keys of a cohort's sessions that were moved and cancelled by hand."""

    kept: frozenset[str] = frozenset()
    called_off: frozenset[str] = frozenset()
    origins: tuple[Decision, ...] = ()
    """Where each of them lay before."""


@dataclass(frozen=True, slots=True)
class _Row:
    local_start: str
    minutes: int
    is_cancelled: bool
    is_led_by_hand: bool


def decisions_of(cohort: Cohort) -> Decisions:
    """Return what was decided by hand about a cohort's sessions and was not put back."""
    plan = last_published_plan(cohort)
    if plan is None:
        return Decisions()
    kept = set()
    called_off = set()
    origins = []
    rows = _rows(cohort)
    accepted = {key for key, _ in overrides_of(cohort.id)}
    for key, origin in _origins(plan).items():
        row = rows.get(key)
        if row is None:
            continue
        if row.is_cancelled:
            called_off.add(key)
        elif (row.local_start, row.minutes) != (origin.local_start, origin.minutes):
            kept.add(key)
        else:
            if key in accepted or row.is_led_by_hand:
                kept.add(key)
            continue
        origins.append(origin)
    return Decisions(frozenset(kept), frozenset(called_off), tuple(origins))


def made_over(plan: Plan, published: Iterable[PlannedSession]) -> Plan:
    """Return a plan that knows what was published when it was made."""
    stood = []
    for session in published:
        stood.append(Decision(session.key, session.local_start, session.minutes))
    return replace(plan, stood=tuple(stood))


def laid_over(plan: Plan, cohort: Cohort) -> Plan:
    """Return a plan as it is after what was decided by hand since it was made: what was cancelled
    stays so, what was moved lies where it was put, what was put back stands.
    """
    decided = decisions_of(cohort)
    standing = {session.key: session for session in published_sessions(cohort)}
    kept_since, cancelled_since = _decided_since(plan, standing)
    kept = decided.kept | kept_since
    called_off = decided.called_off | cancelled_since
    with_put_back = _with_put_back(plan, standing, kept_since)
    unplaced = list(with_put_back.unplaced)
    dropped = list(with_put_back.dropped)
    sessions = []
    for session in with_put_back.sessions:
        stands = standing.get(session.key)
        was_led_by_hand = session.led_by_hand and stands is not None
        if session.key in kept or was_led_by_hand:
            sessions.append(moved_to(session, standing[session.key]))
        elif session.key not in called_off:
            sessions.append(session)
        elif session.fixed:
            dropped.append(_as_dropped(session))
        else:
            unplaced.append(_as_unplaced(session))
    return replace(
        plan,
        sessions=tuple(sessions),
        unplaced=tuple(unplaced),
        dropped=tuple(dropped),
        decided=decided.origins,
        stood=(),
    )


def _with_put_back(
    plan: Plan, standing: Mapping[str, PlannedSession], kept: Collection[str]
) -> Plan:
    """Return a plan that holds what stands (keys), also where it had left it out."""
    missing = set(kept)
    missing.difference_update(session.key for session in plan.sessions)
    if not missing:
        return plan
    sessions = [*plan.sessions]
    for key in missing:
        sessions.append(standing[key])
    sessions.sort(key=in_order)
    unplaced = [left for left in plan.unplaced if left.key not in missing]
    dropped = [slot for slot in plan.dropped if _key_of(slot, plan.cohort) not in missing]
    return replace(
        plan,
        sessions=tuple(sessions),
        unplaced=tuple(unplaced),
        dropped=tuple(dropped),
    )


def _decided_since(plan: Plan, standing: Mapping[str, PlannedSession]) -> tuple[set[str], set[str]]:
    """Return the keys of what stands otherwise than when the plan was made, and of what stood then
    and is cancelled; none where the plan does not know.
    """
    if not plan.stood:
        return set(), set()
    stood = {decision.key: decision for decision in plan.stood}
    kept = set()
    for key, session in standing.items():
        now_at = Decision(key, session.local_start, session.minutes)
        if stood.get(key) != now_at:
            kept.add(key)
    return kept, stood.keys() - standing.keys()


def _key_of(slot: DroppedSlot, cohort_key: str) -> str:
    return f"{cohort_key}.{slot.slot}.{slot.day.isoformat()}"


def _as_dropped(session: PlannedSession) -> DroppedSlot:
    return DroppedSlot(
        session.source,
        session.title,
        session.day,
        CANCELLED_BY_HAND,
    )


def _as_unplaced(session: PlannedSession) -> Unplaced:
    return Unplaced(
        session.key,
        session.patients[0],
        session.source,
        (session.week, session.week),
        (Reason(Rule.CADENCE, CANCELLED_BY_HAND),),
    )


def _origins(plan: Plan) -> Mapping[str, Decision]:
    """Return by key where a publication had each session, or where it lay before a decision."""
    found = {}
    for session in plan.sessions:
        found[session.key] = Decision(session.key, session.local_start, session.minutes)
    for decision in plan.decided:
        found[decision.key] = decision
    return found


def _rows(cohort: Cohort) -> dict[str, _Row]:
    wanted = select(
        Session.key,
        Session.starts_local,
        Session.minutes,
        Session.status,
        Session.leads_before,
    )
    wanted = wanted.where(Session.cohort_id == cohort.id)
    found = {}
    for key, local_start, minutes, status, leads_before in db.session.execute(wanted):
        is_cancelled = status is Status.CANCELLED
        is_led_by_hand = leads_before is not None
        found[key] = _Row(local_start, minutes, is_cancelled, is_led_by_hand)
    return found
