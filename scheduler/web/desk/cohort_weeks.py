"""What a cohort's weeks hold: the sessions that stand, those that were cancelled, the open proposal
beside them, and what lacks now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.i18n import catalog
from scheduler.people import names_by_key, practice
from scheduler.people.models import Person, Practice
from scheduler.planning import (
    Finding,
    Offer,
    Plan,
    PlannedSession,
    Rule,
    Standing,
    standing_plan,
    standing_sessions,
    waiting_plan,
)
from scheduler.programs import (
    Seats,
    all_closures,
    closed_days,
    last_day,
    monday_of,
    patients_of,
    week_of,
)
from scheduler.programs.models import Cohort
from scheduler.sessions import struck_sessions
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import titles_by_key, when_words
from scheduler.web.desk.truth.broken_shown import BrokenShown, broken_shown
from scheduler.web.desk.truth.struck_words import ByHand, by_hand, moved_words
from scheduler.web.parts import board
from scheduler.web.parts.board import Item, Week
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.time_words import (
    day_words,
    hours_words,
    title_words,
    zone_words,
)

TOO_LITTLE = (Rule.WEEK_HOURS_MIN, Rule.WEEK_DAYS_MIN)


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page of a cohort shows: the proposal that waits, else what stands."""

    cohort: Cohort
    zone: str
    weeks: tuple[Week, ...]
    current: int
    shown: Standing | None
    is_open: bool
    broken: tuple[BrokenShown, ...]
    """What of the published sessions no longer holds, whatever is proposed."""
    by_hand: tuple[ByHand, ...]
    """What people decided and stays so in the proposal."""
    shortfalls: dict[int, tuple[Finding, ...]]
    notes: tuple[Finding, ...]
    names: dict[str, str]
    patients: tuple[Person, ...]
    counts: Counter[str]

    @property
    def plan(self) -> Plan | None:
        """What is shown, as a plan; None before anything was planned."""
        return self.shown.plan if self.shown else None

    @property
    def asks_for_a_plan(self) -> bool:
        """True if planning is what comes next: nothing was planned yet, or what stands does not
        hold or leaves something out.
        """
        if self.is_open:
            return False
        if self.plan is None:
            return True
        return bool(self.broken or self.plan.unplaced)

    @property
    def stale(self) -> tuple[Finding, ...]:
        """What the proposal that waits breaks by now: it cannot be published any more."""
        if self.shown is None or not self.is_open:
            return ()
        return self.shown.plan.broken

    @property
    def offers(self) -> Mapping[str, tuple[Offer, ...]]:
        """Where what has no time could be held, by its key."""
        return self.shown.offers if self.shown else {}

    @property
    def called_off(self) -> frozenset[str]:
        """The keys of what was cancelled by hand."""
        return self.shown.problem.called_off if self.shown else frozenset()

    @property
    def appointments(self) -> dict[str, str]:
        """What each appointment of the program is called, by its key."""
        language = reader_language()
        appointments = self.cohort.program.template.appointments
        return {
            appointment.key: kind_in(language, appointment.kind) for appointment in appointments
        }


def view_of(cohort: Cohort, *, now: datetime) -> View:
    """Gather a cohort's page."""
    house = practice()
    zone = cohort.zone or house.zone
    today = now.astimezone(ZoneInfo(zone)).date()
    stands = standing_plan(cohort.key, now=now)
    waits = waiting_plan(cohort.key, now=now)
    shown = waits or stands
    findings = shown.plan.findings if shown else ()
    rows = _rows(cohort, waits, today)
    names = names_by_key() | titles_by_key(rows.all)
    items = list(_items(rows, names, today))
    return View(
        cohort=cohort,
        zone=zone_words(zone),
        weeks=_weeks(cohort, house, items),
        current=_current_week(cohort, today),
        shown=shown,
        is_open=waits is not None,
        broken=broken_shown(cohort.key, stands.broken if stands else (), names),
        by_hand=by_hand(waits, rows.written, today=today) if waits else (),
        shortfalls=_shortfalls(findings),
        notes=_notes(findings),
        names=names,
        patients=tuple(patients_of(cohort)),
        counts=Counter(item.state for item in items),
    )


def _weeks(cohort: Cohort, house: Practice, items: Sequence[Item]) -> tuple[Week, ...]:
    number_of_weeks = cohort.program.template.weeks
    first = monday_of(cohort.starts, 1)
    last = last_day(cohort.starts, number_of_weeks)
    closed = closed_days(
        house.state,
        house.holidays,
        all_closures(),
        first,
        last,
    )
    hours = board.hours_of(items)
    weeks = []
    for number in range(1, number_of_weeks + 1):
        monday = monday_of(cohort.starts, number)
        weeks.append(board.week_of(number, monday, items, closed, hours))
    return tuple(weeks)


def _current_week(cohort: Cohort, today: date) -> int:
    """Return the number of today's week; before the stay its first, after it its last."""
    week = week_of(cohort.starts, today)
    return min(max(week, 1), cohort.program.template.weeks)


def _notes(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what is to be known of a plan, but for hours that lack and what it breaks."""
    found = []
    for finding in findings:
        if not finding.hard and finding.rule not in TOO_LITTLE:
            found.append(finding)
    return tuple(found)


def _shortfalls(findings: Sequence[Finding]) -> dict[int, tuple[Finding, ...]]:
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.rule in TOO_LITTLE and finding.week is not None:
            found[finding.week].append(finding)
    shortfalls = {}
    for week, short in found.items():
        shortfalls[week] = tuple(short)
    return shortfalls


@dataclass(frozen=True, slots=True)
class _Rows:
    """What stands, what was cancelled and whose day is not over, and what is proposed (None:
    nothing).
    """

    published: list[Session]
    struck: list[Session]
    proposed: Sequence[PlannedSession] | None

    @property
    def written(self) -> list[Session]:
        return [*self.struck, *self.published]

    @property
    def all(self) -> list[Session | PlannedSession]:
        return [*self.written, *(self.proposed or ())]


def _rows(cohort: Cohort, waits: Standing | None, today: date) -> _Rows:
    return _Rows(
        published=standing_sessions([cohort.id]),
        struck=struck_sessions(cohort.id, today=today),
        proposed=waits.plan.sessions if waits else None,
    )


def _items(rows: _Rows, names: dict[str, str], today: date) -> Iterator[Item]:
    """Yield each meeting's block; one that would move has two, at its old and its new time."""
    _ = catalog(reader_language())
    proposed = rows.proposed
    after = {planned.key: planned for planned in proposed or ()}
    for session in rows.struck:
        yield _published_item(session, "struck")
    for session in rows.published:
        planned = after.pop(session.key, None)
        if proposed is None or (planned and _is_unmoved(session, planned)):
            yield _published_item(session, "published", moved_words(session, today=today))
        elif planned is None:
            yield _published_item(session, "going")
        else:
            goes_to = _("to {when}").format(when=_planned_words(planned))
            comes_from = _("from {when}").format(when=when_words(session))
            yield _published_item(session, "moving", goes_to)
            yield _planned_item(planned, names, "moved", comes_from)
    for planned in after.values():
        yield _planned_item(planned, names, "proposed")


def _is_unmoved(session: Session, planned: PlannedSession) -> bool:
    return (session.starts_at, session.minutes) == (planned.start, planned.minutes)


def _published_item(session: Session, state: str, note: str = "") -> Item:
    local = datetime.fromisoformat(session.starts_local)
    who = [clinician.name for clinician in session.leads]
    if len(session.patients) == 1 and session.seats is not Seats.FAMILIES:
        who += [patient.name for patient in session.patients]
    return Item(
        key=session.key,
        kind=session.kind,
        title=title_words(
            session.kind,
            session.title,
            session.topic,
            reader_language(),
        ),
        day=local.date(),
        at=local.hour * 60 + local.minute,
        minutes=session.minutes,
        hours=hours_words(
            session.starts_at,
            session.ends_at,
            session.zone,
        ),
        who=tuple(who),
        state=state,
        week=session.week,
        note=note,
    )


def _planned_item(
    planned: PlannedSession, names: dict[str, str], state: str, note: str = ""
) -> Item:
    who = list(planned.clinicians)
    if len(planned.patients) == 1 and planned.seats is not Seats.FAMILIES:
        who += planned.patients
    return Item(
        key=planned.key,
        kind=planned.kind,
        title=title_words(
            planned.kind,
            planned.title,
            planned.topic,
            reader_language(),
        ),
        day=planned.day,
        at=planned.at,
        minutes=planned.minutes,
        hours=hours_words(
            planned.start,
            planned.end,
            planned.zone,
        ),
        who=tuple(names.get(key, key) for key in who),
        state=state,
        week=planned.week,
        note=note,
    )


def _planned_words(planned: PlannedSession) -> str:
    return f"{day_words(planned.day)}, {hours_words(planned.start, planned.end, planned.zone)}"
