"""Reading what a form brought, where it must be a day or one of a few values."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

Choice = TypeVar("Choice", bound=StrEnum)


def date_field(name: str) -> date | None:
    """Return the day typed into a field, None without one."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def enum_field(name: str, choices: type[Choice]) -> Choice | None:
    """Return what was chosen in a field, None where it is none of the choices."""
    try:
        return choices(request.form.get(name, ""))
    except ValueError:
        return None
