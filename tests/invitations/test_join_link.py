"""The calendar entry carries the reader's own link to join, wherever a program shows one, and never
the room.
"""

import email

import pytest
import vobject
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import announce, join_link, link
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import choose_calendar
from scheduler.people.models import Person, Way
from scheduler.programs.models import VideoRoom


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    """The mother and Jordan are invited to one session in a room."""
    home = sqlite_home
    home.consent()
    room = VideoRoom(key="room-a", url="https://video.example/a", dial_in="+16175550100")
    home.appointment(1).room = room
    choose_calendar(home.jordan, way=Way.INVITATIONS, first_names=False, by="p-1", now=NOW)
    announce(by="command", now=NOW)
    return home


def letter_to(person: Person) -> Letter:
    return db.session.scalars(select(Letter).where(Letter.recipient_id == person.id)).one()


@pytest.mark.parametrize("who", ["mother", "jordan"])
def test_link_stands_in_description_url_and_conference_i1(home: Household, who: str) -> None:
    person = getattr(home, who)
    row = db.session.scalars(select(Invitation).where(Invitation.person_id == person.id)).one()
    parts = email.message_from_bytes(letter_to(person).mime).walk()
    (part,) = [
        bytes(one.get_payload(decode=True))
        for one in parts
        if one.get_content_type() == "text/calendar"
    ]
    event = vobject.readOne(part.decode()).vevent
    own = join_link(row.uid)

    assert (event.url.value, event.conference_list[0].value) == (own, own)
    assert event.location.value == "Online"
    assert event.description.value.split("\n")[0] == own
    assert event.description.value.split("\n")[-1] == link(row.uid)


@pytest.mark.parametrize("who", ["mother", "jordan"])
def test_room_and_its_number_stand_in_no_letter_and_no_entry_i3(home: Household, who: str) -> None:
    """What was mailed cannot be taken back; both are handed over at the door."""
    message = email.message_from_bytes(letter_to(getattr(home, who)).mime)
    told = {one.get_content_type(): str(one.get_payload(decode=True)) for one in message.walk()}

    assert [kind for kind, text in told.items() if "video.example" in text] == []
    assert [kind for kind, text in told.items() if "6175550100" in text] == []
