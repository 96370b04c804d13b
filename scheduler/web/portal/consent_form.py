"""What a patient chose for one relative, read from a form, and the statement it makes."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import request

from scheduler.consents import NEWEST, Blanks, languages, statement_lines
from scheduler.consents.model.models import Ending, Grant
from scheduler.i18n import N_, catalog
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import first_and_last
from scheduler.people import agreed_words, practice
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.form_fields import date_field

ENDS = {
    "en": ("on {date}", "when my program ends", "when I am discharged"),
    "es": ("el {date}", "cuando termine mi programa", "cuando me den de alta"),
    "pt-BR": ("em {date}", "quando o meu programa terminar", "quando eu receber alta"),
}
"""A date, the program's end, discharge: as a statement says them; signed, so no catalog's."""
UNTIL_EVENT = {
    Ending.PROGRAM_END: N_("until my program ends"),
    Ending.DISCHARGE: N_("until I am discharged"),
}
"""An event that ends a consent, as a patient's list says it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The purposes and the end, and the language it is read in."""

    language: str
    purposes: tuple[Kind, ...]
    expires: date | None
    ending: Ending | None
    letters_from: str | None = None
    """The words that their letters are to come under; None: nothing was said of it."""

    @property
    def others(self) -> bool:
        """Whether other families see them: a multi-family group cannot be otherwise."""
        return Kind.MULTI_FAMILY_GROUP in self.purposes

    def fields(self) -> list[tuple[str, str]]:
        """Return the form's fields that say this choice again, on the next page."""
        fields = [("lang", self.language)]
        for purpose in self.purposes:
            fields.append(("purpose", purpose.value))
        if self.ending:
            fields.append(("until", self.ending.value))
        elif self.expires:
            fields.append(("until", "day"))
        if self.expires:
            fields.append(("day", self.expires.isoformat()))
        if self.letters_from is not None:
            fields.append(("letters_from", self.letters_from))
        return fields

    def problems(self, person: Person, today: date) -> dict[str, str]:
        """Return what is wrong, by field."""
        _ = catalog(self.language)
        found = {}
        bad_day = _("Choose a day from today on, within two years.")
        if not self.purposes:
            missing = _("Choose at least one thing {person} may know of.")
            found["purpose"] = missing.format(person=person.name)
        if self.ending is None and self.expires is None:
            asked = request.form.get("until") == "day"
            found["until"] = bad_day if asked else _("Choose until when.")
        elif self.expires is not None and is_too_far(self.expires, today):
            found["until"] = bad_day
        try:
            agreed_words(self.letters_from or "", person)
        except InputError:
            found["letters_from"] = bad_sender(self.language)
        return found

    @property
    def signed_in(self) -> str:
        """Return the language of the statement: the reader's, English where it is not written."""
        if self.language in languages():
            return self.language
        return "en"

    def lines(self, patient: Person, person: Person) -> list[str]:
        """Return what would be signed."""
        end = end_words(
            self.language,
            self.expires,
            self.ending,
        )
        house = practice().name
        blanks = Blanks(
            patient.name,
            person.name,
            house,
            self.purposes,
            self.others,
            end,
        )
        return statement_lines(NEWEST, self.language, blanks)


def chosen(patient: Person) -> Choice:
    """Read the form; nonsense is left out and found by `problems`."""
    until = request.form.get("until")
    typed = request.form.getlist("purpose")
    return Choice(
        language=reader_language(),
        purposes=tuple(kind for kind in sorted(FAMILY_KINDS) if kind.value in typed),
        expires=date_field("day") if until == "day" else None,
        ending=Ending.PROGRAM_END if until == Ending.PROGRAM_END.value else None,
        letters_from=request.form.get("letters_from"),
    )


def ending_between(today: date) -> tuple[date, date]:
    """Return between which days a consent may end that is given here."""
    return first_and_last(today, years_back=0)


def is_too_far(day: date, today: date) -> bool:
    """True if no consent that is given here may end on a day."""
    first, last = ending_between(today)
    return not first <= day <= last


def bad_sender(language: str | None) -> str:
    """Return what is said of words that no letter may come under."""
    return catalog(language).gettext(
        "Choose other words: a name or two, at most 40 letters, and nothing about your care."
    )


def end_words(language: str, expires: date | None, ending: Ending | None) -> str:
    """Return the end as a statement says it."""
    language = language if language in ENDS else "en"
    on_a_day, with_program, with_discharge = ENDS[language]
    if expires is None:
        return with_discharge if ending is Ending.DISCHARGE else with_program
    return on_a_day.format(date=day_in(language, expires))


def until_words(language: str, grant: Grant, zone: str) -> str:
    """Return until when a grant holds; an event with the day of `zone` that it means as planned
    today.
    """
    last = (grant.valid_until - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    if grant.expires_on is None:
        said = catalog(language).gettext("through {day}")
        return said.format(day=day_in(language, grant.expires or last))
    return planned_words(
        language,
        catalog(language)(UNTIL_EVENT[grant.expires_on]),
        last,
    )


def planned_words(language: str, event: str, day: date | None) -> str:
    """Return an event with the day it falls on as planned today, where that is known: signed is the
    event, so the day may still change.
    """
    if day is None:
        return event
    said = catalog(language).gettext("{event} ({day} as planned today)")
    return said.format(event=event, day=day_in(language, day))
