"""What the pages of the clinic ask, named and shaped as the clinic file has it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scheduler.i18n import N_
from scheduler.people import WEEKDAYS
from scheduler.people.models import Role
from scheduler.programs import HourCounts, Kind, RoomService, Seats
from scheduler.web.parts.kind_words import KIND_WORDS


class Shape(StrEnum):
    """How a field is typed, and so what it is in a clinic file."""

    TEXT = "text"
    DAY = "date"
    NUMBER = "number"
    CHOICE = "choice"
    TRUTH = "truth"
    MANY = "many"
    LINES = "lines"
    PAIR = "pair"
    NUMBERS = "numbers"
    ROWS = "rows"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Ask:
    """One field of a form; `needed` ones are said even when empty, `inner` are those of a row."""

    name: str
    label: str
    shape: Shape = Shape.TEXT
    hint: str = ""
    needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    inner: tuple["Ask", ...] = field(default=())
    ends: tuple[str, str] = ("", "")
    """What the two numbers of a pair are called, each by itself."""


DAY_NAMES = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
DAYS = tuple(zip(WEEKDAYS, DAY_NAMES, strict=True))
KINDS = tuple((str(kind), KIND_WORDS[kind]) for kind in Kind)
SEATS = {
    Seats.PATIENTS: N_("Patients"),
    Seats.FAMILIES: N_("Families"),
    Seats.BOTH: N_("Patients and families"),
}
COUNTS = {
    HourCounts.CLOCK: N_("By the clock, short breaks included"),
    HourCounts.NET: N_("Session minutes only"),
    HourCounts.UNITS: N_("Units of 50 minutes"),
}
SERVICES = {
    RoomService.JITSI: N_("Jitsi: an address for each session"),
    RoomService.BIGBLUEBUTTON: N_("BigBlueButton: a meeting for each session"),
    RoomService.TEMPLATE: N_("A pattern of addresses"),
}
ROLES = {
    Role.CLINICIAN: N_("Clinician"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}


def _pairs(words: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), label) for value, label in words.items())


KEY = Ask("key", N_("Short name"), hint=N_("Small letters, digits, hyphens; it never changes."))
NAME = Ask("name", N_("Name"), needed=True)
STATE = Ask("state", N_("State"), hint=N_("Two letters, as MA"), needed=True)
FROM_DAY = Ask("from", N_("First day"), Shape.DAY, needed=True)
TO_DAY = Ask("to", N_("Last day"), Shape.DAY, needed=True)
FROM = Ask("from", N_("From"), hint=N_("As 09:00"), needed=True)
TO = Ask("to", N_("Until"), hint=N_("As 17:00; 24:00 ends the day"), needed=True)
ON_DAYS = Ask("days", N_("Days"), Shape.MANY, needed=True, choices=DAYS)
WEEKS = Ask(
    "weeks",
    N_("First and last week"),
    Shape.PAIR,
    ends=(N_("First week"), N_("Last week")),
)
HOURS = Ask(
    "week_hours",
    N_("Least and most hours a week"),
    Shape.PAIR,
    needed=True,
    ends=(N_("Least hours a week"), N_("Most hours a week")),
)
KIND = Ask("kind", N_("Kind"), Shape.CHOICE, needed=True, choices=KINDS)
MINUTES = Ask("minutes", N_("Minutes"), Shape.NUMBER, needed=True)
WINDOW = (ON_DAYS, FROM, TO)
ABSENCE = (FROM_DAY, TO_DAY)

HELP = (
    Ask("phone", N_("Telephone")),
    Ask("hours", N_("When somebody answers")),
    Ask("words", N_("Other words")),
)
CLOSURES = Ask(
    "closures",
    N_("Closed days"),
    Shape.ROWS,
    inner=(FROM_DAY, TO_DAY, Ask("note", N_("Note"))),
)
HOLIDAYS = Ask(
    "holidays",
    N_("Public holidays"),
    Shape.CHOICE,
    needed=True,
    choices=(("closed", N_("Closed")), ("open", N_("Open"))),
)
PRACTICE = (
    Ask("name", N_("Legal name"), hint=N_("Never shown outside the house."), needed=True),
    Ask("outward_name", N_("Name seen from outside"), needed=True),
    Ask("outward_email", N_("Address seen from outside"), needed=True),
    Ask("zone", N_("Time zone"), needed=True),
    STATE,
    Ask(
        "part2",
        N_("Records are under 42 CFR Part 2"),
        Shape.TRUTH,
        needed=True,
        choices=(("yes", N_("Yes")), ("no", N_("No"))),
    ),
    Ask("help", N_("Whom patients and families ask"), Shape.GROUP, inner=HELP),
)
STAFF = (
    NAME,
    Ask("email", N_("Mail address"), needed=True),
    Ask("roles", N_("Roles"), Shape.MANY, choices=_pairs(ROLES)),
    Ask("buffer", N_("Minutes kept free after a session"), Shape.NUMBER),
    Ask("hours", N_("Working hours"), Shape.ROWS, needed=True, inner=WINDOW),
    Ask(
        "licences",
        N_("Licences"),
        Shape.ROWS,
        needed=True,
        inner=(STATE, Ask("until", N_("Last day"), Shape.DAY, needed=True)),
    ),
    Ask("away", N_("Away"), Shape.ROWS, inner=ABSENCE),
)
ROOM = (
    Ask(
        "service",
        N_("Service"),
        Shape.CHOICE,
        hint=N_("Choose nothing for a room with one address of its own."),
        choices=_pairs(SERVICES),
    ),
    Ask("url", N_("Address"), hint=N_("It begins with https://"), needed=True),
    Ask("dial_in", N_("Telephone number")),
    Ask("app_id", N_("Application id"), hint=N_("Jitsi only")),
    Ask("secret_file", N_("File of the secret"), hint=N_("Its path on the server")),
    Ask(
        "shared",
        N_("We know that all sessions share this address"),
        Shape.TRUTH,
        choices=(("yes", N_("Yes")),),
    ),
)
SCHOOL = (
    Ask("hours", N_("School hours"), Shape.ROWS, inner=WINDOW),
    Ask("terms", N_("Terms"), Shape.ROWS, inner=ABSENCE),
)
ATTENDANCE = (
    Ask("excused_hours_before", N_("Hours before, to be excused"), Shape.NUMBER),
    Ask("missed_max", N_("Most sessions missed"), Shape.NUMBER),
)
MILESTONES = (
    Ask("plan_review_days", N_("Days between reviews of the treatment plan"), Shape.NUMBER),
    Ask("recertify_days", N_("Days between certifications"), Shape.NUMBER),
    Ask("discharge_planning_days", N_("Discharge planned … days before the end"), Shape.NUMBER),
    Ask("cans_days", N_("Days between assessments of strengths and needs"), Shape.NUMBER),
    Ask("aftercare_days", N_("Aftercare begun … days after the end"), Shape.NUMBER),
)
RULES = (
    HOURS,
    Ask("week_days_min", N_("Least days a week"), Shape.NUMBER),
    Ask("day_hours_max", N_("Most hours a day"), Shape.NUMBER, needed=True),
    Ask("day_minutes_min", N_("Least minutes of a day that counts"), Shape.NUMBER),
    Ask("hour_counts", N_("How hours count"), Shape.CHOICE, choices=_pairs(COUNTS)),
    Ask("group_cap", N_("Most patients in a group"), Shape.NUMBER),
    Ask("start_every", N_("Sessions start every … minutes"), Shape.NUMBER),
    Ask("days_gap_max", N_("Most days between two days of sessions"), Shape.NUMBER),
    Ask("once_a_day", N_("At most once a day"), Shape.MANY, choices=KINDS),
    Ask("school", N_("School"), Shape.GROUP, inner=SCHOOL),
    Ask("attendance", N_("Attendance"), Shape.GROUP, inner=ATTENDANCE),
    Ask("milestones", N_("What comes due"), Shape.GROUP, inner=MILESTONES),
)
ROW_KEY = Ask("key", N_("Short name"), hint=N_("Empty: made from the title or the kind"))
GROUP = (
    ROW_KEY,
    KIND,
    Ask("title", N_("Title"), needed=True),
    ON_DAYS,
    Ask("at", N_("Begins"), hint=N_("As 18:00"), needed=True),
    MINUTES,
    WEEKS,
    Ask("topics", N_("Topics"), Shape.LINES, hint=N_("One a line, in their order")),
    Ask("seats", N_("Who sits in it"), Shape.CHOICE, choices=_pairs(SEATS)),
)
APPOINTMENT = (
    ROW_KEY,
    KIND,
    MINUTES,
    Ask("every_weeks", N_("Once in … weeks"), Shape.NUMBER),
    WEEKS,
    Ask("in_weeks", N_("Or in these weeks"), Shape.NUMBERS, hint=N_("As 3, 7")),
    Ask("by", N_("Held by"), Shape.CHOICE, hint=N_("Empty: the patient's own clinician")),
)
PHASE = (NAME, WEEKS, HOURS)
PROGRAM = (
    NAME,
    Ask("outward_title", N_("Title seen from outside"), needed=True),
    Ask("weeks", N_("Weeks"), Shape.NUMBER, needed=True),
    Ask("capacity", N_("Places"), Shape.NUMBER),
    Ask("waitlist", N_("Others wait for a place"), Shape.TRUTH, choices=(("yes", N_("Yes")),)),
    Ask("groups", N_("Fixed times"), Shape.ROWS, needed=True, inner=GROUP),
    Ask("appointments", N_("Appointments"), Shape.ROWS, needed=True, inner=APPOINTMENT),
    Ask("phases", N_("Phases"), Shape.ROWS, inner=PHASE),
    Ask("rules", N_("Rules"), Shape.GROUP, needed=True, inner=RULES),
)
BEGUN_RULES = tuple(
    ask for ask in RULES if ask.name in ("week_hours", "week_days_min", "day_hours_max")
)
PROGRAM_BEGUN = (
    *PROGRAM[:5],
    Ask("rules", N_("Rules"), Shape.GROUP, needed=True, inner=BEGUN_RULES),
)
"""What a program needs to begin with; its week asks the rest, one thing at a time."""
COHORT = (
    Ask("program", N_("Program"), Shape.CHOICE, needed=True),
    Ask("starts", N_("Starts"), Shape.DAY, needed=True),
    Ask("zone", N_("Time zone"), hint=N_("Empty: the clinic's")),
    Ask("leads", N_("Who leads"), Shape.GROUP, needed=True),
)
