"""What a patient chose for one relative, read from a form, and the statement it makes."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import request

from scheduler.consents import NEWEST, Blanks, statement_lines
from scheduler.consents.model.models import Ending, Grant
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.web.parts.family_times import day_in
from scheduler.web.portal.consent_give_words import (
    AS_PLANNED,
    ENDS,
    UNTIL_DAY,
    UNTIL_EVENT,
    WORDS,
    Words,
)

LONGEST = timedelta(days=731)
"""How far ahead a consent may end that is given here."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The purposes and the end, and the language it is read in."""

    language: str
    purposes: tuple[Kind, ...]
    expires: date | None
    ending: Ending | None

    @property
    def others(self) -> bool:
        """Whether other families see them: a multi-family group cannot be otherwise."""
        return Kind.MULTI_FAMILY_GROUP in self.purposes

    @property
    def words(self) -> Words:
        """The page's words in the language chosen."""
        return WORDS[self.language]

    def fields(self) -> list[tuple[str, str]]:
        """Return the form's fields that say this choice again, on the next page."""
        until = (
            [("until", self.ending.value)]
            if self.ending
            else [("until", "day")]
            if self.expires
            else []
        )
        day = [("day", self.expires.isoformat())] if self.expires else []
        return [
            ("lang", self.language),
            *(("purpose", each.value) for each in self.purposes),
            *until,
            *day,
        ]

    def problems(self, person: Person, today: date) -> dict[str, str]:
        """Return what is wrong, by field."""
        found = {}
        if not self.purposes:
            found["purpose"] = self.words.no_purpose.format(person=person.name)
        if self.ending is None and self.expires is None:
            found["until"] = (
                self.words.bad_day if request.form.get("until") == "day" else self.words.no_end
            )
        elif self.expires is not None and not today <= self.expires <= today + LONGEST:
            found["until"] = self.words.bad_day
        return found

    def lines(self, patient: Person, person: Person) -> list[str]:
        """Return what would be signed."""
        end = end_words(self.language, self.expires, self.ending)
        house = practice().name
        blanks = Blanks(patient.name, person.name, house, self.purposes, self.others, end)
        return statement_lines(NEWEST, self.language, blanks)


def language_of(patient: Person, usual: str | None = None) -> str:
    """Return the language asked for, else the `usual` one or the patient's own; English for all we
    do not write.
    """
    asked = (
        request.values.get("lang") or (usual or patient.language or "en").partition("-")[0].lower()
    )
    return asked if asked in WORDS else "en"


def chosen(patient: Person) -> Choice:
    """Read the form; nonsense is left out and found by `problems`."""
    until, day = request.form.get("until"), request.form.get("day", "")
    kinds = [each for each in sorted(FAMILY_KINDS) if each.value in request.form.getlist("purpose")]
    ending = Ending.PROGRAM_END if until == Ending.PROGRAM_END.value else None
    return Choice(language_of(patient), tuple(kinds), _day(day) if until == "day" else None, ending)


def end_words(language: str, expires: date | None, ending: Ending | None) -> str:
    """Say the end as a statement says it."""
    language = language if language in ENDS else "en"
    on_a_day, with_program, with_discharge = ENDS[language]
    if expires is None:
        return with_discharge if ending is Ending.DISCHARGE else with_program
    return on_a_day.format(date=day_in(language, expires))


def until_words(language: str, grant: Grant, zone: str) -> str:
    """Say until when a grant holds; an event with the day of `zone` that it means as planned
    today.
    """
    last = (grant.valid_until - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    if grant.expires_on is None:
        return UNTIL_DAY[language].format(day=day_in(language, grant.expires or last))
    return planned_words(language, UNTIL_EVENT[language][grant.expires_on], last)


def planned_words(language: str, event: str, day: date | None) -> str:
    """Put behind an event the day it falls on as planned today, where that is known."""
    return AS_PLANNED[language].format(event=event, day=day_in(language, day)) if day else event


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
