"""No way into a room stands in what leaves the house: every test's letters, entries and feeds are
walked when it ends (`outside.py`), and what is planted here is found.
"""

from email.message import EmailMessage

import pytest
from flask import Flask

from fakes.post_office import Arrived, PostOffice
from outside import ways_into_rooms
from scheduler.kernel.database import db
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom

ENTRY = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nLOCATION:https://vi\r\n deo.example/a\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def rooms(sqlite_app: Flask) -> None:
    for key, url, number in (
        ("a", "https://video.example/a", "+16175550100"),
        ("b", "https://meet.example:8443", None),
    ):
        room = VideoRoom(key=key, service=RoomService.FIXED, url=url, dial_in=number)
        db.session.add(room)
    db.session.flush()


def found_in(text: str, entry: str | None = None) -> list[str]:
    """What is found in a carried letter that says this, encoded as mail programs do."""
    message = EmailMessage()
    message["Subject"] = "Appointment"
    message.set_content(text, cte="base64")
    if entry is not None:
        message.add_attachment(entry.encode(), "text", "calendar")
    arrived = Arrived("a@b.example", ["c@d.example"], message.as_bytes())
    return [said.rpartition(" ")[2] for said in ways_into_rooms(PostOffice([arrived]))]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Join at HTTPS://VIDEO.EXAMPLE/a", "video.example"),
        ("See https://meet.example:8443/abc", "meet.example:8443"),
        ("No picture? +16175550100", "6175550100"),
        ("Call (617) 555-0100.", "6175550100"),
    ],
)
def test_way_into_a_room_is_found_in_a_letter(rooms: None, text: str, way: str) -> None:
    assert found_in(text) == [way]


def test_way_into_a_room_is_found_in_a_folded_entry(rooms: None) -> None:
    assert found_in("Hello", ENTRY) == ["video.example"]


def test_letter_with_the_personal_link_alone_holds_none(rooms: None) -> None:
    assert found_in("Join at https://hl-sched.example/j/abc, or call 617 555 0199.") == []
