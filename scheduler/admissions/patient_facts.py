"""What only a patient has: the state they sit in, birth, clinician, what a payer agreed to."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from scheduler import audit
from scheduler.admissions.end_of_stay import stay_to_end
from scheduler.admissions.licence_check import refuse_unlicensed
from scheduler.consents import recompute_validity
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import note_desk_word, person_by_key
from scheduler.people.models import Person
from scheduler.programs import Authorisation
from scheduler.provenance import Source, note_word


@dataclass(frozen=True, slots=True)
class Facts:
    """What only a patient has; `state` None: the practice's, `clinician` is a key."""

    state: str | None
    born: date | None
    clinician: str
    authorisations: tuple[Authorisation, ...] = ()

    def differences(self, other: "Facts") -> list[str]:
        """Return the names of the fields in which another says something else."""
        names = [field.name for field in fields(self)]
        found = []
        for name in names:
            if getattr(self, name) != getattr(other, name):
                found.append(name)
        return found


def facts_of(patient: Person) -> Facts:
    """Return what only this patient has. Raises InputError for anybody else."""
    own = patient.patient
    if own is None:
        raise InputError(f"{patient.key} is no patient")
    stay = stay_to_end(patient)
    agreed = stay.authorisations if stay else None
    return Facts(
        state=own.state,
        born=own.born,
        clinician=own.treating.key,
        authorisations=agreed or (),
    )


def change_facts(
    patient: Person, facts: Facts, *, seen: Facts, by: str, now: datetime
) -> list[str]:
    """Change what only a patient has; return the fields that changed. Who may sign is asked anew.

    Raises Conflict where it is no longer what whoever asks had `seen`, InputError for a clinician
    that is none or has no licence there, and for days agreed to of somebody in no cohort.
    """
    before = facts_of(patient)
    if seen.differences(before):
        raise Conflict("somebody has changed this meanwhile")
    changed = facts.differences(before)
    own = patient.patient
    if not changed or own is None:
        return []
    treating = person_by_key(facts.clinician)
    stay = stay_to_end(patient)
    if stay is not None:
        first = max(stay.first, stay.cohort.starts)
        refuse_unlicensed(treating, facts.state, first)
    own.state = facts.state
    own.born = facts.born
    own.treating = treating
    if "authorisations" in changed:
        _agree(patient, facts, by=by, now=now)
    db.session.flush()
    details = {"fields": changed}
    audit.append("people.facts", f"person {patient.id}", details, by=by, now=now)
    personal = [name for name in changed if name != "authorisations"]
    note_desk_word(patient, personal, by=by, now=now)
    recompute_validity(by=by, now=now, patients=[patient.id])
    return changed


def _agree(patient: Person, facts: Facts, *, by: str, now: datetime) -> None:
    """Write the days a payer agreed to into the stay."""
    stay = stay_to_end(patient)
    if stay is None:
        raise InputError(f"{patient.key} is in no cohort")
    stay.authorisations = facts.authorisations or None
    fields = ["authorisations"]
    record = f"stay of {patient.key}"
    note_word(record, fields, source=Source.DESK, by=by, now=now)
