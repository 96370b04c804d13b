"""What a body says of a person, read field by field as a clinic file is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from scheduler.clinics import typed_field
from scheduler.kernel.errors import InputError, InvalidFile, Problem
from scheduler.kernel.untrusted.day_bounds import YEARS, refuse_far
from scheduler.people import Contact, practice
from scheduler.web.api.door.field_schemas import FREE, KEY, TEXT, or_null

WORDS = frozenset({"name", "relationship", "email", "phone", "zone", "language", "state", "key"})
REACHED = {
    "name": TEXT,
    "email": TEXT,
    "phone": or_null(TEXT),
    "zone": or_null(TEXT),
    "language": or_null(TEXT),
    "free": FREE,
}
"""How somebody is reached and when they are free, as a body may say it."""
NEW_KEY = {"key": KEY}


def typed_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said in words as the house keeps it. Raises InvalidFile by place."""
    values: dict[str, Any] = {}
    problems = []
    for name in sorted(WORDS & body.keys()):
        said = body[name]
        values[name] = None
        if said is None:
            continue
        try:
            values[name] = typed_field(name, said)
        except InputError as error:
            problem = Problem(name, str(error))
            problems.append(problem)
    if problems:
        raise InvalidFile(problems)
    return values


def new_contact(words: Mapping[str, Any]) -> Contact:
    """Return how somebody new is reached."""
    return Contact(
        name=words["name"],
        email=words["email"],
        phone=words.get("phone"),
        zone=words.get("zone"),
        language=words.get("language"),
        relationship=words.get("relationship"),
    )


def contact_with(before: Contact, words: Mapping[str, Any]) -> Contact:
    """Return how somebody is reached with what is said over what was."""
    contact = before
    for name in ("name", "email", "phone", "zone", "language", "relationship"):
        if name in words:
            contact = replace(contact, **{name: words[name]})
    return contact


def day_said(
    body: Mapping[str, Any],
    name: str,
    *,
    now: datetime,
    years_back: int = YEARS,
    years_ahead: int = YEARS,
) -> date | None:
    """Return a day of a body, None where it says none. Raises InvalidFile for one that lies farther
    from today.
    """
    said = body.get(name)
    if not said:
        return None
    day = date.fromisoformat(said)
    try:
        refuse_far(
            day,
            practice().day_at(now),
            years_back=years_back,
            years_ahead=years_ahead,
        )
    except InputError as error:
        raise InvalidFile([Problem(name, str(error))]) from error
    return day


def day_needed(body: Mapping[str, Any], name: str, *, now: datetime) -> date:
    """Return a day that a body must say. Raises InvalidFile."""
    day = day_said(body, name, now=now)
    if day is None:
        raise InvalidFile([Problem(name, "say the day")])
    return day
