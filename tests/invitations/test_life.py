"""The life of one invitation, step by step, and what holds of every part that leaves. The father
stands by.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from household import NOW, Household, place
from invitations.sync.test_announce import calendar, letters, message, sent, shown, told
from scheduler import consents
from scheduler.invitations import announce
from scheduler.invitations.model import links as outward_settings
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import practice
from scheduler.programs import Kind
from scheduler.programs.models import Program, VideoRoom
from scheduler.sessions import edit_sessions
from scheduler.sessions.models import Session, Status


def weekly(home: Household, count: int = 5) -> list[Session]:
    return [home.slot(1 + 7 * week) for week in range(count)]


def step(minute: int) -> list[tuple[str, str, str, int]]:
    """Announce and let it leave; give address, method and STATUS, and SEQUENCE of each new
    letter.
    """
    before = {letter.id for letter in letters()}
    told(minute)
    fresh = [letter for letter in letters() if letter.id not in before]
    sent()
    return [
        (each.address, shown(each).method, shown(each).status or "", shown(each).sequence)
        for each in fresh
    ]


def shift(session: Session, days: int) -> None:
    place(
        session,
        datetime.fromisoformat(session.starts_local) + timedelta(days=days),
        session.minutes,
    )
    db.session.flush()


def text(letter: Letter) -> str:
    return str(message(letter).get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_life_of_one_invitation(home: Household) -> None:
    mother, aunt = "m@family.example", "a@family.example"
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = weekly(home)
    lives = [step(0)]
    for each in sessions:
        shift(each, 1)
    lives.append(step(1))
    shift(sessions[2], 1)
    lives.append(step(2))
    sessions[3].status = Status.CANCELLED
    lives.append(step(3))
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    lives.append(step(4))
    consents.revoke(person=home.mother, patient=home.jordan, by="sam", now=NOW)
    lives.append(step(5))
    for each in sessions:
        each.status = Status.CANCELLED
    lives.append(step(6))

    assert lives == [
        [(mother, "REQUEST", "CONFIRMED", 0)],
        [(mother, "REQUEST", "CONFIRMED", 1)],
        [(mother, "REQUEST", "CONFIRMED", 2)],
        [(mother, "REQUEST", "CONFIRMED", 3)],
        [(aunt, "REQUEST", "CONFIRMED", 0)],
        [(mother, "CANCEL", "", 4)],
        [(aunt, "CANCEL", "CANCELLED", 1)],
    ]
    hers = [letter for letter in letters() if letter.address == mother]
    stamps = [re.findall(rb"DTSTAMP:(\w+)", calendar(letter))[0] for letter in hers]
    assert (len({letter.uid for letter in hers}), stamps) == (1, sorted(set(stamps)))


def test_every_part_has_one_form(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = weekly(home)
    step(0)
    shift(sessions[2], 1)
    step(1)
    consents.revoke(person=home.mother, patient=home.jordan, by="sam", now=NOW)
    step(2)

    for letter in letters():
        data = calendar(letter).decode().replace("\r\n ", "").replace("\r\n", "\n")
        names = {line.partition(":")[0].partition(";")[0] for line in data.splitlines()}
        assert (
            data.count("BEGIN:VCALENDAR") == data.count("VERSION:2.0") == data.count("PRODID:") == 1
        )
        assert data.index("METHOD:") < data.index("BEGIN:VTIMEZONE") < data.index("BEGIN:VEVENT")
        assert (
            names
            & {"RDATE", "LINK", "CONCEPT", "STRUCTURED-DATA", "ATTACH", "CATEGORIES", "X-ALT-DESC"}
            == set()
        )
        assert "BEGIN:VALARM" not in data and "RANGE=" not in data and "REQUEST-STATUS" not in data
        assert set(re.findall(r"^UID:(.*)$", data, re.M)) == {letter.uid}
        assert set(re.findall(r"^(?:TRANSP|CLASS):.*$", data, re.M)) <= {
            "CLASS:PRIVATE",
            "TRANSP:OPAQUE",
            "TRANSP:TRANSPARENT",
        }
        assert [part.get_content_type() for part in message(letter).iter_parts()] == [
            *("text/plain", "text/html", "text/calendar"),
        ]


def test_removed_person_is_told_alone(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    weekly(home)
    step(0)
    consents.revoke(person=home.mother, patient=home.jordan, by="sam", now=NOW)

    assert step(1) == [("m@family.example", "CANCEL", "", 1)]


def test_changed_join_link_reaches_everybody_invited(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    home.consent(home.aunt, Kind.FAMILY_WORKSHOP)
    weekly(home)
    step(0)
    before = outward_settings.link_settings()
    outward_settings.configure(replace(before, base_url="https://other.example"))
    try:
        assert sorted(step(1)) == [
            ("a@family.example", "REQUEST", "CONFIRMED", 1),
            ("m@family.example", "REQUEST", "CONFIRMED", 1),
        ]
        assert b"URL:https://other.example/" in calendar(letters()[-1])
    finally:
        outward_settings.configure(before)


def test_changed_organizer_is_a_new_version(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    weekly(home)
    told(0)
    sent()
    count = len(letters())
    practice().outward_email = "desk@sp-cal.example"
    db.session.flush()
    assert [
        (one.kind, one.sequence) for one in announce(by="sam", now=NOW + timedelta(minutes=1))
    ] == [("update", 1)]
    (letter,) = letters()[count:]
    assert b"mailto:desk@sp-cal.example" in calendar(letter).replace(b"\r\n ", b"")


def test_new_title_is_a_new_version_without_a_new_time(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    weekly(home)
    step(0)
    db.session.scalars(select(Program)).one().outward_title = "Talk"

    assert step(1) == [("m@family.example", "REQUEST", "CONFIRMED", 1)]
    assert step(2) == []


def test_letter_about_one_moved_date_names_that_date_alone(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = weekly(home)
    step(0)
    shift(sessions[2], 1)
    step(1)

    said = text(letters()[-1])
    assert (said.count("Tue "), said.count("Wed ")) == (1, 1)
    assert "New York time" in said


def test_rest_of_a_running_series_moves_under_a_name_of_its_own_and_the_past_stays(
    home: Household,
) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = weekly(home)
    step(0)
    later = int((sessions[1].ends_at - NOW).total_seconds()) // 60
    to = datetime.fromisoformat(sessions[2].starts_local) + timedelta(days=1)
    edit_sessions(sessions[2], to=to, onward=True, by="sam", now=NOW + timedelta(minutes=later))

    assert sorted(step(later)) == [
        ("m@family.example", "REQUEST", "CONFIRMED", 0),
        ("m@family.example", "REQUEST", "CONFIRMED", 1),
    ]
    first, old, new = sorted(
        letters(), key=lambda letter: (letter.uid != letters()[0].uid, letter.sequence or 0)
    )
    assert [len(shown(each).times) for each in (first, old, new)] == [5, 2, 3]


def test_only_what_is_for_many_refuses_other_times(home: Household) -> None:
    """G9: an appointment placed for one patient may be countered, a fixed slot that many sit in may
    not.
    """
    home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.FAMILY_WORKSHOP)
    home.appointment(1)
    home.slot(2)
    step(0)

    assert sorted(
        (letter.purpose or "", b"DISALLOW-COUNTER:TRUE" in calendar(letter)) for letter in letters()
    ) == [
        ("family_therapy", False),
        ("family_workshop", True),
    ]


def dialled(home: Household, number: str | None, *sessions: Session) -> None:
    """Put sessions into a room with a number."""
    room = VideoRoom(key=f"room-{number}", url="https://video.example/a", dial_in=number)
    db.session.add(room)
    for each in sessions:
        each.room = room
    db.session.flush()


def unfolded(letter: Letter) -> list[str]:
    return calendar(letter).decode().replace("\r\n ", "").split("\r\n")


def test_number_of_the_room_stands_in_no_entry(home: Household) -> None:
    """What was mailed cannot be taken back: the number is shown at the door."""
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    dialled(home, "+16175550100", *weekly(home))
    step(0)

    (letter,) = letters()
    said = [line for line in unfolded(letter) if line.startswith("CONFERENCE")]
    assert [line.split(":", 1)[0] for line in said] == [
        "CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Join"
    ]
    assert "5550100" not in "".join(unfolded(letter)) + text(letter)


def test_changed_number_writes_to_nobody(home: Household) -> None:
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    sessions = weekly(home)
    dialled(home, "+16175550100", *sessions)
    step(0)
    dialled(home, "+16175550101", *sessions)

    assert step(1) == []


def test_number_told_by_an_older_version_is_not_told_again(home: Household) -> None:
    """An upgrade writes to nobody."""
    home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    dialled(home, "+16175550100", *weekly(home))
    step(0)
    (row,) = db.session.scalars(select(Invitation))
    row.told = (row.told or {}) | {"phone": "+16175550100"}
    db.session.flush()

    assert step(1) == []
