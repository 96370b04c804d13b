"""Shared reads of planning: cohorts, proposals, and the sessions that stand."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.planning.problem.plan import Plan, PlannedSession, from_document
from scheduler.planning.problem.plan_diff import with_guests
from scheduler.planning.problem.wall_time import local
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.programs import last_day
from scheduler.programs.models import Cohort
from scheduler.sessions import made_up_in
from scheduler.sessions.models import Session, Status


def cohort_by_key(key: str) -> Cohort:
    """Return the cohort with this clinic key. Raises NotFound."""
    found = db.session.scalars(select(Cohort).where(Cohort.key == key)).one_or_none()
    if found is None:
        raise NotFound(f"there is no cohort with the key {key}")
    return found


def alone_with(cohort: Cohort) -> None:
    """Let nobody else keep or publish a plan of `cohort` until this transaction ends; wait for
    whoever does.
    """
    db.session.execute(
        select(Cohort.id).where(Cohort.id == cohort.id).with_for_update(key_share=True)
    )


def open_proposal(cohort: Cohort) -> Proposal | None:
    """Return the cohort's open proposal, if there is one."""
    wanted = select(Proposal).where(
        Proposal.cohort_id == cohort.id, Proposal.state == ProposalState.OPEN
    )
    return db.session.scalars(wanted).one_or_none()


def newest_proposal(cohort: Cohort) -> Proposal | None:
    """Return the cohort's proposal that was made last, whatever became of it."""
    wanted = select(Proposal).where(Proposal.cohort_id == cohort.id)
    return db.session.scalars(wanted.order_by(Proposal.made_at.desc(), Proposal.id)).first()


def last_published(cohort: Cohort) -> Proposal | None:
    """Return the cohort's proposal that was published last, if there is one."""
    wanted = select(Proposal).where(
        Proposal.cohort_id == cohort.id, Proposal.state == ProposalState.PUBLISHED
    )
    return db.session.scalars(wanted.order_by(Proposal.published_at.desc(), Proposal.id)).first()


def ids_standing(cohort: Cohort) -> tuple[str | None, str | None]:
    """Return the ids of the cohort's open proposal and of the one published last."""
    waiting = open_proposal(cohort)
    published = last_published(cohort)
    return waiting.id if waiting else None, published.id if published else None


def last_published_plan(cohort: Cohort) -> Plan | None:
    """Return the plan of a cohort that was published last, if there is one."""
    last = last_published(cohort)
    return from_document(last.plan) if last else None


def stored_plan(cohort_key: str) -> Plan | None:
    """Return the plan of a cohort's open proposal, else the one published last; None where there is
    neither.
    """
    cohort = db.session.scalars(select(Cohort).where(Cohort.key == cohort_key)).one_or_none()
    found = (open_proposal(cohort) or last_published(cohort)) if cohort else None
    if found:
        return from_document(found.plan)
    return None


def cohorts_with(state: ProposalState) -> set[str]:
    """Return the ids of the cohorts that have a proposal in this state."""
    return set(db.session.scalars(select(Proposal.cohort_id).where(Proposal.state == state)))


def published_and_running(*, now: datetime) -> list[str]:
    """Return the keys of the cohorts that are published and not over, by key."""
    return [cohort.key for cohort in published_and_running_cohorts(now=now)]


def published_and_running_cohorts(*, now: datetime) -> list[Cohort]:
    """Return the cohorts that are published and not over, by key."""
    published = select(Proposal.cohort_id)
    published = published.where(Proposal.state == ProposalState.PUBLISHED)
    wanted = select(Cohort)
    wanted = wanted.where(Cohort.id.in_(published))
    wanted = wanted.order_by(Cohort.key)
    # It may be yesterday still where the cohort is.
    today = now.date() - timedelta(days=1)
    found = []
    for cohort in db.session.scalars(wanted).unique():
        template = cohort.program.template
        last = last_day(cohort.starts, template.weeks)
        if today <= last:
            found.append(cohort)
    return found


def open_plans() -> dict[str, Plan]:
    """Return the plan of every open proposal by the id of its cohort."""
    wanted = select(Proposal)
    wanted = wanted.where(Proposal.state == ProposalState.OPEN)
    plans = {}
    for row in db.session.scalars(wanted):
        plans[row.cohort_id] = from_document(row.plan)
    return plans


def standing_sessions(cohort_ids: Iterable[str]) -> list[Session]:
    """Return the published sessions of these cohorts that are not cancelled, in order of time."""
    wanted = (
        select(Session)
        .where(Session.cohort_id.in_(list(cohort_ids)), Session.status != Status.CANCELLED)
        .options(
            selectinload(Session.leads), selectinload(Session.patients), selectinload(Session.room)
        )
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(wanted).unique())


def every_session(cohort_key: str | None = None) -> list[Session]:
    """Return every session of one cohort or (None) of all, those cancelled too, in order
    of time; but for those whose publication was taken back.
    """
    wanted = (
        select(Session)
        .where(Session.taken_back.is_(False))
        .options(
            selectinload(Session.leads), selectinload(Session.room), selectinload(Session.cohort)
        )
        .order_by(Session.starts_at, Session.key)
    )
    if cohort_key is not None:
        wanted = wanted.where(Session.cohort.has(Cohort.key == cohort_key))
    return list(db.session.scalars(wanted).unique())


def as_planned(
    session: Session, slots: frozenset[str], making_up: Collection[str]
) -> PlannedSession:
    """Return a published session as the plan had it, without those (ids) who make up in it for
    another one; who of the families may come is asked elsewhere, not kept here.
    """
    patients = [patient for patient in session.patients if patient.id not in making_up]
    source = session.series.split(".")[1]
    day, at = local(session.starts_at, session.zone)
    return PlannedSession(
        key=session.key,
        series=session.series,
        kind=session.kind,
        title=session.title,
        topic=session.topic,
        week=session.week,
        day=day,
        at=at,
        zone=session.zone,
        minutes=session.minutes,
        start=session.starts_at,
        end=session.ends_at,
        clinicians=tuple(lead.key for lead in session.leads),
        patients=tuple(patient.key for patient in patients),
        relatives=(),
        room=session.room.key if session.room else None,
        seats=session.seats,
        source=source,
        fixed=source in slots,
        led_by_hand=session.leads_before is not None,
    )


def published_sessions(cohort: Cohort) -> tuple[PlannedSession, ...]:
    """Return what of a cohort is published and stands."""
    template = cohort.program.template
    slots = frozenset(slot.key for slot in template.slots)
    found = []
    standing = standing_sessions([cohort.id])
    making_up = made_up_in([session.id for session in standing])
    for session in standing:
        planned = as_planned(session, slots, making_up.get(session.id, ()))
        found.append(planned)
    return tuple(found)


def published_with_guests(cohort: Cohort) -> tuple[PlannedSession, ...]:
    """Return what of a cohort is published and stands, with the relatives whom the plan published
    last had in it.
    """
    last = last_published_plan(cohort)
    planned = last.sessions if last else ()
    return with_guests(published_sessions(cohort), planned)


def is_history(session: PlannedSession, now: datetime) -> bool:
    """True if a session began before `now`: it is no longer to be changed."""
    return session.start < now
