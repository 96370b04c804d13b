"""Who signs in by a mailed code, and why they may be written to."""

from datetime import datetime

from scheduler.consents.model.models import Grant
from scheduler.consents.recipients.queries import good_grants
from scheduler.outbox import Ground
from scheduler.outbox.models import Basis
from scheduler.people.models import Person, PersonKind


def may_have_code(person: Person, now: datetime) -> bool:
    """True if a person signs in by code: a patient always, a relative while a grant of theirs
    is valid.
    """
    return person.kind is PersonKind.PATIENT or standing_grant(person, now) is not None


def standing_grant(person: Person, now: datetime) -> Grant | None:
    """Return the grant of a ready relative that holds longest from now on."""
    return next(iter(good_grants(person, now=now)), None)


def ground_for(grant: Grant | None, *, covers_until: datetime | None = None) -> Ground:
    """Return why somebody is written to who signs in: a relative under `grant`, or themselves."""
    if grant is None:
        return Ground(covers_until=covers_until)
    return Ground(
        Basis.GRANT,
        grant_id=grant.id,
        subject_id=grant.patient_id,
        purpose=grant.purpose,
        covers_until=covers_until,
    )
