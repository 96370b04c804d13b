"""What each command is to the table of roles, where it is run for an account: which deeds, and what
it is about; a command without a line is the operator's alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.people import Deed


class Named(StrEnum):
    """What a command's parameter names; a command that names nothing is about everybody."""

    PATIENT = "patient"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Line:
    """The deeds of a command, all of which are asked, and the parameter that says about what."""

    deeds: tuple[Deed, ...]
    names: Named | None = None
    parameter: str = ""


def _everybody(*deeds: Deed) -> Line:
    return Line(deeds)


def _patient(deed: Deed, parameter: str = "patient") -> Line:
    return Line((deed,), Named.PATIENT, parameter)


SESSION = Line((Deed.CHANGE_SESSION,), Named.SESSION, "key")
PLANS = _everybody(Deed.PLAN)
ACCOUNTS = _everybody(Deed.ACCOUNTS)
WHOLE_FILE = _everybody(Deed.HOUSE, Deed.FIND_ANYBODY)
LINES: Mapping[str, Line] = {
    "accounting export": _patient(Deed.READ_RECORDS, "key"),
    "attendance export": _everybody(Deed.HOLD_SESSION),
    "attendance import": _everybody(Deed.HOLD_SESSION),
    "audit export": _everybody(Deed.RECORD),
    "audit verify": _everybody(Deed.RECORD),
    "clinic export": WHOLE_FILE,
    "clinic load": WHOLE_FILE,
    "clinic schema": _everybody(),
    "cohort discard": PLANS,
    "cohort holds": PLANS,
    "cohort plan": PLANS,
    "cohort publish": PLANS,
    "consent authority": _patient(Deed.CHANGE_PATIENT),
    "consent end-authority": _everybody(Deed.CHANGE_PATIENT),
    "consent finding": _patient(Deed.CHANGE_PATIENT),
    "consent give": _patient(Deed.CHANGE_PATIENT),
    "consent licence": _everybody(Deed.SETTINGS),
    "consent rehearse": _patient(Deed.CHANGE_PATIENT),
    "consent revoke": _patient(Deed.STOP_SHARING),
    "consent rules": _everybody(Deed.SETTINGS),
    "consent set-rules": _everybody(Deed.HOUSE),
    "letters release": _everybody(Deed.RELEASE_LETTERS),
    "program check": _everybody(Deed.SETTINGS),
    "report engagement": PLANS,
    "sessions all-back": PLANS,
    "sessions away": PLANS,
    "sessions cancel": SESSION,
    "sessions closed": _everybody(Deed.SETTINGS, Deed.PLAN),
    "sessions close": _everybody(Deed.SETTINGS, Deed.CHANGE_SESSION),
    "sessions export": _everybody(Deed.SEE_SESSION),
    "sessions lead": SESSION,
    "sessions move": SESSION,
    "sessions put-back": SESSION,
    "sessions zones": _everybody(Deed.CHANGE_SESSION),
    "staff cover": ACCOUNTS,
    "staff deactivate": ACCOUNTS,
    "staff end": ACCOUNTS,
    "staff invite": ACCOUNTS,
    "staff lend": ACCOUNTS,
    "staff list": ACCOUNTS,
    "staff roles": ACCOUNTS,
    "staff sign-out": ACCOUNTS,
    "staff terms": ACCOUNTS,
    "webhook end": ACCOUNTS,
    "webhook list": ACCOUNTS,
    "webhook make": ACCOUNTS,
}
"""By the words of the command. Copies, keys, tokens, passwords, addresses of calendars, the drill,
the schema, web and worker are the operator's.
"""
