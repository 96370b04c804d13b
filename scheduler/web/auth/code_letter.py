"""The letter with a one-time code: neutral, to the person's own address, and to a relative only
under a valid grant.
"""

from collections.abc import Iterable
from datetime import datetime

from flask import render_template

from scheduler.consents.model.models import Grant
from scheduler.i18n import catalog
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox import Ground, MailWords, Posting, Sender, post
from scheduler.outbox.models import Basis
from scheduler.people import (
    MadeCode,
    any_patient,
    code_hash,
    new_code,
    practice,
    sender_name,
    whom_to_ask,
)
from scheduler.people.models import Person
from scheduler.web.auth.code_rights import may_have_code, standing_grant
from scheduler.web.auth.known_browser import is_known_to
from scheduler.web.auth.proofs.typed_code import asking_browser, shut_out_here
from scheduler.web.auth.reader_language import language_on_page


def mail_codes(people: Iterable[Person], *, now: datetime) -> None:
    """Mail a code to each of `people` who may have one; for nobody the work is the same."""
    known = [person for person in people if may_have_code(person, now)]
    shut = shut_out_here(known)
    for person in known:
        _mail(person, now, is_shut=person.id in shut)
    if not known:
        _work_for_nobody(now)


def mail_code_to(person: Person, address: str, made: MadeCode, *, now: datetime) -> None:
    """Mail a code to an address that its person wants and has not proved yet."""
    sender = Sender(sender_name(person), practice().outward_email)
    posting = Posting(
        kind="code",
        key=f"code:{new_id()}",
        recipient_id=person.id,
        address=address,
        ground=ground_for(standing_grant(person, now)),
        due_at=now,
        not_after=made.ends_at,
    )
    post(posting, _words(person, made.digits, sender), sender=sender, now=now)


def _work_for_nobody(now: datetime) -> None:
    """Make a code and a letter for somebody else and take both back, so that the answer comes as
    late as to who is known; nothing of it is kept, or leaves.
    """
    stand_in = any_patient()
    if stand_in is None:
        code_hash("000000", new_id())
        return
    with db.session.begin_nested() as part:
        shut_out_here([stand_in])
        _mail(stand_in, now, is_shut=False)
        part.rollback()


def ground_for(grant: Grant | None, *, covers_until: datetime | None = None) -> Ground:
    """Return why somebody is written to who signs in: a relative under `grant`, or themselves."""
    if grant is None:
        return Ground(covers_until=covers_until)
    return Ground(
        Basis.GRANT,
        grant_id=grant.id,
        subject_id=grant.patient_id,
        purpose=grant.purpose,
        covers_until=covers_until,
    )


def _mail(person: Person, now: datetime, *, is_shut: bool) -> None:
    """Mail the code, or that there is none for this browser until the clinic was asked."""
    house = practice()
    sender = Sender(sender_name(person), house.outward_email)
    own = is_known_to(person)
    made = new_code(person, browser=asking_browser(), now=now, own=own)
    posting = Posting(
        kind="code",
        key=f"code:{new_id()}",
        recipient_id=person.id,
        address=person.email,
        ground=ground_for(standing_grant(person, now)),
        due_at=now,
        not_after=made.ends_at,
    )
    words = _words(person, None if is_shut else made.digits, sender)
    post(posting, words, sender=sender, now=now)


def _words(person: Person, code: str | None, sender: Sender) -> MailWords:
    language = language_on_page(person)
    _ = catalog(language)
    told = {
        "code": code,
        "sender": sender.name,
        "help": whom_to_ask(),
        "language": language,
    }
    text = render_template("auth/code_letter.txt", **told)
    html = render_template("auth/code_letter.html", **told)
    subject = _("Your code") if code else _("No code this time")
    return MailWords(subject, text, html)
