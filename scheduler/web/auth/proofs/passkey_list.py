"""Somebody's own passkeys: listed with name and last use, one added, one ended; what the pages of
staff and of patients and relatives share.
"""

from typing import Any

from flask import flash, request

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import (
    PasskeyRefused,
    add_passkey,
    end_passkeys,
    passkeys_of,
)
from scheduler.people.models import Person
from scheduler.web.auth.kept_device import local_day
from scheduler.web.auth.proofs.passkey_letter import mail_passkey_added
from scheduler.web.auth.proofs.passkey_site import asks_to_make, door_to, note_refused
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.page import sentence

PURPOSE = "add"
NAME, FIELD = "name", "credential"
ADDED = N_("Your passkey is added. You can sign in with it from now on.")
ENDED = N_("Done. That passkey signs nobody in any more.")
NOT_ADDED = N_(
    "The passkey was not added: your device did not say that it is you, or it took too long. Try "
    "again."
)


def passkeys_shown(person: Person) -> list[dict[str, Any]]:
    """Return a person's passkeys as their page lists them, days as they are where the person is."""
    language, shown = reader_language(), []
    for row in passkeys_of(person):
        if row.used_at:
            used = day_in(language, local_day(row.used_at, person))
        else:
            used = ""
        made = day_in(language, local_day(row.made_at, person))
        shown.append({"id": row.id, "name": row.name, "made": made, "used": used})
    return shown


def what_to_make(person: Person) -> str:
    """Return what a person's device is asked to make; "" where this address has no passkeys."""
    door = door_to(PURPOSE, person)
    if door is not None:
        return asks_to_make(door, person)
    return ""


def add_shown(person: Person) -> dict[str, str]:
    """Add what the form brings to a person's passkeys and tell them by letter; return what is
    wrong, by field. Commits.
    """
    words = catalog(reader_language())
    door = door_to(PURPOSE, person)
    try:
        if door is None:
            raise PasskeyRefused("this address has none")
        name = request.form.get(NAME, "")
        moment = now()
        made = add_passkey(
            person,
            request.form.get(FIELD, ""),
            name,
            door,
            now=moment,
        )
        mail_passkey_added(person, made.id, now=moment)
    except PasskeyRefused as refused:
        db.session.rollback()
        note_refused(str(refused), person.id)
        return {FIELD: words(NOT_ADDED)}
    except InputError as error:
        db.session.rollback()
        return {NAME: sentence(error)}
    db.session.commit()
    flash(words(ADDED))
    return {}


def end_named(person: Person) -> None:
    """End the passkey that the form names; one that has ended before is no error. Commits."""
    row = request.form.get("device", "")
    end_passkeys(
        person,
        [row],
        by=person.key,
        now=now(),
    )
    db.session.commit()
    flash(catalog(reader_language())(ENDED))
