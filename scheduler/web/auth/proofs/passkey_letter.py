"""The letter that tells an owner of a new passkey: neutral, to their own address, and to a relative
only under a valid grant.
"""

from datetime import datetime

from flask import render_template

from scheduler.consents import ground_for, standing_grant
from scheduler.i18n import catalog
from scheduler.outbox import MailWords, Posting, Sender, post
from scheduler.people import practice, sender_name, whom_to_ask
from scheduler.people.models import Person
from scheduler.web.auth.reader_language import language_on_page


def mail_passkey_added(person: Person, passkey_id: str, *, now: datetime) -> None:
    """Tell a person by letter that a passkey (id) was added for them; once a passkey."""
    grant = standing_grant(person, now)
    if person.relative is not None and grant is None:
        return
    sender = Sender(sender_name(person), practice().outward_email)
    posting = Posting(
        kind="passkey",
        key=f"passkey:{passkey_id}",
        recipient_id=person.id,
        address=person.email,
        ground=ground_for(grant, covers_until=now),
        due_at=now,
    )
    post(posting, _words(person, sender), sender=sender, now=now)


def _words(person: Person, sender: Sender) -> MailWords:
    language = language_on_page(person)
    told = {"sender": sender.name, "help": whom_to_ask(), "language": language}
    text = render_template("auth/passkey_letter.txt", **told)
    html = render_template("auth/passkey_letter.html", **told)
    return MailWords(catalog(language)("A new way to sign in"), text, html)
