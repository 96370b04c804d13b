"""Who may know what of a patient and until when, in words."""

from dataclasses import dataclass

from sqlalchemy import select

from scheduler import consents
from scheduler.consents.model.models import Grant
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, Relative
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.time_words import day_words
from scheduler.web.portal.consent_form import until_words


@dataclass(frozen=True, slots=True)
class Shared:
    """One relative and what they may know, in words, with the day each ends."""

    person: Person
    lines: list[tuple[str, str]]


def shared_with(patient: Person, language: str | None = None) -> list[Shared]:
    """Return who may know what, as the patient reads it in a language; None: in the words of the
    desk.
    """
    zone = practice().zone
    family = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
    )
    shown = []
    for person in db.session.scalars(family.order_by(Person.name, Person.key)).unique():
        rows = [
            each for each in consents.standing_grants(person, patient) if each.valid_until > now()
        ]
        ends = [until_words(language, each, zone) if language else _until(each) for each in rows]
        if rows:
            shown.append(
                Shared(
                    person,
                    [
                        (kind_in(language, each.purpose), end)
                        for each, end in zip(rows, ends, strict=True)
                    ],
                )
            )
    return shown


def _until(grant: Grant) -> str:
    if grant.expires is None:
        return f"until {grant.expires_on}".replace("_", " ")
    return f"through {day_words(grant.expires)} {grant.expires.year}"
