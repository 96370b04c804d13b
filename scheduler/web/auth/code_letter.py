"""The letter with a one-time code: neutral, to the person's own address, and to a relative only
under a valid grant.
"""

from collections.abc import Iterable
from datetime import datetime

from flask import render_template

from scheduler.consents import good_grants
from scheduler.consents.model.models import Grant
from scheduler.i18n import catalog, language_for
from scheduler.kernel.ids import new_id
from scheduler.outbox import Draft, Sender, compose, enqueue, message_id_for
from scheduler.outbox.models import Basis
from scheduler.people import CODE_LASTS, code_hash, new_code, practice
from scheduler.people.models import Person, PersonKind


def mail_codes(people: Iterable[Person], *, now: datetime) -> None:
    """Mail a code to each of `people` who may have one; for nobody the work is the same."""
    known = [person for person in people if may_have_code(person, now)]
    for person in known:
        _mail(person, now)
    if not known:
        code_hash("000000", new_id())


def may_have_code(person: Person, now: datetime) -> bool:
    """True if a person signs in by code: a patient always, a relative while a grant of theirs
    is valid.
    """
    return person.kind is PersonKind.PATIENT or standing_grant(person, now) is not None


def standing_grant(person: Person, now: datetime) -> Grant | None:
    """Return the grant of a ready relative that holds longest from now on."""
    return next(iter(good_grants(person, now=now)), None)


def _mail(person: Person, now: datetime) -> None:
    letter_id = new_id()
    grant = standing_grant(person, now)
    mime, message_id = _message(
        person,
        new_code(person, now=now),
        letter_id,
        now,
    )
    draft = Draft(
        dedupe_key=f"code:{letter_id}",
        kind="code",
        recipient_id=person.id,
        address=person.email,
        basis=Basis.GRANT if grant else Basis.SELF,
        mime=mime,
        message_id=message_id,
        due_at=now,
        id=letter_id,
        grant_id=grant.id if grant else None,
        subject_id=grant.patient_id if grant else None,
        purpose=grant.purpose if grant else None,
        not_after=now + CODE_LASTS,
    )
    enqueue(draft, now=now)


def _message(person: Person, code: str, letter_id: str, now: datetime) -> tuple[bytes, str]:
    house = practice()
    sender = Sender(house.outward_name, house.outward_email)
    _ = catalog(person.language)
    message_id = message_id_for(letter_id, sender)
    told = {"code": code, "sender": sender.name, "language": language_for(person.language)}
    mime = compose(
        sender=sender,
        recipient=person.email,
        subject=_("Your code"),
        text=render_template("auth/code_letter.txt", **told),
        html=render_template("auth/code_letter.html", **told),
        message_id=message_id,
        now=now,
    )
    return mime, message_id
