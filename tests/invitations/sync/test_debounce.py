"""Changes within minutes are told together; what presses is told at once. The father stands by."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household, place
from invitations.sync.test_announce import letters, sent, shown, told, words
from scheduler import consents, outbox
from scheduler.invitations import PATIENCE, announce
from scheduler.invitations.model.models import Pause
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.programs import Kind
from scheduler.sessions.models import Session, Status

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(home: Household) -> Household:
    """The mother knows of three irregular appointments and of a weekly workshop, the aunt of the
    workshop.
    """
    home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    for day in (1, 3, 11):
        home.appointment(day, week=day, slot=f"fam{day}.p-1")
    for week in range(3):
        home.slot(2 + 7 * week)
    told()
    sent()
    return home


def appointments() -> list[Session]:
    rows = select(Session).where(Session.kind == Kind.FAMILY_THERAPY).order_by(Session.starts_at)
    return list(db.session.scalars(rows))


def workshops() -> list[Session]:
    rows = select(Session).where(Session.kind == Kind.FAMILY_WORKSHOP).order_by(Session.starts_at)
    return list(db.session.scalars(rows))


def move(session: Session, days: int) -> None:
    place(
        session,
        datetime.fromisoformat(session.starts_local) + timedelta(days=days),
        session.minutes,
    )
    db.session.flush()


def tick(after: timedelta) -> list[Letter]:
    """Let the worker look, and give the letters it writes, first the one that the others refer
    to.
    """
    before = {letter.id for letter in letters()}
    announce(by="worker", now=NOW + after, patience=PATIENCE)
    new = [letter for letter in letters() if letter.id not in before]
    return sorted(new, key=lambda letter: b"\nReferences:" in letter.mime)


def waiting() -> list[str]:
    return sorted(db.session.scalars(select(Pause.person_id)))


def test_changes_within_minutes_are_one_letter_from_what_was_to_what_is(home: Household) -> None:
    """E9."""
    one = appointments()[0]
    move(one, 1)
    assert tick(MINUTE) == []
    move(one, 1)
    assert tick(2 * MINUTE) == []
    assert waiting() == [home.mother.id]
    (letter,) = tick(MINUTE + PATIENCE)

    assert (letter.sequence, waiting()) == (1, [])
    assert [words(letter).count(day) for day in ("Tue ", "Wed ", "Thu ")] == [1, 0, 1]


def test_change_taken_back_within_minutes_was_never_told(home: Household) -> None:
    one = appointments()[0]
    move(one, 1)
    tick(MINUTE)
    move(one, -1)

    assert (tick(2 * MINUTE), waiting()) == ([], [])
    move(one, 1)
    assert tick(10 * MINUTE) == []


def test_changes_of_several_entries_within_minutes_are_told_in_one_letter(home: Household) -> None:
    """A letter for each entry, because calendars read one UID a mail; the first tells all, the
    others belong to it.
    """
    for number, one in enumerate(appointments()):
        move(one, 1)
        assert tick(number * MINUTE) == []
    lead, *rest = tick(PATIENCE)

    assert len(rest) == 2
    assert {letter.mime.split(b"Subject:")[1].split(b"\r\n")[0] for letter in rest} == {
        lead.mime.split(b"Subject:")[1].split(b"\r\n")[0]
    }
    assert [
        f"References: {lead.message_id}".encode() in letter.mime for letter in (lead, *rest)
    ] == [False, True, True]
    told_all = words(lead)
    assert [told_all.count(day) for day in ("Tue ", "Wed ", "Thu ", "Fri ", "Sat ")] == [
        1,
        1,
        1,
        2,
        1,
    ]
    assert [words(each).startswith("This belongs to the message") for each in rest] == [True, True]
    assert {len(shown(each).times) for each in (lead, *rest)} == {1}
    assert {each.address for each in (lead, *rest)} == {"m@family.example"}


def test_letter_that_tells_all_leaves_before_those_that_belong_to_it(home: Household) -> None:
    """Whatever their numbers and ids are: here what tells all has the highest number of its
    person.
    """
    soonest = appointments()[0]
    for again in range(1, 4):
        place(
            soonest, datetime.fromisoformat(soonest.starts_local) + again * MINUTE, soonest.minutes
        )
        db.session.flush()
        announce(by="command", now=NOW + again * MINUTE)
        sent()
    for one in appointments():
        move(one, 1)
    tick(10 * MINUTE)
    lead, *rest = tick(20 * MINUTE)
    assert (lead.sequence, {each.sequence for each in rest}) == (4, {1})
    assert ({each.follows for each in rest}, lead.follows) == ({lead.id}, None)

    assert outbox.claim("a", now=NOW + 20 * MINUTE) == [lead.id]
    db.session.refresh(lead)
    lead.state, lead.phase, lead.lease_until = LetterState.SENT, None, None
    db.session.flush()
    assert set(outbox.claim("a", now=NOW + 20 * MINUTE)) == {each.id for each in rest}


def test_withdrawal_of_one_consent_keeps_in_what_it_covers_and_nothing_else(
    home: Household,
) -> None:
    """Why one letter tells no more than one grant: of two changes of one night each stands on a
    consent of its own.
    """
    therapy, workshop = appointments()[0], workshops()[0]
    move(therapy, 1)
    move(workshop, 2)
    tick(MINUTE)
    hers = {
        letter.purpose: letter
        for letter in tick(MINUTE + PATIENCE)
        if letter.address == "m@family.example"
    }
    assert sorted(hers) == ["family_therapy", "family_workshop"]

    consents.revoke(
        person=home.mother,
        patient=home.jordan,
        purposes=(Kind.FAMILY_THERAPY,),
        silent=True,
        by="sam",
        now=NOW,
    )
    leaving = outbox.claim("a", now=NOW + 10 * MINUTE)

    assert hers["family_therapy"].id not in leaving
    assert hers["family_workshop"].id in leaving
    assert [
        day for day in ("Tue ", "Wed ", "Thu ", "Fri ") if day in words(hers["family_workshop"])
    ] == [
        "Wed ",
        "Fri ",
    ]


def test_closed_week_is_one_list_for_each_consent(home: Household) -> None:
    """The gate judges a letter by one grant, so a letter tells no more than one grant lets its
    reader know.
    """
    first = min(each.starts_at for each in appointments())
    rows = select(Session).where(Session.starts_at < first + timedelta(days=5))
    for each in db.session.scalars(rows):
        each.status = Status.CANCELLED
    assert tick(MINUTE) == []
    found = tick(MINUTE + PATIENCE)

    hers = [letter for letter in found if letter.address == "m@family.example"]
    named = [
        (letter.purpose, [day for day in ("Tue ", "Wed ", "Thu ") if day in words(letter)])
        for letter in hers
    ]
    therapy = sorted(days for purpose, days in named if purpose == "family_therapy")
    assert therapy[-1] == ["Tue ", "Thu "]
    assert sorted(purpose or "" for purpose, _ in named) == [
        "family_therapy",
        "family_therapy",
        "family_workshop",
    ]
    assert [days for purpose, days in named if purpose == "family_workshop"] == [["Wed "]]
    assert [letter.purpose for letter in found if letter.address == "a@family.example"] == [
        "family_workshop"
    ]


def test_withdrawal_never_waits_and_takes_along_what_waited(home: Household) -> None:
    move(appointments()[0], 1)
    tick(MINUTE)
    consents.revoke(person=home.mother, patient=home.jordan, by="sam", now=NOW)

    found = tick(2 * MINUTE)

    assert {shown(letter).method for letter in found} == {"CANCEL"}
    assert (len(found), waiting()) == (4, [])


def test_change_of_what_begins_within_a_day_does_not_wait(home: Household) -> None:
    one = appointments()[0]
    soon = one.starts_at - NOW - timedelta(hours=20)
    one.status = Status.CANCELLED

    (letter,) = tick(soon)

    assert (letter.kind, waiting()) == ("cancellation", [])


def test_meeting_moved_to_within_a_day_does_not_wait(home: Household) -> None:
    last = appointments()[-1]
    before = appointments()[0].starts_at - NOW - timedelta(hours=30)
    place(
        last,
        datetime.fromisoformat(appointments()[0].starts_local) - timedelta(hours=10),
        last.minutes,
    )
    db.session.flush()

    (letter,) = tick(before)

    assert letter.kind == "update"


def test_new_address_does_not_wait(home: Household) -> None:
    """What lies ahead is taken out of a mailbox that may be somebody else's."""
    move(appointments()[0], 1)
    tick(MINUTE)
    home.mother.email = "dl@family.example"

    assert {letter.address for letter in tick(2 * MINUTE)} == {
        "m@family.example",
        "dl@family.example",
    }


def test_invitation_to_something_new_alone_does_not_wait(home: Household) -> None:
    home.appointment(20, week=20, slot="fam20.p-1")

    (letter,) = tick(MINUTE)

    assert letter.kind == "invitation"


def test_invitation_waits_behind_a_change_of_the_same_person(home: Household) -> None:
    """Letters keep their order: nobody is invited to the new before the old has gone."""
    move(appointments()[0], 1)
    home.appointment(20, week=20, slot="fam20.p-1")

    assert tick(MINUTE) == []
    assert sorted(letter.kind for letter in tick(MINUTE + PATIENCE)) == ["invitation", "update"]


def test_one_person_waits_and_another_does_not(home: Household) -> None:
    move(appointments()[0], 1)
    home.aunt.email = "lu@family.example"

    assert {letter.address for letter in tick(MINUTE)} == {"a@family.example", "lu@family.example"}
    assert waiting() == [home.mother.id]


def test_command_tells_at_once_what_waits(home: Household) -> None:
    """Publishing and `worker drain` are asked for by a person: they tell all that is true now."""
    move(appointments()[0], 1)
    tick(MINUTE)

    assert [each.kind for each in announce(by="command", now=NOW + 2 * MINUTE)] == ["update"]
    assert waiting() == []
