"""Why two entries cannot be joined: a join carries no consent, takes back no withdrawal and lets
nobody in who was kept out.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.admissions.joining.joined_body import is_own_relative, others_of
from scheduler.admissions.joining.records_before import family_of
from scheduler.consents import barriers_of
from scheduler.consents.model.models import Barrier, BarrierKind, Grant
from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.sought import folded
from scheduler.people import readiness_of
from scheduler.people.models import Person

ITSELF = N_("This is one and the same entry.")
COLLEAGUES = N_("Colleagues are not joined: shut the account that is not used.")
OTHER_KIND = N_("One is a patient and the other a relative: say that they are the same person.")
BEFORE = N_("{name} ({key}) is a record of before already.")
OTHER_FAMILY = N_("They are relatives of different patients: say that they are the same person.")
OWN_RELATIVE = N_("They would be a relative of their own.")
STANDS = N_(
    "A consent for {name} ({key}) still stands. A join carries no consent: withdraw it, then let "
    "it be signed anew."
)
WITHDRAWN = N_(
    "What {name} ({key}) might know was withdrawn, and {other} ({other_key}) has a consent of "
    "before that: withdraw it, or let it be signed anew."
)
KEPT_OUT = N_("{name} ({key}) is kept out, and {other} is not: keep {other} out first.")
NOT_READY = N_("{name} ({key}) was found not ready, and {other} is: decide anew for one of them.")
DECEASED = N_("One of the patients has died: their records stay as they are.")


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One reason: words for staff, and whom they name."""

    words: str
    named: tuple[tuple[str, str], ...] = ()


def why_not(first: Person, second: Person) -> list[WhyNot]:
    """Return why `second` cannot become a record of before that leads to `first`; nothing: it
    can.
    """
    found = _not_alike(first, second)
    if found:
        return found
    if is_own_relative(others_of(first, second)):
        found.append(WhyNot(OWN_RELATIVE))
    if first.relative is None:
        return found + _of_patients(first, second)
    if first.relative.ready and _was_found_not_ready(second):
        found.append(_about(NOT_READY, second, first))
    return found + _withdrawn([(first, second)])


def _not_alike(first: Person, second: Person) -> list[WhyNot]:
    """Return why these two are no two entries of one patient, or of one relative of a patient."""
    if first.id == second.id:
        return [WhyNot(ITSELF)]
    if first.clinician is not None or second.clinician is not None:
        return [WhyNot(COLLEAGUES)]
    if first.kind is not second.kind:
        return [WhyNot(OTHER_KIND)]
    for person in (first, second):
        if person.joined_into_id is not None:
            return [_about(BEFORE, person)]
    mine, theirs = first.relative, second.relative
    if mine is not None and theirs is not None and mine.patient_id != theirs.patient_id:
        return [WhyNot(OTHER_FAMILY)]
    return []


def _of_patients(first: Person, second: Person) -> list[WhyNot]:
    barriers = [*barriers_of(first.id), *barriers_of(second.id)]
    if any(barrier.kind is BarrierKind.DECEASED for barrier in barriers):
        return [WhyNot(DECEASED)]
    family, theirs = family_of(first), family_of(second)
    granted = grants_by_person(theirs)
    found = []
    for person in theirs:
        if any(grant.revoked_at is None for grant in granted.get(person.id, ())):
            found.append(_about(STANDS, person))
    pairs = []
    for other in theirs:
        alike = [person for person in family if _are_alike(person, other)]
        pairs += [(person, other) for person in alike]
    return found + _withdrawn(pairs) + _kept_out(first, second, pairs)


def _kept_out(first: Person, second: Person, pairs: list[tuple[Person, Person]]) -> list[WhyNot]:
    """Return who is kept out of the second's family and would be in the first's unhindered; who
    comes over comes with what keeps them out.
    """
    within = {barrier.person_id for barrier in barriers_of(first.id)}
    out = {barrier.person_id for barrier in barriers_of(second.id)}
    if None in within:
        return []
    found = []
    for person, other in pairs:
        if other.id in out and person.id not in within:
            found.append(_about(KEPT_OUT, other, person))
    unlike = out - {other.id for _, other in pairs}
    return found + _left_behind(first, second, unlike)


def _left_behind(first: Person, second: Person, ids: Collection[str | None]) -> list[WhyNot]:
    """Return who of these (ids) was granted something once, and so stays with the record."""
    people = [person for person in family_of(second) if person.id in ids]
    granted = grants_by_person(people)
    return [_about(KEPT_OUT, person, first) for person in people if person.id in granted]


def _withdrawn(pairs: Collection[tuple[Person, Person]]) -> list[WhyNot]:
    """Return where a purpose was withdrawn of the second after the first's consent for it came."""
    people = [person for pair in pairs for person in pair]
    granted = grants_by_person(people)
    found = []
    for person, other in pairs:
        mine, theirs = granted.get(person.id, []), granted.get(other.id, [])
        if any(_was_taken_back(grant, theirs) for grant in mine):
            found.append(_about(WITHDRAWN, other, person))
    return found


def _was_taken_back(grant: Grant, theirs: Collection[Grant]) -> bool:
    """True if a grant stands whose purpose was withdrawn of another entry since it was given."""
    if grant.revoked_at is not None:
        return False
    gone = [other.revoked_at for other in theirs if other.purpose is grant.purpose]
    return any(moment is not None and moment >= grant.given_at for moment in gone)


def grants_by_person(people: Collection[Person]) -> dict[str, list[Grant]]:
    """Return every grant these people (ids) ever had; nobody who had none."""
    wanted = select(Grant).where(Grant.person_id.in_([person.id for person in people]))
    found: dict[str, list[Grant]] = {}
    for grant in db.session.scalars(wanted.order_by(Grant.given_at, Grant.id)):
        found.setdefault(grant.person_id, []).append(grant)
    return found


def barriers_before(patient: Person, person: Person | None) -> list[Barrier]:
    """Return what keeps a relative (None: the whole family) out."""
    wanted = person.id if person else None
    return [barrier for barrier in barriers_of(patient.id) if barrier.person_id == wanted]


def _was_found_not_ready(person: Person) -> bool:
    decisions = readiness_of(person)
    return bool(decisions) and not decisions[0].ready


def _are_alike(person: Person, other: Person) -> bool:
    """True if two rows may be the same human: one body, one name or one address."""
    if person.body_id is not None and person.body_id == other.body_id:
        return True
    same_name = folded(person.name) == folded(other.name)
    return same_name or person.email.casefold() == other.email.casefold()


def _about(words: str, person: Person, other: Person | None = None) -> WhyNot:
    named = [("name", person.name), ("key", person.key)]
    if other is not None:
        named += [("other", other.name), ("other_key", other.key)]
    return WhyNot(words, tuple(named))
