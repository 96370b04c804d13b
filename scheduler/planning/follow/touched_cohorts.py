"""Which cohorts a change of facts touches, read off the record of deeds: every deed is on it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from scheduler.audit.models import AuditEntry
from scheduler.consents.model.models import Barrier, Grant, Statement
from scheduler.kernel.database import db
from scheduler.people.models import Patient, Person, Relative
from scheduler.programs import every_stay
from scheduler.programs.models import Cohort, Program
from scheduler.sessions.models import Session, SessionLead, SessionPatient

FACTS = (
    "clinic.",
    "consent.",
    "barrier.",
    "program.",
    "rules.",
    "people.free_times",
    "people.contact",
    "people.facts",
    "people.away",
    "people.hours",
    "people.same_as",
    "patient.admitted",
    "relative.added",
    "readiness.",
    "stay.",
    "busy.",
    "sessions.schedule",
    "sessions.move",
    "sessions.cancel",
    "sessions.rules",
    "planning.publish",
    "planning.propose",
    "planning.take_back",
)
"""How the deeds begin that change what a plan is judged by; an authority or finding that ends does
so by the consents it ends.
"""
OF_PATIENTS: Mapping[str, type[Grant | Statement | Barrier]] = {
    "grant": Grant,
    "statement": Statement,
    "barrier": Barrier,
}
"""What is about one patient, by the word that the record names it with."""
PEOPLE = {"person", "patient", "relative", "clinician", "stay of", "other stays of"}
COHORT = "cohort"
PROGRAM = "program"

Touched = dict[str, int]
"""The number of the newest deed that touches a cohort, by the cohort's id."""


@dataclass(frozen=True, slots=True)
class _Fact:
    number: int
    what: str
    """The word before the name: person, cohort, session …"""
    name: str


def touched_cohorts(running: Collection[Cohort], *, since: int) -> Touched:
    """Return which of these cohorts deeds after number `since` touch; what cannot be said to be of
    one cohort touches all.
    """
    found: Touched = {}
    facts = _facts(since)
    by_name = _cohorts_by_name(facts)
    for fact in facts:
        cohorts = by_name[fact.what](fact.name)
        for cohort in running:
            if cohorts is None or cohort.id in cohorts:
                found[cohort.id] = fact.number
    return found


def _facts(since: int) -> list[_Fact]:
    kinds = [AuditEntry.deed.startswith(deed, autoescape=True) for deed in FACTS]
    rows = (
        select(AuditEntry.number, AuditEntry.deed, AuditEntry.about)
        .where(AuditEntry.number > since, or_(*kinds))
        .order_by(AuditEntry.number)
    )
    return [_fact(number, deed, about) for number, deed, about in db.session.execute(rows)]


def _fact(number: int, deed: str, about: str) -> _Fact:
    if deed == "sessions.schedule":
        return _Fact(number, COHORT, about)
    if deed.startswith("sessions."):
        cohort, _, _ = about.partition(".")
        return _Fact(number, COHORT, cohort)
    what, _, name = about.rpartition(" ")
    return _Fact(number, what, name)


Find = Callable[[str], set[str] | None]
"""Return the ids of the cohorts that a name is about, None for all."""


def _cohorts_by_name(facts: Iterable[_Fact]) -> Mapping[str, Find]:
    """Return by word how a name is looked up; each name is asked of the database once."""
    names: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        those = names[fact.what]
        those.add(fact.name)
    found: dict[str, Find] = {}
    for what, those in names.items():
        found[what] = _all
        if what == COHORT:
            found[what] = _cohorts(those).get
        elif what == PROGRAM:
            found[what] = _by_programs(those)
        elif what in PEOPLE:
            found[what] = _by_people(those)
        elif what in OF_PATIENTS:
            found[what] = _by_records(what, those)
    return found


def _all(_: str) -> None:
    """Return that a name is about every cohort."""


def _by_programs(names: Iterable[str]) -> Find:
    """Find the cohorts that have the newest version of a program; others keep what they have."""
    known = {}
    for name in names:
        wanted = select(Cohort.id).join(Program, Program.id == Cohort.program_id)
        named = wanted.where(or_(Program.key == name, Program.id == name))
        known[name] = set(db.session.scalars(named))
    return known.get


def _by_people(names: Iterable[str]) -> Find:
    known = {}
    for name in names:
        known[name] = _of_people({name})
    return known.get


def _by_records(what: str, names: Iterable[str]) -> Find:
    known = {}
    for name in names:
        patients = _patients(what, name)
        known[name] = _of_people(patients)
    return known.get


def _cohorts(names: Collection[str]) -> dict[str, set[str]]:
    is_id = Cohort.id.in_(names)
    is_key = Cohort.key.in_(names)
    rows = select(Cohort.id, Cohort.key)
    rows = rows.where(or_(is_id, is_key))
    found = {}
    for cohort_id, key in db.session.execute(rows):
        found[cohort_id] = {cohort_id}
        found[key] = {cohort_id}
    return found


def _patients(what: str, name: str) -> set[str]:
    model = OF_PATIENTS[what]
    wanted = select(model.patient_id)
    wanted = wanted.where(model.id == name)
    return set(db.session.scalars(wanted))


def _of_people(names: Collection[str]) -> set[str]:
    """Return the ids of the cohorts in which these people (ids or keys) sit, lead, treat, or have
    a patient they belong to.
    """
    people = _ids(names)
    patients = people | _patients_of(people)
    stays = select(every_stay.c.cohort_id)
    stays = stays.where(every_stay.c.patient_id.in_(patients))
    seats = select(Session.cohort_id)
    seats = seats.join(SessionPatient)
    seats = seats.where(SessionPatient.person_id.in_(patients))
    leads = select(Session.cohort_id)
    leads = leads.join(SessionLead)
    leads = leads.where(SessionLead.person_id.in_(people))
    found: set[str] = set()
    for wanted in (stays, seats, leads):
        once = wanted.distinct()
        found.update(db.session.scalars(once))
    return found


def _ids(names: Collection[str]) -> set[str]:
    is_id = Person.id.in_(names)
    is_key = Person.key.in_(names)
    wanted = select(Person.id)
    wanted = wanted.where(or_(is_id, is_key))
    return set(db.session.scalars(wanted))


def _patients_of(people: Collection[str]) -> set[str]:
    """Return the ids of the patients whose relatives or clinicians these are."""
    theirs = select(Relative.patient_id)
    theirs = theirs.where(Relative.person_id.in_(people))
    treated = select(Patient.person_id)
    treated = treated.where(Patient.clinician_id.in_(people))
    found = set(db.session.scalars(theirs))
    found.update(db.session.scalars(treated))
    return found
