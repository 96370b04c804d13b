"""Who signs in by a mailed code, and why they may be written to."""

from datetime import datetime

from scheduler.consents import good_grants
from scheduler.consents.model.models import Grant
from scheduler.people.models import Person, PersonKind


def may_have_code(person: Person, now: datetime) -> bool:
    """True if a person signs in by code: a patient always, a relative while a grant of theirs
    is valid.
    """
    return person.kind is PersonKind.PATIENT or standing_grant(person, now) is not None


def standing_grant(person: Person, now: datetime) -> Grant | None:
    """Return the grant of a ready relative that holds longest from now on."""
    return next(iter(good_grants(person, now=now)), None)
