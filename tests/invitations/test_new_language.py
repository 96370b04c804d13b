"""Somebody takes another language: what waits to leave is written in it, in place of the letter
that waits, and the same human is written to in it wherever they are entered. The father without
consent stands by, and gets nothing.
"""

from dataclasses import replace
from datetime import timedelta

from household import NOW, Household
from scheduler.invitations import announce, change_contact, note_welcome
from scheduler.kernel.database import db
from scheduler.outbox import letter_subject, letters_waiting
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import contact_of
from scheduler.people.models import Person
from scheduler.sessions import cancel, reschedule


def speaks(person: Person, language: str, *, by: str | None = None) -> None:
    contact = replace(contact_of(person), language=language)
    change_contact(person, contact, by=by or person.key, now=NOW)


def waiting(person: Person) -> list[str]:
    """Begin of each subject that waits for somebody."""
    return sorted(letter_subject(letter).split()[0] for letter in letters_waiting([person.id]))


def let_leave(home: Household) -> None:
    for letter in letters_waiting([home.mother.id, home.aunt.id, home.father.id]):
        letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.flush()


def written_to(person: Person) -> int:
    return db.session.query(Letter).filter(Letter.recipient_id == person.id).count()


def test_invitation_that_waits_is_written_in_the_new_language(home: Household) -> None:
    home.consent()
    home.appointment(1)
    announce(by="desk", now=NOW)
    assert waiting(home.mother) == ["Appointment"]

    speaks(home.mother, "es")

    assert waiting(home.mother) == ["Cita"]
    assert announce(by="worker", now=NOW) == []
    assert waiting(home.father) == []


def test_change_and_cancellation_that_wait_are_written_in_the_new_language(
    home: Household,
) -> None:
    home.consent()
    moved, gone = home.appointment(1), home.appointment(8, week=2, slot="two.p-1")
    announce(by="desk", now=NOW)
    let_leave(home)
    later = timedelta(hours=1)
    reschedule(moved, moved.starts_at + later, moved.ends_at + later, by="desk", now=NOW)
    cancel(gone, by="desk", now=NOW)
    announce(by="desk", now=NOW)
    before = waiting(home.mother)

    speaks(home.mother, "pt-BR")

    assert (len(before), waiting(home.mother)) == (2, ["Mudança:", "Mudança:"])
    assert announce(by="worker", now=NOW) == []


def test_letter_that_has_left_comes_once_in_the_old_language(home: Household) -> None:
    home.consent()
    home.appointment(1)
    announce(by="desk", now=NOW)
    let_leave(home)

    speaks(home.mother, "es")

    assert (waiting(home.mother), written_to(home.mother)) == ([], 1)


def test_letter_written_anew_waits_as_long_as_before(home: Household) -> None:
    home.consent()
    home.appointment(1)
    announce(by="desk", now=NOW)
    (letter,) = letters_waiting([home.mother.id])
    letter.due_at = NOW + timedelta(hours=9)
    db.session.flush()

    speaks(home.mother, "es")

    (anew,) = letters_waiting([home.mother.id])
    assert (anew.id != letter.id, anew.due_at) == (True, NOW + timedelta(hours=9))


def test_welcome_that_waits_is_written_in_the_new_language(home: Household) -> None:
    note_welcome(home.jordan, now=NOW)

    speaks(home.jordan, "es")
    speaks(home.jordan, "pt-BR")

    assert waiting(home.jordan) == ["Sua"]
    assert note_welcome(home.jordan, now=NOW) is None


def test_mother_of_two_patients_has_one_language_by_her_own_word(home: Household) -> None:
    home.consent()
    home.consent(home.aunt)
    home.aunt.body_id = home.mother.body_id = home.mother.id
    home.appointment(1)
    home.slot(2)
    announce(by="desk", now=NOW)

    speaks(home.mother, "es")

    assert (home.aunt.language, home.father.language) == ("es", None)
    assert {*waiting(home.mother), *waiting(home.aunt)} == {"Cita"}


def test_word_of_staff_in_one_family_changes_nothing_in_the_other(home: Household) -> None:
    home.aunt.body_id = home.mother.body_id = home.mother.id

    speaks(home.mother, "es", by="desk")

    assert (home.mother.language, home.aunt.language) == ("es", None)
