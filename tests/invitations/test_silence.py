"""What was said to be gone and never left the house: silence, and a withdrawal in between. The
father stands by.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendar_client import CalendarClient
from household import MONDAY, NOW, Household
from invitations.sync.test_announce import judge, letters, sent
from scheduler import consents
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import LetterState
from scheduler.programs import Kind
from scheduler.sessions.models import Session

SECOND_WEEK = datetime.combine(MONDAY + timedelta(days=7), NOW.timetz())
"""After the first date, before the second."""


@pytest.fixture
def told(home: Household) -> list[Session]:
    """The mother knows five weekly dates."""
    home.consent()
    sessions = [home.appointment(1 + 7 * week, week=week) for week in range(5)]
    tell(NOW)
    return sessions


@pytest.fixture
def weeks(home: Household, told: list[Session]) -> list[Session]:
    """After the first she is silently taken out."""
    consents.revoke(
        person=home.mother, patient=home.jordan, silent=True, by="command", now=SECOND_WEEK
    )
    tell(SECOND_WEEK)
    return told


def tell(now: datetime) -> list[tuple[str, str]]:
    """Announce, let it leave, and give kind and address of what left."""
    before = {letter.id for letter in letters()}
    announce(by="command", now=now)
    sent()
    new = [
        letter
        for letter in letters()
        if letter.id not in before and letter.state is LetterState.SENT
    ]
    for letter in new:
        judge(letter)
    return sorted((letter.kind, letter.address) for letter in new)


def ahead(address: str) -> list[datetime]:
    """Read all letters to an address in a right calendar program, and give what lies ahead
    there.
    """
    client = CalendarClient(address)
    left = [one for one in letters() if one.address == address and one.state is LetterState.SENT]
    for letter in sorted(left, key=lambda one: one.sequence or 0):
        client.receive(letter.mime)
    return [start for start, _ in client.shows() if start > SECOND_WEEK]


def read_in(session: Session, zone: str) -> None:
    """The clinic moves to another zone: the wall clock says the same there."""
    session.zone = zone
    session.starts_at = (
        datetime.fromisoformat(session.starts_local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    )
    session.ends_at = session.starts_at + timedelta(minutes=session.minutes)
    db.session.flush()


def test_consent_given_again_after_silence_and_a_new_zone_shows_nothing_twice(
    home: Household, weeks: list[Session]
) -> None:
    """Nothing was told while it was silent, so what goes is told under the new consent, with what
    comes.
    """
    for session in weeks[1:]:
        read_in(session, "Africa/Cairo")
    home.consent()

    assert tell(SECOND_WEEK + timedelta(minutes=1)) == [
        ("cancellation", "m@family.example"),
        *[("invitation", "m@family.example")] * 4,
    ]
    assert ahead("m@family.example") == [session.starts_at for session in weeks[1:]]
    assert tell(SECOND_WEEK + timedelta(minutes=2)) == []


def test_what_silence_left_at_an_old_address_is_left_there(
    home: Household, weeks: list[Session]
) -> None:
    """It may be somebody else's by now, and they asked for nothing."""
    for session in weeks[1:]:
        read_in(session, "Africa/Cairo")
    home.mother.email = "new@family.example"
    home.consent()

    assert tell(SECOND_WEEK + timedelta(minutes=1)) == [("invitation", "new@family.example")] * 4
    assert ahead("new@family.example") == [session.starts_at for session in weeks[1:]]


def test_what_goes_with_a_letter_that_waits_is_not_taken_out_again(
    home: Household, weeks: list[Session]
) -> None:
    """The mail server is away: a worker comes by many times before the letter leaves."""
    for session in weeks[1:]:
        read_in(session, "Africa/Cairo")
    home.consent()
    announce(by="command", now=SECOND_WEEK + timedelta(minutes=1))

    assert announce(by="command", now=SECOND_WEEK + timedelta(minutes=2)) == []


def test_what_silence_left_stays_while_they_are_told_nothing_of_it(
    home: Household, weeks: list[Session]
) -> None:
    for session in weeks[1:]:
        read_in(session, "Africa/Cairo")
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.slot(10)

    assert tell(SECOND_WEEK + timedelta(minutes=1)) == [("invitation", "m@family.example")]


def test_withdrawal_takes_out_what_a_waiting_letter_was_about_to(
    home: Household, told: list[Session]
) -> None:
    """That letter told of a series parted in two, under the consent that ended; so it could not
    leave.
    """
    for session in told[1:]:
        read_in(session, "Africa/Cairo")
    announce(by="command", now=SECOND_WEEK)
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=SECOND_WEEK)
    db.session.expire_all()

    assert tell(SECOND_WEEK + timedelta(minutes=1)) == [("cancellation", "m@family.example")]
    assert ahead("m@family.example") == []
    assert tell(SECOND_WEEK + timedelta(minutes=2)) == []


def test_silent_withdrawal_keeps_in_what_a_waiting_letter_was_about_to_say(
    home: Household, told: list[Session]
) -> None:
    starts = [session.starts_at for session in told[1:]]
    for session in told[1:]:
        read_in(session, "Africa/Cairo")
    announce(by="command", now=SECOND_WEEK)
    consents.revoke(
        person=home.mother, patient=home.jordan, silent=True, by="command", now=SECOND_WEEK
    )
    db.session.expire_all()

    assert tell(SECOND_WEEK + timedelta(minutes=1)) == []
    assert ahead("m@family.example") == starts
