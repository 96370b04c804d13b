"""A practice made from a form: the smallest clinic file there can be, loaded as any other."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.clinics.loading.load_clinic import load
from scheduler.clinics.reading.read_clinic import read
from scheduler.i18n import lint_outward
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InvalidFile, Problem
from scheduler.people import person_by_key, set_password
from scheduler.people.models import Person, Practice

PLACES = {
    "practice.name": "name",
    "practice.outward_name": "outward_name",
    "practice.outward_email": "outward_email",
    "practice.zone": "zone",
    "practice.state": "state",
    "clinicians[0].name": "admin_name",
    "clinicians[0].email": "admin_email",
    "clinicians[0].key": "admin_name",
}
"""Where a clinic file has what a field of the form says."""
ROLES = ["administrator", "coordinator"]


@dataclass(frozen=True, slots=True)
class FirstPractice:
    """What the first page asks: the practice, and who looks after it; `password` in clear."""

    name: str
    outward_name: str
    outward_email: str
    zone: str
    state: str
    part2: bool
    closed_on_holidays: bool
    admin_name: str
    admin_email: str
    password: str


def has_practice() -> bool:
    """True if there is a practice already."""
    return db.session.get(Practice, 1) is not None


def found_practice(said: FirstPractice, *, by: str, now: datetime) -> Person:
    """Make the practice and its first administrator, who is returned.

    Raises Conflict once there is a practice; InvalidFile with a problem for each wrong field, by
    its name; InputError for a password that is none.
    """
    if has_practice():
        raise Conflict("there is a practice already: sign in, or load a clinic file")
    _refuse_telling_names(said)
    key = _key_of(said.admin_name)
    file = json.dumps(_document(said, key)).encode()
    try:
        load(read(file), by=by, now=now)
    except InvalidFile as error:
        raise InvalidFile([_in_the_form(problem) for problem in error.problems]) from error
    person = person_by_key(key)
    set_password(person, said.password, by=by, now=now)
    return person


def _refuse_telling_names(said: FirstPractice) -> None:
    """Refuse an outward name or address that gives away what the practice is. Raises
    InvalidFile.
    """
    found = lint_outward(said.outward_name, said.outward_email, legal_name=said.name)
    problems = []
    for finding in found:
        message = f"“{finding.word}” gives away what this is"
        problems.append(Problem(finding.place, message))
    if problems:
        raise InvalidFile(problems)


def _document(said: FirstPractice, key: str) -> Mapping[str, object]:
    administrator = {
        "key": key,
        "name": said.admin_name,
        "email": said.admin_email,
        "roles": ROLES,
        "licences": [],
        "hours": [],
    }
    practice = {
        "name": said.name,
        "outward_name": said.outward_name,
        "outward_email": said.outward_email,
        "zone": said.zone,
        "state": said.state,
        "part2": said.part2,
        "holidays": "closed" if said.closed_on_holidays else "open",
    }
    return {
        "version": 1,
        "practice": practice,
        "clinicians": [administrator],
        "programs": [],
        "cohorts": [],
        "patients": [],
    }


def _key_of(name: str) -> str:
    """Return a key for the file made of a name's last word, as files of others have them."""
    words = re.findall("[a-z0-9]+", name.lower())
    return words[-1] if words else "administrator"


def _in_the_form(problem: Problem) -> Problem:
    return Problem(PLACES.get(problem.place, problem.place), problem.message)
