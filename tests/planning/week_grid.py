"""Weeks drawn as a clinician draws them: rows are hours, columns days, letters sessions; `.` is
nothing.

The cast of the planning tests: Rivera and Chen treat, Jordan has a mother with a consent and a
father without one, Noemie has nobody. The evening program meets Monday, Wednesday and Thursday.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from scheduler.people.availability import WEEKDAYS, Licence, Window
from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.plan import Plan, PlannedSession, Unplaced
from scheduler.planning.problem.problem import Clinician, Consent, Patient, Problem, Relative
from scheduler.planning.problem.wall_time import instant
from scheduler.programs.kinds import FAMILY_KINDS, Kind, Seats, usual_seats
from scheduler.programs.template import Appointment, FixedSlot, Rules, Template
from scheduler.programs.weeks import monday_of

ZONE = "America/New_York"
STARTS = date(2027, 3, 1)
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
LICENCES = (Licence("MA", date(2028, 6, 30)),)
RULES = Rules(week_hours_min=9, week_hours_max=19, day_hours_max=4, week_days_min=3, group_cap=10)


def at(text: str) -> int:
    """Read a wall time: at("18:30") is 1110."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def window(days: str, start: str, end: str) -> Window:
    """Make a weekly window: window("mon wed", "17:00", "21:00")."""
    return Window(tuple(days.split()), at(start), at(end))


def consent(kind: Kind, first: date, last: date, *, others: bool = False) -> Consent:
    """Make a consent valid on whole days, both included."""
    return Consent(
        kind, instant(first, 0, ZONE), instant(last + timedelta(days=1), 0, ZONE), others
    )


MOTHER = Relative(
    key="jordan-mother",
    zone="America/Chicago",
    free=(window("tue thu", "15:30", "20:00"),),
    ready=True,
    consents=(consent(Kind.FAMILY_THERAPY, date(2027, 2, 20), date(2027, 6, 30)),),
)
FATHER = Relative(key="jordan-father", zone=ZONE, ready=True)
JORDAN = Patient(
    key="jordan",
    first=STARTS,
    last=date(2027, 3, 28),
    state="MA",
    zone=ZONE,
    clinician="rivera",
    relatives=(MOTHER, FATHER),
)
NOEMIE = replace(JORDAN, key="noemie", relatives=())
RIVERA = Clinician(
    "rivera", ZONE, (window(" ".join(WORKDAYS), "12:00", "21:00"),), licences=LICENCES
)
CHEN = Clinician("chen", ZONE, (window("mon wed thu", "17:00", "21:00"),), licences=LICENCES)
PROCESS = FixedSlot("process", Kind.GROUP, "Process", ("mon", "wed", "thu"), at("18:00"), 90, 1, 4)
SKILLS = FixedSlot("skills", Kind.GROUP, "Skills", ("mon", "wed", "thu"), at("19:30"), 90, 1, 4)
ONE = Appointment("one", Kind.INDIVIDUAL, 50, every_weeks=1, first_week=1, last_week=4)
FAM = Appointment("fam", Kind.FAMILY_THERAPY, 60, every_weeks=2, first_week=1, last_week=4)


def evening(**changes: object) -> Problem:
    """Return the evening cohort of four weeks from 1 March 2027: its groups, no appointments, rooms
    not limited.
    """
    problem = Problem(
        cohort="evening",
        zone=ZONE,
        starts=STARTS,
        template=Template(4, RULES, (PROCESS, SKILLS), ()),
        patients=(JORDAN, NOEMIE),
        clinicians=(RIVERA, CHEN),
        leads={"process": ("rivera",), "skills": ("chen",)},
    )
    template = {
        name: changes.pop(name) for name in ("rules", "slots", "appointments") if name in changes
    }
    if template:
        problem = replace(problem, template=replace(problem.template, **template))  # type: ignore[arg-type]
    return replace(problem, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Piece:
    """What a letter of a drawing stands for: a meeting of these people."""

    source: str
    kind: Kind = Kind.INDIVIDUAL
    minutes: int = 50
    by: tuple[str, ...] = ("rivera",)
    patients: tuple[str, ...] = ("jordan",)
    relatives: tuple[str, ...] = ()
    room: str | None = None
    fixed: bool = False


JORDANS = Piece("one")
NOEMIES = Piece("one", patients=("noemie",))
FAMILY = Piece("fam", Kind.FAMILY_THERAPY, 60, relatives=("jordan-mother",))
GROUP = Piece("process", Kind.GROUP, 90, patients=("jordan", "noemie"), fixed=True)
LATER = Piece("skills", Kind.GROUP, 90, by=("chen",), patients=("jordan", "noemie"), fixed=True)


def drawn(
    drawing: str, week: int = 1, starts: date = STARTS, zone: str = ZONE, **letters: Piece
) -> tuple[PlannedSession, ...]:
    """Read a drawing of one week: a head of weekdays, then rows of an hour and a cell for each
    day.
    """
    rows = [line.split() for line in drawing.strip().splitlines()]
    days, found = rows[0], []
    for hour, *cells in rows[1:]:
        for word, cell in zip(days, cells, strict=True):
            day = monday_of(starts, week) + timedelta(days=WEEKDAYS.index(word))
            found += [
                meeting(letters[letter], day, hour, week, zone) for letter in cell if letter != "."
            ]
    return tuple(found)


def meeting(piece: Piece, day: date, hour: str, week: int = 1, zone: str = ZONE) -> PlannedSession:
    """Make one session of a piece."""
    start = instant(day, at(hour), zone)
    seats = (
        usual_seats(piece.kind)
        if piece.fixed
        else Seats.BOTH
        if piece.kind in FAMILY_KINDS
        else Seats.PATIENTS
    )
    series = f"evening.{piece.source}" + ("" if piece.fixed else f".{piece.patients[0]}")
    return PlannedSession(
        key=f"{series}.{day.isoformat()}" if piece.fixed else f"{series}.w{week}",
        series=series,
        kind=piece.kind,
        title=piece.source,
        topic=None,
        week=week,
        day=day,
        at=at(hour),
        zone=zone,
        minutes=piece.minutes,
        start=start,
        end=start + timedelta(minutes=piece.minutes),
        clinicians=piece.by,
        patients=piece.patients,
        relatives=piece.relatives,
        room=piece.room,
        seats=seats,
        source=piece.source,
        fixed=piece.fixed,
    )


def plan_of(problem: Problem, sessions: tuple[PlannedSession, ...]) -> Plan:
    """Make a plan of these sessions in which everything else that is due counts as accounted
    for.
    """
    placed = {one.key for one in sessions}
    left = [one for one in due_appointments(problem)[0] if one.key not in placed]
    unplaced = tuple(
        Unplaced(one.key, one.patient.key, one.appointment.key, one.weeks) for one in left
    )
    return Plan(problem.cohort, sessions, unplaced)


def picture(sessions: tuple[PlannedSession, ...], week: int) -> str:
    """Draw one week of a plan: each session by its source (and patient, when placed) in its
    cell.
    """
    days = WEEKDAYS[:5]
    cells: dict[tuple[int, int], list[str]] = {}
    for one in sessions:
        if one.week == week:
            name = one.source if one.fixed else f"{one.source}:{'+'.join(one.patients)}"
            cells.setdefault((one.at, one.day.weekday()), []).append(name)
    rows = ["      " + " ".join(f"{word:<12}" for word in days).rstrip()]
    for hour in sorted({minute for minute, _ in cells}):
        row = [" ".join(cells.get((hour, number), ["."])) for number in range(5)]
        rows.append(
            f"{hour // 60:02d}:{hour % 60:02d} " + " ".join(f"{cell:<12}" for cell in row).rstrip()
        )
    return "\n".join(rows)


NOON = datetime(2027, 2, 25, 17, tzinfo=UTC)
"""A few days before the cohort starts."""
