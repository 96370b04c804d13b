"""Reading what a form brought, where it must be a day or one of a few values."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import g, request

from scheduler.i18n import catalog, full_date
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import first_and_last
from scheduler.people import practice

Choice = TypeVar("Choice", bound=StrEnum)


def date_field(name: str) -> date | None:
    """Return the day typed into a field, None without one."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


class BadDay(InputError):
    """What was typed into `field` is no day, or lies too far away."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def bounded_date_field(name: str, *, years_back: int = 2, years_ahead: int = 2) -> date | None:
    """Return the day typed into a field, None where it is left empty. Raises BadDay for what is no
    day, and for one outside these years: a mistyped year must not be taken, nor left out.
    """
    if not request.form.get(name, "").strip():
        return None
    today = practice().day_at(now())
    first, last = first_and_last(today, years_back=years_back, years_ahead=years_ahead)
    day = date_field(name)
    if day is None or not first <= day <= last:
        language: str | None = g.get("language")
        said = catalog(language).gettext("Give a day between {first} and {last}.")
        words = said.format(first=full_date(first, language), last=full_date(last, language))
        raise BadDay(name, words)
    return day


def enum_field(name: str, choices: type[Choice]) -> Choice | None:
    """Return what was chosen in a field, None where it is none of the choices."""
    try:
        return choices(request.form.get(name, ""))
    except ValueError:
        return None
