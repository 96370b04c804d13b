"""Leaving out of a clinic file what it says of people who were entered twice and joined since: a
file does not take them apart again.
"""

from dataclasses import replace
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import aliased

from scheduler.clinics.loading.load_report import Change
from scheduler.clinics.values import ClinicFile, Patient, Relative
from scheduler.kernel.database import db
from scheduler.people.models import Person

Said = TypeVar("Said", Patient, Relative)
Joined = dict[str, str]
"""Whom a record of before leads to, both by key."""


def without_joined(file: ClinicFile) -> tuple[ClinicFile, list[Change]]:
    """Return a file without the records of before, whoever is named after one of them named after
    who counts; and what was left out.
    """
    joined = _joined()
    if not joined:
        return file, []
    kept: list[Change] = []
    patients = []
    for patient in file.patients:
        if patient.key in joined:
            kept.append(_left_out("patient", patient.key, joined))
            continue
        family = []
        for relative in patient.family:
            if relative.key in joined:
                kept.append(_left_out("relative", relative.key, joined))
            else:
                family.append(_named_anew(relative, joined))
        own = _named_anew(patient, joined)
        patients.append(replace(own, family=tuple(family)))
    return replace(file, patients=tuple(patients)), kept


def _joined() -> Joined:
    first = aliased(Person)
    rows = select(Person.key, first.key).join(first, first.id == Person.joined_into_id)
    found = {}
    for key, into in db.session.execute(rows):
        found[key] = into
    return found


def _left_out(what: str, key: str, joined: Joined) -> Change:
    return Change(what, key, f"joined with {joined[key]}, and stays so")


def _named_anew(said: Said, joined: Joined) -> Said:
    """Return somebody with the same human being named by the key that counts."""
    other = joined.get(said.same_as or "")
    if other is None:
        return said
    return replace(said, same_as=None if other == said.key else other)
