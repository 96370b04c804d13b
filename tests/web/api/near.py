"""Somebody of staff at each distance from Jordan, and what the addresses of the API name."""

from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import Reach, cover, person_by_key
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.sessions.models import Session
from scheduler.web.api.door.api_routes import About
from tests.web.house import NOW

GROUP = "evening.process.2027-03-01"
KEYS = {
    About.PATIENT: "jordan",
    About.RELATIVE: "jordan-mother",
    About.SESSION: GROUP,
    About.COHORT: "evening",
    About.NOBODY: "nothing-here",
}
NEAR = {
    "own": Reach.OWN,
    "covering": Reach.OWN,
    "cohort": Reach.COHORT,
    "other": Reach.OTHER,
}


def moss(role: Role, reach: str) -> Person:
    """Somebody of staff, as near to Jordan as `reach` says."""
    person = Person(
        key="moss",
        kind=PersonKind.CLINICIAN,
        name="Moss",
        email="moss@hl.example",
        free=(),
    )
    person.clinician = Clinician(roles=(role,), licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.flush()
    near = {"own": "jordan", "cohort": "noemie"}.get(reach)
    if near:
        patient = person_by_key(near).patient
        assert patient is not None
        patient.clinician_id = person.id
    if reach == "covering":
        day = NOW.date()
        cover(person_by_key("rivera"), person, first=day, last=day, by="desk", now=NOW)
    if reach == "own":
        group = db.session.scalars(select(Session).where(Session.key == GROUP)).unique().one()
        group.leads.append(person)
    db.session.commit()
    return person
