"""What a cohort's weeks hold: published sessions, the open proposal beside them, and what lacks."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.planning import Finding, Plan, PlannedSession, Rule, from_document
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.programs import Seats, closed_days, last_day, monday_of, week_of
from scheduler.programs.models import Closure, Cohort, Enrolment
from scheduler.sessions.models import Session, Status
from scheduler.web.parts import board
from scheduler.web.parts.board import Item, Week
from scheduler.web.parts.time_words import (
    KIND_WORDS,
    day_words,
    hours_words,
    title_words,
    zone_words,
)

TOO_LITTLE = (Rule.WEEK_HOURS_MIN, Rule.WEEK_DAYS_MIN)


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page of a cohort shows."""

    cohort: Cohort
    zone: str
    weeks: tuple[Week, ...]
    current: int
    plan: Plan | None
    is_open: bool
    shortfalls: dict[int, tuple[Finding, ...]]
    notes: tuple[Finding, ...]
    names: dict[str, str]
    patients: tuple[Person, ...]
    counts: Counter[str]

    @property
    def appointments(self) -> dict[str, str]:
        """What each appointment of the program is called, by its key."""
        return {one.key: KIND_WORDS[one.kind] for one in self.cohort.program.template.appointments}


def cohort_by_key(key: str) -> Cohort:
    """Return the cohort with this key. Raises NotFound."""
    found = db.session.scalars(select(Cohort).where(Cohort.key == key)).one_or_none()
    if found is None:
        raise NotFound(f"there is no cohort with the key {key}")
    return found


def view_of(cohort: Cohort, *, now: datetime) -> View:
    """Gather a cohort's page."""
    house = practice()
    zone = cohort.zone or house.zone
    proposal = _proposal(cohort)
    plan = from_document(proposal.plan) if proposal else None
    is_open = proposal is not None and proposal.state is ProposalState.OPEN
    names = {row.key: row.name for row in db.session.execute(select(Person.key, Person.name))}
    items = list(_items(_published(cohort), plan.sessions if plan and is_open else None, names))
    many = cohort.program.template.weeks
    first = monday_of(cohort.starts, 1)
    last = last_day(cohort.starts, many)
    closures = db.session.scalars(select(Closure).order_by(Closure.position)).all()
    closed = closed_days(house.state, house.holidays, closures, first, last)
    hours = board.hours_of(items)
    weeks = tuple(
        board.week_of(n, monday_of(cohort.starts, n), items, closed, hours)
        for n in range(1, many + 1)
    )
    today = week_of(cohort.starts, now.astimezone(ZoneInfo(zone)).date())
    findings = plan.findings if plan else ()
    return View(
        cohort,
        zone_words(zone),
        weeks,
        min(max(today, 1), many),
        plan,
        is_open,
        _shortfalls(findings),
        tuple(one for one in findings if one.rule not in TOO_LITTLE),
        names,
        _patients(cohort),
        Counter(item.state for item in items),
    )


def _shortfalls(findings: Sequence[Finding]) -> dict[int, tuple[Finding, ...]]:
    found: dict[int, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.rule in TOO_LITTLE and one.week is not None:
            found[one.week].append(one)
    return {week: tuple(those) for week, those in found.items()}


def _proposal(cohort: Cohort) -> Proposal | None:
    """Return the open proposal, else the one published last."""
    wanted = select(Proposal).where(
        Proposal.cohort_id == cohort.id, Proposal.state != ProposalState.SUPERSEDED
    )
    rows = sorted(
        db.session.scalars(wanted), key=lambda row: (row.state is ProposalState.OPEN, row.made_at)
    )
    return rows[-1] if rows else None


def _published(cohort: Cohort) -> list[Session]:
    wanted = select(Session).where(
        Session.cohort_id == cohort.id, Session.status != Status.CANCELLED
    )
    people = selectinload(Session.leads), selectinload(Session.patients)
    return list(
        db.session.scalars(
            wanted.options(*people).order_by(Session.starts_at, Session.key)
        ).unique()
    )


def _patients(cohort: Cohort) -> tuple[Person, ...]:
    wanted = (
        select(Person)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.cohort_id == cohort.id)
    )
    return tuple(db.session.scalars(wanted.order_by(Person.name)).unique())


def _items(
    rows: Sequence[Session], proposed: Sequence[PlannedSession] | None, names: dict[str, str]
) -> Iterator[Item]:
    after = {one.key: one for one in proposed or ()}
    for row in rows:
        planned = after.pop(row.key, None)
        if proposed is None or (planned and _time(row) == (planned.start, planned.minutes)):
            yield _of_row(row, "published")
        elif planned is None:
            yield _of_row(row, "going")
        else:
            yield _of_row(row, "moving", f"to {_words(planned)}")
            yield _of_plan(planned, names, "moved", f"from {_row_words(row)}")
    for planned in after.values():
        yield _of_plan(planned, names, "proposed")


def _time(row: Session) -> tuple[datetime, int]:
    return row.starts_at, row.minutes


def _of_row(row: Session, state: str, note: str = "") -> Item:
    local = datetime.fromisoformat(row.starts_local)
    alone = len(row.patients) == 1 and row.seats is not Seats.FAMILIES
    who = (*(one.name for one in row.leads), *(one.name for one in row.patients if alone))
    hours = hours_words(
        row.starts_at,
        row.ends_at,
        row.zone,
    )
    return _item(
        row.key,
        row,
        local.date(),
        local.hour * 60 + local.minute,
        hours,
        who,
        state,
        note,
    )


def _of_plan(one: PlannedSession, names: dict[str, str], state: str, note: str = "") -> Item:
    alone = len(one.patients) == 1 and one.seats is not Seats.FAMILIES
    who = tuple(names.get(key, key) for key in (*one.clinicians, *(one.patients if alone else ())))
    return _item(
        one.key,
        one,
        one.day,
        one.at,
        hours_words(
            one.start,
            one.end,
            one.zone,
        ),
        who,
        state,
        note,
    )


def _item(
    key: str,
    of: Session | PlannedSession,
    day: date,
    at: int,
    hours: str,
    who: tuple[str, ...],
    state: str,
    note: str,
) -> Item:
    return Item(
        key,
        of.kind,
        title_words(
            of.kind,
            of.title,
            of.topic,
        ),
        day,
        at,
        of.minutes,
        hours,
        who,
        state,
        of.week,
        note,
    )


def _words(one: PlannedSession) -> str:
    return f"{day_words(one.day)}, {hours_words(one.start, one.end, one.zone)}"


def _row_words(row: Session) -> str:
    day = datetime.fromisoformat(row.starts_local).date()
    return f"{day_words(day)}, {hours_words(row.starts_at, row.ends_at, row.zone)}"
