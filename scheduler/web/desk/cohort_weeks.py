"""What a cohort's weeks hold: the sessions that stand, those that were cancelled, the open proposal
beside them, and what lacks now.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

from scheduler.people import names_by_key, practice
from scheduler.people.models import Person, Practice
from scheduler.planning import (
    Finding,
    Offer,
    Plan,
    Rule,
    Standing,
    standing_plan,
    standing_sessions,
    waiting_plan,
)
from scheduler.programs import (
    Kind,
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
from scheduler.web.auth.access import me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.accounts.list_reach import changed_by
from scheduler.web.desk.board.board_asked import Asked
from scheduler.web.desk.board.board_blocks import BoardRows, blocks_of
from scheduler.web.desk.change_preview import titles_by_key
from scheduler.web.desk.truth.broken_shown import BrokenShown, broken_shown
from scheduler.web.desk.truth.struck_words import ByHand, by_hand, can_be_undone
from scheduler.web.parts import board
from scheduler.web.parts.board import Item, Week
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.time_words import zone_words

TOO_LITTLE = (Rule.WEEK_HOURS_MIN, Rule.WEEK_DAYS_MIN)


@dataclass(frozen=True, slots=True)
class Blocks:
    """All that stands on a board, and what of it can be asked for."""

    items: tuple[Item, ...]
    leads: tuple[tuple[str, str], ...]
    """Key and name of everybody who leads something."""
    sessions: dict[str, Session]
    """What is published, by key."""

    @property
    def counts(self) -> Counter[str]:
        """How many blocks there are of each state."""
        return Counter(item.state for item in self.items)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of the blocks."""
        return sorted({item.kind for item in self.items})


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
    undoable: tuple[ByHand, ...]
    """What was changed by hand and can be put back, by whoever may change it."""
    names: dict[str, str]
    patients: tuple[Person, ...]
    blocks: Blocks
    """All of its blocks, those included that are not asked for."""
    findings: dict[str, tuple[Finding, ...]]
    """What rules say of single sessions, by key."""
    at: datetime
    """Now, wall time of the cohort's zone."""

    @property
    def plan(self) -> Plan | None:
        """What is shown, as a plan; None before anything was planned."""
        return self.shown.plan if self.shown else None

    @property
    def shortfalls(self) -> dict[int, tuple[Finding, ...]]:
        """Who has too little in which week."""
        return _shortfalls(self.plan.findings if self.plan else ())

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What else is to be known of the plan."""
        return _notes(self.plan.findings if self.plan else ())

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
        if self.shown:
            return self.shown.problem.called_off
        return frozenset()

    @property
    def appointments(self) -> dict[str, str]:
        """What each appointment of the program is called, by its key."""
        language = reader_language()
        appointments = self.cohort.program.template.appointments
        return {
            appointment.key: kind_in(language, appointment.kind) for appointment in appointments
        }


def view_of(cohort: Cohort, asked: Asked, *, now: datetime) -> View:
    """Gather a cohort's page: of its blocks those that are asked for."""
    house = practice()
    zone = cohort.zone or house.zone
    at = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    today = at.date()
    stands = standing_plan(cohort.key, now=now)
    waits = waiting_plan(cohort.key, now=now)
    shown = waits or stands
    rows = _rows(cohort, waits, today)
    names = names_by_key() | titles_by_key(rows.all)
    blocks = _blocks(rows, names, now, today)
    picked = tuple(filter(asked.suits, blocks.items))
    return View(
        cohort=cohort,
        zone=zone_words(zone),
        weeks=_weeks(cohort, house, picked),
        current=_current_week(cohort, today),
        shown=shown,
        is_open=waits is not None,
        broken=_broken(cohort, stands, names),
        by_hand=by_hand(waits, rows.written, today=today) if waits else (),
        undoable=can_be_undone(rows.written, today=today, now=now),
        names=names,
        patients=tuple(patients_of(cohort)),
        blocks=blocks,
        findings=_findings_by_session(shown),
        at=at,
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


def _broken(
    cohort: Cohort, stands: Standing | None, names: Mapping[str, str]
) -> tuple[BrokenShown, ...]:
    if stands is None:
        return ()
    return broken_shown(cohort.key, stands.broken, names)


def _findings_by_session(shown: Standing | None) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in shown.plan.findings if shown else ():
        if finding.session is not None:
            found[finding.session].append(finding)
    return {key: tuple(own) for key, own in found.items()}


def _rows(cohort: Cohort, waits: Standing | None, today: date) -> BoardRows:
    return BoardRows(
        published=standing_sessions([cohort.id]),
        struck=struck_sessions(cohort.id, today=today),
        proposed=waits.plan.sessions if waits else None,
    )


def _blocks(rows: BoardRows, names: Mapping[str, str], now: datetime, today: date) -> Blocks:
    movable = _movable(rows, now)
    return Blocks(
        items=tuple(blocks_of(rows, names, movable, today=today)),
        leads=_leads(rows, names),
        sessions={session.key: session for session in rows.published},
    )


def _movable(rows: BoardRows, now: datetime) -> frozenset[str]:
    """Return the keys of the sessions that whoever asks may move."""
    ahead = [session for session in rows.published if session.starts_at > now]
    ids = changed_by(me(), ahead)
    return frozenset(session.key for session in ahead if session.id in ids)


def _leads(rows: BoardRows, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return key and name of everybody who leads something, by name."""
    keys: set[str] = set()
    for session in rows.written:
        keys.update(clinician.key for clinician in session.leads)
    for planned in rows.proposed or ():
        keys.update(planned.clinicians)
    pairs = [(key, names.get(key, key)) for key in keys]
    return tuple(sorted(pairs, key=itemgetter(1)))
