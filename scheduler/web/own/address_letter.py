"""The letter to the address of before, that something about how its owner is reached was changed:
whoever did not change it learns of it.
"""

from datetime import datetime
from enum import StrEnum

from flask import render_template

from scheduler.i18n import N_, catalog
from scheduler.kernel.ids import new_id
from scheduler.outbox import MailWords, Posting, Sender, post
from scheduler.people import practice, sender_name, whom_to_ask
from scheduler.people.models import Person
from scheduler.web.auth.code_letter import ground_for
from scheduler.web.auth.code_rights import standing_grant
from scheduler.web.auth.reader_language import language_on_page


class Changed(StrEnum):
    """What was changed."""

    MAIL = "mail"
    PHONE = "phone"


WORDS = {
    Changed.MAIL: N_("Your mail address was changed. Our letters go to the new one from now on."),
    Changed.PHONE: N_("Your phone number was changed."),
}


def mail_contact_changed(person: Person, changed: Changed, *, now: datetime) -> None:
    """Tell a person, at the address they have at this moment, what was changed on their page."""
    sender = Sender(sender_name(person), practice().outward_email)
    posting = Posting(
        kind="contact",
        key=f"contact:{new_id()}",
        recipient_id=person.id,
        address=person.email,
        ground=ground_for(standing_grant(person, now), covers_until=now),
        due_at=now,
    )
    post(posting, _words(person, changed, sender), sender=sender, now=now)


def _words(person: Person, changed: Changed, sender: Sender) -> MailWords:
    language = language_on_page(person)
    _ = catalog(language)
    told = {
        "said": _(WORDS[changed]),
        "sender": sender.name,
        "help": whom_to_ask(),
        "language": language,
    }
    text = render_template("own/address_letter.txt", **told)
    html = render_template("own/address_letter.html", **told)
    return MailWords(_("A change in how we reach you"), text, html)
