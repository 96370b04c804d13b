"""What a form says of somebody who is new at the desk, read field by field; what is alike to people
known already is told.
"""

import re
from zoneinfo import available_timezones

from flask import request

from scheduler.clinics import typed_field
from scheduler.i18n import LANGUAGES, N_, catalog
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people import Contact, people_by_address
from scheduler.web.auth.reader_language import reader_language

LABELS = {
    "name": N_("Name"),
    "relationship": N_("Relationship to the patient"),
    "email": N_("Mail address"),
    "phone": N_("Telephone"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "state": N_("State"),
    "key": N_("Key"),
}
NEEDED = ("name", "relationship", "email")
_ID = re.compile(r"[0-9a-f]{32}")


def form_key() -> str:
    """Return what tells this form from every other: sent twice, it makes one person."""
    said = request.form.get("form_key", "")
    return said if _ID.fullmatch(said) else new_id()


def typed_values(fields: list[str]) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return what was typed into these fields, None for what was left empty, and what is wrong."""
    _ = catalog(reader_language())
    values: dict[str, str | None] = {}
    errors = {}
    for field in fields:
        words = request.form.get(field, "").strip()
        values[field] = None
        if not words and field not in NEEDED:
            continue
        try:
            values[field] = typed_field(field, words)
        except InputError as error:
            label = _(LABELS[field])
            errors[field] = f"{label}: {error}"
    return values, errors


def contact_from(values: dict[str, str | None]) -> Contact:
    """Return how somebody is reached, from typed values."""
    return Contact(
        name=values["name"] or "",
        email=values["email"] or "",
        phone=values["phone"],
        zone=values["zone"],
        language=values["language"],
        relationship=values.get("relationship"),
    )


def shared_address(contact: Contact) -> list[str]:
    """Say whose the mail address is already; two people may share a mailbox."""
    _ = catalog(reader_language())
    names = [person.name for person in people_by_address(contact.email)]
    if not names:
        return []
    said = _("{address} is the address of {names} already: letters to both go there.")
    return [said.format(address=contact.email, names=", ".join(names))]


def zones() -> list[str]:
    """Return the time zones to choose from."""
    return sorted(name for name in available_timezones() if "/" in name)


def languages() -> list[tuple[str, str]]:
    """Return the languages that letters are written in."""
    choices = [("", catalog(reader_language()).gettext("English, nothing else was said"))]
    for tag, language in LANGUAGES.items():
        if language.name != LANGUAGES["en"].name:
            choices.append((tag, language.name))
    return choices
