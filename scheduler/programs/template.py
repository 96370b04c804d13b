"""A program's template: its fixed slots, the appointments to place and its rules. Pure values."""

from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.programs.kinds import FAMILY_KINDS, Kind, Seats, usual_seats
from scheduler.programs.school_terms import School


class HourCounts(StrEnum):
    """How an hour is counted: clock span, net of breaks, or half units of 25 minutes (50 minutes =
    1).
    """

    CLOCK = "clock"
    NET = "net"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class AttendanceRule:
    """What a program asks of coming: how many hours before a session word must be given for an
    absence to be excused, and how many sessions may be missed; None is no limit.
    """

    excused_hours_before: int | None = None
    missed_max: int | None = None


@dataclass(frozen=True, slots=True)
class Milestones:
    """After how many days a treatment plan is reviewed, a patient certified and strengths and needs
    (CANS) assessed again, each counted from admission or the last time; how many days before its
    end a stay's discharge is planned, and how many after it aftercare has begun. None: the program
    does not ask for it.
    """

    plan_review_days: int | None = None
    recertify_days: int | None = None
    discharge_planning_days: int | None = None
    cans_days: int | None = None
    aftercare_days: int | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """Weeks, both ends included, in which a program asks other hours of a patient (step-down)."""

    name: str
    first_week: int
    last_week: int
    week_hours_min: float
    week_hours_max: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What a program asks of a patient's week; hours are counted as `hour_counts` says, None is no
    limit.
    """

    week_hours_min: float
    week_hours_max: float
    day_hours_max: float
    week_days_min: int | None = None
    day_minutes_min: int | None = None
    hour_counts: HourCounts = HourCounts.CLOCK
    group_cap: int | None = None
    start_every: int = 15
    days_gap_max: int | None = None
    once_a_day: tuple[Kind, ...] = ()
    """Kinds of which, together, a patient has at most one a day (130 CMR 429.441(B))."""
    school: School | None = None
    """When patients under 18 are at school, and nothing is placed for them."""
    attendance: AttendanceRule | None = None
    milestones: Milestones | None = None


@dataclass(frozen=True, slots=True)
class FixedSlot:
    """A session of the whole cohort at fixed weekdays and wall time, in weeks `first_week` through
    `last_week`.
    """

    key: str
    kind: Kind
    title: str
    days: tuple[str, ...]
    at: int
    """Start in minutes after midnight, wall time of the cohort's zone."""
    minutes: int
    first_week: int
    last_week: int
    topics: tuple[str, ...] = ()
    seats_said: Seats | None = None

    @property
    def seats(self) -> Seats:
        """Who sits in it: as said, else as the kind has it."""
        return self.seats_said or usual_seats(self.kind)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session to be placed for each patient: once in each of `in_weeks`, or once in each block of
    `every_weeks`.
    """

    key: str
    kind: Kind
    minutes: int
    every_weeks: int | None = None
    first_week: int | None = None
    last_week: int | None = None
    in_weeks: tuple[int, ...] = ()
    by: str | None = None
    """The key of the clinician who holds it; None: the patient's own."""

    @property
    def for_family(self) -> bool:
        """True if at least one relative must be there."""
        return self.kind in FAMILY_KINDS

    def blocks(self) -> tuple[tuple[int, int], ...]:
        """The week ranges, both ends included, that each want one such session, in order."""
        if self.in_weeks:
            weeks = [(week, week) for week in self.in_weeks]
            return tuple(weeks)
        first_week = self.first_week
        last = self.last_week
        step = self.every_weeks
        if step is None or first_week is None or last is None:
            return ()
        blocks = []
        for first in range(first_week, last + 1, step):
            whole = first + step - 1
            end = min(whole, last)
            blocks.append((first, end))
        return tuple(blocks)


@dataclass(frozen=True, slots=True)
class Template:
    """All that a cohort of this program will do, week by week."""

    weeks: int
    rules: Rules
    slots: tuple[FixedSlot, ...]
    appointments: tuple[Appointment, ...]
    phases: tuple[Phase, ...] = ()

    def phase_in(self, week: int) -> Phase | None:
        """Return the phase that a week lies in; None where there is none."""
        for phase in self.phases:
            if phase.first_week <= week <= phase.last_week:
                return phase
        return None

    def rules_in(self, week: int) -> Rules:
        """Return the rules of a week: the hours are its phase's, where it lies in one."""
        phase = self.phase_in(week)
        if phase is None:
            return self.rules
        return replace(
            self.rules,
            week_hours_min=phase.week_hours_min,
            week_hours_max=phase.week_hours_max,
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What a cohort has that stayed with an earlier version of a program (key)."""

    program: str
    template: Template
