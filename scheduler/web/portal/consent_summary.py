"""Who may know what of a patient and until when, in words."""

from dataclasses import dataclass
from datetime import datetime

from scheduler import consents
from scheduler.kernel.clock import now
from scheduler.people import practice, relatives_of
from scheduler.people.models import Person
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.portal.consent_form import until_words


@dataclass(frozen=True, slots=True)
class Shared:
    """One relative and what they may know, in words, with the day each ends."""

    person: Person
    lines: list[tuple[str, str]]
    waits: bool = False
    """Whether they are not invited yet: a clinician talks with them first."""


def shared_with(patient: Person, language: str) -> list[Shared]:
    """Return who may know what, as it is read in a language."""
    zone = practice().zone
    moment = now()
    shown = []
    for relative in relatives_of(patient):
        lines = []
        for grant in consents.standing_grants(relative, patient):
            if grant.valid_until > moment:
                end = until_words(language, grant, zone)
                lines.append((kind_in(language, grant.purpose), end))
        if lines:
            shown.append(Shared(relative, lines, waits=_waits(relative, moment)))
    return shown


def _waits(relative: Person, moment: datetime) -> bool:
    today = practice().day_at(moment)
    return relative.relative is not None and not relative.relative.is_ready(today)


def relative_by_key(key: str, patient: Person) -> Person | None:
    """Return the relative of a patient with this key, None where there is none."""
    relatives = {relative.key: relative for relative in relatives_of(patient)}
    return relatives.get(key)
