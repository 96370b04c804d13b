"""The letters about how somebody is reached: the code that proves a new address, and the word to
the address of before, so that whoever did not change it learns of it.
"""

from datetime import datetime
from enum import StrEnum

from flask import render_template

from scheduler.consents import ground_for, standing_grant
from scheduler.i18n import N_, catalog
from scheduler.invitations import code_words
from scheduler.kernel.ids import new_id
from scheduler.outbox import MailWords, Posting, Sender, post
from scheduler.people import practice, sender_name, whom_to_ask
from scheduler.people.models import Person, PersonKind
from scheduler.web.auth.reader_language import language_on_page


class Changed(StrEnum):
    """What was changed."""

    MAIL = "mail"
    PHONE = "phone"


WORDS = {
    Changed.MAIL: N_("Your mail address was changed. Our letters go to the new one from now on."),
    Changed.PHONE: N_("Your phone number was changed."),
}


def mail_code_to(
    person: Person, address: str, code: str, *, until: datetime, now: datetime
) -> None:
    """Mail a code to an address that its person wants and has not proved yet."""
    sender = Sender(sender_name(person), practice().outward_email)
    posting = Posting(
        kind="code",
        key=f"code:{new_id()}",
        recipient_id=person.id,
        address=address,
        ground=ground_for(standing_grant(person, now)),
        due_at=now,
        not_after=until,
    )
    words = code_words(code, sender.name, language_on_page(person), whom_to_ask())
    post(posting, words, sender=sender, now=now)


def mail_contact_changed(person: Person, changed: Changed, *, now: datetime) -> None:
    """Tell a person, at the address they have at this moment, what was changed on their page;
    nothing to a relative whom no consent lets be written to.
    """
    grant = standing_grant(person, now)
    if person.kind is PersonKind.RELATIVE and grant is None:
        return
    sender = Sender(sender_name(person), practice().outward_email)
    posting = Posting(
        kind="contact",
        key=f"contact:{new_id()}",
        recipient_id=person.id,
        address=person.email,
        ground=ground_for(grant, covers_until=now),
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
