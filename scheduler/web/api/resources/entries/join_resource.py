"""/joins: somebody entered twice; the second entry becomes a record that leads to the first."""

from dataclasses import replace
from functools import partial

from scheduler.admissions import (
    Facts,
    facts_of,
    join_people,
    leaders_ahead,
    usual_contact,
    why_not,
)
from scheduler.consents import wait_until_drained
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.people import Contact, Deed, Scope, contact_of, person_by_key
from scheduler.people.models import Person
from scheduler.web.api.door.answering import follow_up
from scheduler.web.api.door.api_routes import Answered, Call, Document, route
from scheduler.web.api.door.field_schemas import COUNT, KEY, KEYS, one_of, record
from scheduler.web.desk.people.family_circle import circle_of

CONTACT = ("name", "email", "phone", "zone", "language", "relationship")
FACTS = ("state", "born", "clinician")
TAKE = {"type": "array", "items": one_of((*CONTACT, *FACTS)), "uniqueItems": True}
JOIN = record({"first": KEY, "second": KEY, "take": TAKE}, needed=("first", "second"))
JOINED = record(
    {
        "first": KEY,
        "record": KEY,
        "consents_ended": COUNT,
        "came": KEYS,
        "stayed": KEYS,
    }
)


@route(
    "POST",
    "/joins",
    deed=Deed.FIND_ANYBODY,
    scope=Scope.WRITE,
    takes=JOIN,
    gives=JOINED,
    rehearses=True,
)
def join_two(call: Call) -> Answered:
    """Join two entries of one person; `take` names what the second says better. Nothing is deleted
    and no consent is carried over.
    """
    first = person_by_key(call.body["first"])
    second = person_by_key(call.body["second"])
    _refuse(first, second)
    people = _concerned(first, call) | _concerned(second, call)
    taken = set(call.body.get("take", ()))
    done = join_people(
        first,
        second,
        _contact(first, second, taken),
        _facts(first, second, taken),
        by=call.by,
        now=call.now,
    )
    follow_up(call, people)
    document: Document = {
        "first": first.key,
        "record": second.key,
        "consents_ended": len(done.withdrawn),
        "came": sorted(person.key for person in done.came),
        "stayed": sorted(person.key for person in done.stayed),
    }
    return Answered(document, afterwards=partial(_quiet, done.withdrawn, document))


def _quiet(withdrawn: tuple[str, ...], document: Document) -> Document:
    """Wait until nothing of the consents that ended is on its way any more."""
    if withdrawn:
        wait_until_drained(list(withdrawn))
    return document


def _refuse(first: Person, second: Person) -> None:
    """Raise InvalidFile with every reason why the two cannot be joined."""
    problems = []
    for reason in why_not(first, second):
        words = reason.words.format(**dict(reason.named))
        problems.append(Problem("second", words))
    if problems:
        raise InvalidFile(problems)


def _concerned(person: Person, call: Call) -> set[str]:
    patient = person.relative.patient if person.relative else person
    return circle_of(patient) | leaders_ahead(patient, now=call.now) | {person.id}


def _contact(first: Person, second: Person, taken: set[str]) -> Contact:
    """Return how they are reached: as the first says, of what is taken as the second says."""
    theirs = contact_of(second)
    said = {name: getattr(theirs, name) for name in CONTACT if name in taken}
    return replace(usual_contact(first, second), **said)


def _facts(first: Person, second: Person, taken: set[str]) -> Facts | None:
    """Return what only a patient has in the same way; None for relatives."""
    if first.patient is None or second.patient is None:
        return None
    mine, theirs = facts_of(first), facts_of(second)
    said = {name: getattr(theirs, name) for name in FACTS if name in taken}
    return replace(mine, born=mine.born or theirs.born, **said)
