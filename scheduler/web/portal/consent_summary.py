"""Who may know what of a patient and until when, in words."""

from dataclasses import dataclass

from scheduler import consents
from scheduler.consents.model.models import Grant
from scheduler.kernel.clock import now
from scheduler.people import practice, relatives_of
from scheduler.people.models import Person
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
    moment = now()
    shown = []
    for relative in relatives_of(patient):
        lines = []
        for grant in consents.standing_grants(relative, patient):
            if grant.valid_until > moment:
                end = until_words(language, grant, zone) if language else _until(grant)
                lines.append((kind_in(language, grant.purpose), end))
        if lines:
            shown.append(Shared(relative, lines))
    return shown


def _until(grant: Grant) -> str:
    if grant.expires is None:
        return f"until {grant.expires_on}".replace("_", " ")
    return f"through {day_words(grant.expires)} {grant.expires.year}"
