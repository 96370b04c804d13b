"""Pure: what each role of staff may do, and how far it reaches; the one table everybody asks."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from scheduler.people.accounts.role_names import Role


class Reach(IntEnum):
    """How far a deed reaches from whoever does it; the farther, the larger."""

    NONE = 0
    OWN = 1
    """Their own patients and those of whom they cover, and the sessions they lead."""
    COHORT = 2
    """Whoever shares a cohort with these."""
    OTHER = 3
    """Everybody."""


class Deed(StrEnum):
    """What staff do; each page of the desk and each form is one of these."""

    SEE_PATIENT = "see_patient"
    CHANGE_PATIENT = "change_patient"
    STOP_SHARING = "stop_sharing"
    READ_RECORDS = "read_records"
    FIND_ANYBODY = "find_anybody"
    """Search everybody, and take in who is new."""
    SEE_BOARD = "see_board"
    SEE_SESSION = "see_session"
    CHANGE_SESSION = "change_session"
    BEND_RULES = "bend_rules"
    """Change a session against a rule that a person may bend, with a reason."""
    HOLD_SESSION = "hold_session"
    READ_NOTES = "read_notes"
    """Read what the team noted, and why somebody is kept out; that there is a note all may see."""
    WRITE_NOTES = "write_notes"
    SEE_TASKS = "see_tasks"
    PLAN = "plan"
    LETTERS = "letters"
    RELEASE_LETTERS = "release_letters"
    EVENINGS = "evenings"
    SETTINGS = "settings"
    HOUSE = "house"
    """Set up the practice, its staff and its rooms."""
    ACCOUNTS = "accounts"
    RECORD = "record"
    OWN_CALENDAR = "own_calendar"
    BREAK_GLASS = "break_glass"


TABLE: dict[Role, dict[Deed, Reach]] = {
    Role.CLINICIAN: {
        Deed.SEE_PATIENT: Reach.OWN,
        Deed.CHANGE_PATIENT: Reach.OWN,
        Deed.STOP_SHARING: Reach.OWN,
        Deed.READ_RECORDS: Reach.OWN,
        Deed.SEE_BOARD: Reach.COHORT,
        Deed.SEE_SESSION: Reach.COHORT,
        Deed.CHANGE_SESSION: Reach.OWN,
        Deed.HOLD_SESSION: Reach.OWN,
        Deed.READ_NOTES: Reach.COHORT,
        Deed.WRITE_NOTES: Reach.OWN,
        Deed.SEE_TASKS: Reach.OWN,
        Deed.OWN_CALENDAR: Reach.OWN,
        Deed.BREAK_GLASS: Reach.OTHER,
    },
    Role.COORDINATOR: {
        Deed.SEE_PATIENT: Reach.OTHER,
        Deed.CHANGE_PATIENT: Reach.OTHER,
        Deed.STOP_SHARING: Reach.OTHER,
        Deed.READ_RECORDS: Reach.OTHER,
        Deed.FIND_ANYBODY: Reach.OTHER,
        Deed.SEE_BOARD: Reach.OTHER,
        Deed.SEE_SESSION: Reach.OTHER,
        Deed.CHANGE_SESSION: Reach.OTHER,
        Deed.BEND_RULES: Reach.OTHER,
        Deed.HOLD_SESSION: Reach.OTHER,
        Deed.SEE_TASKS: Reach.OTHER,
        Deed.PLAN: Reach.OTHER,
        Deed.LETTERS: Reach.OTHER,
        Deed.RELEASE_LETTERS: Reach.OTHER,
        Deed.EVENINGS: Reach.OTHER,
        Deed.SETTINGS: Reach.OTHER,
        Deed.OWN_CALENDAR: Reach.OWN,
    },
    Role.ADMINISTRATOR: {
        Deed.BEND_RULES: Reach.OTHER,
        Deed.SETTINGS: Reach.OTHER,
        Deed.HOUSE: Reach.OTHER,
        Deed.ACCOUNTS: Reach.OTHER,
        Deed.RELEASE_LETTERS: Reach.OTHER,
        Deed.EVENINGS: Reach.OTHER,
        Deed.OWN_CALENDAR: Reach.OWN,
        Deed.BREAK_GLASS: Reach.OTHER,
    },
    Role.AUDITOR: {
        Deed.RECORD: Reach.OTHER,
        Deed.READ_RECORDS: Reach.OTHER,
        Deed.SEE_TASKS: Reach.OWN,
        Deed.OWN_CALENDAR: Reach.OWN,
    },
}
"""How far each role goes with each deed; what is not said is not allowed."""

BEHIND_GLASS = frozenset({Deed.SEE_PATIENT, Deed.READ_RECORDS, Deed.STOP_SHARING})
"""What a stated reason opens for a while."""


def farthest(roles: Iterable[Role], deed: Deed) -> Reach:
    """Return how far somebody with these roles goes with a deed."""
    reaches = [TABLE[role].get(deed, Reach.NONE) for role in roles]
    return max(reaches, default=Reach.NONE)


def may(roles: Iterable[Role], deed: Deed, reach: Reach) -> bool:
    """True if somebody with these roles may do it to what is `reach` away from them."""
    return Reach.NONE < reach <= farthest(roles, deed)


def may_after_glass(roles: Iterable[Role], deed: Deed) -> bool:
    """True if a stated reason lets somebody with these roles do it beyond their reach."""
    return deed in BEHIND_GLASS and farthest(roles, Deed.BREAK_GLASS) is Reach.OTHER
