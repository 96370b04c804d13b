"""What changed, as people read it: old beside new, of one entry or of many."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.invitations import Reader, lint
from scheduler.invitations.letters.bulk import Bulk
from scheduler.invitations.letters.change_summary import Role, changes_between
from scheduler.invitations.letters.message_body import Envelope
from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.itip import Message, follow

FIRST = datetime(2027, 3, 9, 18, 0)
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
LINK = "https://sp-cal.example/i/" + "x" * 43
HOME = Reader(None, "America/New_York")


def meeting(day: int, *, moved: int = 0, minutes: int = 60) -> Meeting:
    start = FIRST + timedelta(days=day + moved)
    return Meeting(
        start,
        minutes,
        start.replace(tzinfo=UTC) + timedelta(hours=5 if start.day < 14 else 4),
        f"s{day}",
    )


def content(*meetings: Meeting, title: str = "Appointment") -> Content:
    words = ("https://sp-cal.example", "calendar@sp-cal.example")
    return Content(title, "America/New_York", len(meetings) > 1, meetings, *words)


def message(was: Content | None, now: Content | None) -> Message:
    found = follow(was, now, shown=was, sequence=0, withdrawn=False, now=NOW)
    assert found is not None
    return found


def said(*messages: Message, reader: Reader = HOME, role: Role = Role.ALONE) -> Envelope:
    return changes_between(messages, reader, sender="SP Calendar", link=LINK, role=role)


ONE = content(meeting(0))
THREE = content(meeting(0), meeting(7), meeting(14))


def test_moved_meeting_is_told_old_beside_new_with_its_zone() -> None:
    """D13, F6."""
    letter = said(message(ONE, content(meeting(0, moved=1))))

    assert letter.subject == "Changed: Appointment Wed 10 March, 6:00 PM"
    assert letter.text.startswith(
        "SP Calendar has changed this.\n\n"
        "Until now:\n  Tue 9 March 2027, 6:00 – 7:00 PM, New York time\n\n"
        "From now on:\n  Wed 10 March 2027, 6:00 – 7:00 PM, New York time\n\n"
    )
    assert lint(letter.subject + letter.text + letter.html) == []


def test_shortened_meeting_is_told_with_both_ends() -> None:
    text = said(message(ONE, content(meeting(0, minutes=45)))).text

    assert text.index("6:00 – 7:00 PM") < text.index("6:00 – 6:45 PM")


def test_subject_of_a_date_that_falls_out_does_not_sound_as_if_it_stood() -> None:
    letter = said(message(THREE, content(meeting(7), meeting(14))))

    assert letter.subject == "No longer on your calendar: Appointment Tue 9 March, 6:00 PM"


def test_cancelled_date_of_a_series_is_named_alone() -> None:
    """D13: the dates that stay are not repeated."""
    text = said(message(THREE, content(meeting(0), meeting(14)))).text

    assert "No longer on your calendar:\n  Tue 16 March 2027" in text
    assert "Tue 9 March" not in text and "Tue 23 March" not in text


def test_added_date_of_a_series_is_named_alone() -> None:
    text = said(message(content(meeting(0), meeting(7)), THREE)).text

    assert "New:\n  Tue 23 March 2027" in text
    assert "Tue 9 March" not in text


def test_new_title_is_told_old_and_new_beside_the_times_that_stay() -> None:
    letter = said(message(ONE, replace(ONE, title="Talk")))

    assert "Talk\n  Tue 9 March 2027" in letter.text
    assert "Title: Appointment → Talk" in letter.text
    assert "Title: Appointment → Talk" in letter.html


def test_new_link_zone_and_sender_are_told_old_and_new() -> None:
    now = replace(
        ONE,
        place="https://new.example",
        zone="America/Toronto",
        sender="desk@sp-cal.example",
    )

    text = said(message(ONE, now)).text

    assert [line for line in text.splitlines() if "→" in line] == [
        "Time zone: New York time → Toronto time",
        "Address of your page: https://sp-cal.example → https://new.example",
        "Sender: calendar@sp-cal.example → desk@sp-cal.example",
    ]


def test_one_letter_tells_all_that_changed_in_several_entries() -> None:
    moved = message(ONE, content(meeting(0, moved=1)))
    other = message(content(meeting(3)), content(meeting(3, moved=2)))
    gone = message(content(meeting(5)), None)

    text = said(moved, other, gone, role=Role.LEAD).text

    assert "This message tells all of it" in text
    before, after = text.split("From now on:")
    moved_to, lost = after.split("No longer on your calendar:")
    assert [days(each) for each in (before, moved_to, lost)] == [
        ["Tue 9", "Fri 12"],
        ["Wed 10", "Sun 14"],
        ["Sun 14"],
    ]


def days(text: str) -> list[str]:
    """Return the weekday and day of every line that tells a time."""
    lines = [
        line.split()
        for line in text.splitlines()
        if line.startswith("  ") and "All times" not in line
    ]
    return [" ".join(words[:2]) for words in lines]


def test_what_leaves_one_entry_for_another_has_moved() -> None:
    """C16: the rest of a series goes on under a name of its own; people read that it moved, not
    that it ended.
    """
    rest = content(meeting(7, moved=1), meeting(14, moved=1))

    text = said(message(THREE, content(meeting(0))), message(None, rest), role=Role.LEAD).text

    assert "No longer" not in text and "New:" not in text
    assert text.index("Tue 16 March") < text.index("From now on:") < text.index("Wed 17 March")


def test_what_only_changes_its_entry_is_listed_as_it_stands() -> None:
    """A series ends and its dates go on one by one: the times are as they were."""
    text = said(message(ONE, None), message(None, ONE), role=Role.LEAD).text

    assert days(text) == ["Tue 9"]


def test_letter_that_belongs_to_another_says_so_and_its_own_dates() -> None:
    text = said(message(ONE, content(meeting(0, moved=1))), role=Role.FOLLOWER).text

    assert text.startswith("This belongs to the message with the same subject")
    assert "Tue 9 March" in text and "Wed 10 March" in text


def test_letter_beside_another_that_asks_for_nothing_says_so_first() -> None:
    rest = content(meeting(7), meeting(14))
    letter = said(message(THREE, rest), role=Role.FOLLOWER)

    assert letter.subject == "Nothing to do: Appointment Tue 16 March, 6:00 PM"
    assert letter.text.startswith("You need not do anything.")
    assert days(letter.text) == ["Tue 16", "Tue 23"]


def test_letter_that_takes_out_what_has_moved_asks_for_nothing_and_cancels_nothing() -> None:
    """Both letters of a series that goes on under another name make sense side by side."""
    rest = content(meeting(0, moved=1), meeting(7, moved=1), meeting(14, moved=1))
    new, gone = message(None, rest), message(THREE, None)
    bulk = Bulk((new, gone), lead="<1@x>")
    other = Bulk((new, message(content(meeting(3)), None)), lead="<1@x>")

    letter = said(gone, role=bulk.role_of(gone))

    assert letter.subject == "Nothing to do: until now Appointment Tue 9 March, 6:00 PM"
    assert letter.text.startswith("You need not do anything. This message only takes the old")
    assert ("no longer" in letter.text, "http" in letter.text) == (False, False)
    assert other.role_of(other.messages[1]) is Role.FOLLOWER


def test_letter_of_one_date_that_stands_apart_now_says_one_thing() -> None:
    moved = content(meeting(0, moved=1))
    rest = content(meeting(7), meeting(14))

    letter = said(message(None, moved), message(THREE, rest), role=Role.LEAD)

    assert letter.text.startswith("SP Calendar has changed this. A second message only keeps")
    assert days(letter.text) == ["Tue 9", "Wed 10"]


def test_several_cancellations_are_one_list_without_reason_or_link() -> None:
    letter = said(message(ONE, None), message(content(meeting(3)), None), role=Role.LEAD)

    assert letter.subject == "No longer on your calendar: Appointment Tue 9 March, 6:00 PM"
    assert "Tue 9 March" in letter.text and "Fri 12 March" in letter.text
    assert "http" not in letter.text


def test_change_in_spanish() -> None:
    text = said(
        message(ONE, replace(ONE, title="Charla")), reader=Reader("es", "America/New_York")
    ).text

    assert "Título: Cita → Charla" in text
