"""A plan: the sessions it holds, what it leaves out and why, and what is to be known about it. Pure
values.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from scheduler.planning.problem.wall_time import clock
from scheduler.programs import Kind, Seats


class Rule(StrEnum):
    """The names of the rules a plan is judged by; stable, for programs that read them."""

    PERSON_TWICE = "person-twice"
    ROOM_TWICE = "room-twice"
    ROOM_OWN = "room-own"
    ROOMS_APART = "rooms-apart"
    BUFFER = "buffer"
    CLINICIAN_HOURS = "clinician-hours"
    CLINICIAN_AWAY = "clinician-away"
    CLINICIAN_OWN = "clinician-own"
    LICENCE = "licence"
    PATIENT_FREE = "patient-free"
    RELATIVE_FREE = "relative-free"
    RELATIVE_READY = "relative-ready"
    CONSENT = "consent"
    CONSENT_LAPSES = "consent-lapses"
    FAMILY_NEEDED = "family-needed"
    STAY = "stay"
    PAST = "past"
    CLOSED = "closed"
    ASSESSMENT_FIRST = "assessment-first"
    GROUP_CAP = "group-cap"
    GROUP_SEAT = "group-seat"
    CADENCE = "cadence"
    DAY_HOURS_MAX = "day-hours-max"
    WEEK_HOURS_MAX = "week-hours-max"
    START_GRID = "start-grid"
    WALL_TIME = "wall-time"
    SUBSTITUTE = "substitute"
    ONCE_A_DAY = "once-a-day"
    SCHOOL_HOURS = "school-hours"
    FIXED_SLOT = "fixed-slot"
    BREAKS = "breaks"
    EVENINGS_RUNNING = "evenings-running"
    DAYS_SPREAD = "days-spread"
    FAMILIES_EARLY = "families-early"
    TOPIC_ORDER = "topic-order"
    LENGTH = "length"
    WEEK_HOURS_MIN = "week-hours-min"
    WEEK_DAYS_MIN = "week-days-min"
    DAYS_GAP_MAX = "days-gap-max"
    AUTHORISATION = "authorisation"


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One meeting: `day` and `at` (minutes after midnight) are wall time of `zone`; start and end
    are UTC.

    `patients` are those it is for; where only families sit they stay outside. `relatives` are
    planned to be there.
    """

    key: str
    series: str
    kind: Kind
    title: str
    topic: str | None
    week: int
    day: date
    at: int
    zone: str
    minutes: int
    start: datetime
    end: datetime
    clinicians: tuple[str, ...]
    patients: tuple[str, ...]
    relatives: tuple[str, ...]
    room: str | None
    seats: Seats
    source: str
    """The key of the fixed slot or appointment it comes from."""
    fixed: bool = False
    """A slot of the whole cohort, as against an appointment that was placed."""
    led_by_hand: bool = False
    """A person put another leader there, who stays."""

    @property
    def seated(self) -> tuple[str, ...]:
        """The patients who sit in it."""
        if self.seats is Seats.FAMILIES:
            return ()
        return self.patients

    @property
    def has_families(self) -> bool:
        """True if relatives are in its room, alone or beside patients."""
        return self.seats is not Seats.PATIENTS

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who is there."""
        return self.clinicians + self.seated + self.relatives

    @property
    def local_start(self) -> str:
        """`YYYY-MM-DDTHH:MM`, wall time of `zone`."""
        return f"{self.day.isoformat()}T{clock(self.at)}"


CANCELLED_BY_HAND = "cancelled by hand"
"""Why a session is not planned again."""


def moved_to(session: PlannedSession, standing: PlannedSession) -> PlannedSession:
    """Return a planned session at the time and in the room of the one that stands, and with whom a
    person let lead it.
    """
    is_led_by_hand = standing.led_by_hand or session.led_by_hand
    return replace(
        session,
        week=standing.week,
        day=standing.day,
        at=standing.at,
        minutes=standing.minutes,
        start=standing.start,
        end=standing.end,
        room=standing.room,
        clinicians=standing.clinicians if is_led_by_hand else session.clinicians,
        led_by_hand=standing.led_by_hand,
    )


def in_order(session: PlannedSession) -> tuple[datetime, str]:
    """Return what sorts sessions by time, then by key."""
    return session.start, session.key


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about a plan: the rule, a sentence, whom and which week it is
    about.

    `hard`: the rule is broken and the plan must not be published. Otherwise it is a fact to act
    upon.
    """

    rule: Rule
    sentence: str
    hard: bool = True
    session: str | None = None
    patient: str | None = None
    week: int | None = None
    figure: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that, with the others named beside it, leaves an appointment no time; in words for
    people.
    """

    rule: Rule
    sentence: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A due appointment without a time: the rules that together exclude it, and what would make one
    possible.
    """

    key: str
    patient: str
    appointment: str
    weeks: tuple[int, int]
    reasons: tuple[Reason, ...] = ()
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NobodyToInvite:
    """An appointment with family that is not due: no relative who is consenting, ready and free."""

    key: str
    patient: str
    appointment: str
    weeks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DroppedSlot:
    """A meeting of a fixed slot that does not take place."""

    slot: str
    title: str
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a session lay (wall time of its zone) before what a person decided about it by hand."""

    key: str
    local_start: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan of one cohort, judged."""

    cohort: str
    sessions: tuple[PlannedSession, ...]
    unplaced: tuple[Unplaced, ...] = ()
    nobody: tuple[NobodyToInvite, ...] = ()
    dropped: tuple[DroppedSlot, ...] = ()
    findings: tuple[Finding, ...] = ()
    regular: int = 0
    """How many placed appointments lie at their series' usual weekday and hour."""
    decided: tuple[Decision, ...] = ()
    """What was moved or cancelled by hand and stays so."""
    stood: tuple[Decision, ...] = ()
    """Where each session lay that was published when the plan was made; what lies otherwise now, a
    person changed since.
    """

    @property
    def placed(self) -> tuple[PlannedSession, ...]:
        """The appointments that were given a time."""
        return tuple(session for session in self.sessions if not session.fixed)

    @property
    def is_partial(self) -> bool:
        """True if something due was left out."""
        return bool(self.unplaced)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The hard rules it breaks: none, for a plan made here."""
        return tuple(finding for finding in self.findings if finding.hard)


def to_document(plan: Plan) -> dict[str, Any]:
    """Write a plan as values that JSON can hold."""
    document: dict[str, Any] = _plain(asdict(plan))
    return document


def from_document(document: Mapping[str, Any]) -> Plan:
    """Read a plan written by `to_document`."""
    return Plan(
        cohort=document["cohort"],
        sessions=tuple(_session(row) for row in document["sessions"]),
        unplaced=tuple(_unplaced(row) for row in document["unplaced"]),
        nobody=tuple(
            NobodyToInvite(**(row | {"weeks": tuple(row["weeks"])})) for row in document["nobody"]
        ),
        dropped=tuple(
            DroppedSlot(**(row | {"day": date.fromisoformat(row["day"])}))
            for row in document["dropped"]
        ),
        findings=tuple(
            Finding(**(row | {"rule": Rule(row["rule"])})) for row in document["findings"]
        ),
        regular=document["regular"],
        decided=tuple(Decision(**row) for row in document.get("decided", ())),
        stood=tuple(Decision(**row) for row in document.get("stood", ())),
    )


def _session(row: Mapping[str, Any]) -> PlannedSession:
    read: dict[str, Callable[[Any], Any]] = {
        "kind": Kind,
        "seats": Seats,
        "day": date.fromisoformat,
        "start": datetime.fromisoformat,
        "end": datetime.fromisoformat,
        "clinicians": tuple,
        "patients": tuple,
        "relatives": tuple,
    }
    names = [field.name for field in fields(PlannedSession) if field.name in row]
    return PlannedSession(
        **{name: read.get(name, lambda value: value)(row[name]) for name in names}
    )


def _unplaced(row: Mapping[str, Any]) -> Unplaced:
    reasons = tuple(
        Reason(
            Rule(reason["rule"]),
            reason["sentence"],
            tuple(reason["people"]),
        )
        for reason in row["reasons"]
    )
    changed = {"weeks": tuple(row["weeks"]), "reasons": reasons, "remedies": tuple(row["remedies"])}
    return Unplaced(**(dict(row) | changed))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    return value
