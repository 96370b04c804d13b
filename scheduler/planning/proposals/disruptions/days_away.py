"""Noting at the desk that a member of staff is away for some days, and taking it back."""

from datetime import datetime

from scheduler import audit
from scheduler.kernel.errors import InputError
from scheduler.people import Absence, note_desk_word, person_in_turn
from scheduler.people.models import Clinician, Person

AWAY = "away"
"""What a clinic file calls it."""


def note_days_away(person: Person, absence: Absence, *, by: str, now: datetime) -> bool:
    """Note that a member of staff is away; False when all of these days were known. Raises
    InputError for who is not staff.
    """
    account = _account(person)
    for known in account.away:
        if known.first <= absence.first and absence.last <= known.last:
            return False
    account.away = _in_order(*account.away, absence)
    _note("people.away", person, absence, by, now)
    return True


def take_back_days_away(person: Person, absence: Absence, *, by: str, now: datetime) -> None:
    """Take back that a member of staff is away on just these days, where it is still noted."""
    account = _account(person)
    left = [known for known in account.away if known != absence]
    if len(left) == len(account.away):
        return
    account.away = tuple(left)
    _note("people.away_taken_back", person, absence, by, now)


def _account(person: Person) -> Clinician:
    account = person_in_turn(person.key).clinician
    if account is None:
        raise InputError(f"{person.key} is not staff")
    return account


def _in_order(*absences: Absence) -> tuple[Absence, ...]:
    return tuple(sorted(absences, key=lambda absence: (absence.first, absence.last)))


def _note(deed: str, person: Person, absence: Absence, by: str, now: datetime) -> None:
    note_desk_word(
        person,
        [AWAY],
        by=by,
        now=now,
    )
    details = {"first": absence.first.isoformat(), "last": absence.last.isoformat()}
    audit.append(
        deed,
        f"person {person.key}",
        details,
        by=by,
        now=now,
    )
