"""A relative's letters come under the words that the patient agreed with them."""

from email import message_from_bytes, policy

from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import announce, note_welcome
from scheduler.kernel.database import db
from scheduler.outbox import letter_subject, letter_words
from scheduler.outbox.models import Letter
from scheduler.people import Help, agree_sender, practice


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).order_by(Letter.address)))


def test_invitation_comes_under_the_agreed_words_and_no_other_does(home: Household) -> None:
    """The aunt is of another family, the father has no consent."""
    home.consent()
    home.consent(home.aunt)
    home.appointment(1)
    home.appointment(2, slot="fam.p-2")
    agree_sender(home.mother, "Anna from SP", by="p-1", now=NOW)

    announce(by="worker", now=NOW)

    mother = next(letter for letter in letters() if letter.address == "m@family.example")
    message = message_from_bytes(mother.mime, policy=policy.default)
    others = {str(message_from_bytes(letter.mime)["From"]) for letter in letters()} - {
        str(message["From"])
    }
    assert str(message["From"]) == "Anna from SP <calendar@sp-cal.example>"
    assert letter_words(mother).startswith("Anna from SP invites you.")
    assert others <= {"SP Calendar <calendar@sp-cal.example>"}


def test_welcome_is_written_once_and_says_whom_to_ask(home: Household) -> None:
    practice().help = Help("+1 212 555 0100", None, None)

    first = note_welcome(home.jordan, now=NOW)
    again = note_welcome(home.jordan, now=NOW)

    (letter,) = letters()
    words = letter_words(letter)
    assert (first, again) == (letter.id, None)
    assert letter_subject(letter) == "Your page is ready"
    assert "Whom to ask: +1 212 555 0100" in words
