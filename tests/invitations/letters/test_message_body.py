"""Letters as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.i18n import glued
from scheduler.invitations import Notice, Reader, lint
from scheduler.invitations.letters.message_body import bare, cancellation, invitation
from scheduler.invitations.letters.reminder_words import Near, reminder
from scheduler.people import Help

LINK = "https://sp-cal.example/i/" + "x" * 43
TUESDAY = (datetime(2027, 3, 9, 23, 0, tzinfo=UTC), 60)
NEXT = (datetime(2027, 3, 16, 22, 0, tzinfo=UTC), 60)
HOME = Reader(None, "America/New_York")
JOINS = "Your page, where you join from 15 minutes before the start"


def notice(**said: object) -> Notice:
    usual = {
        "title": "Appointment",
        "sender": "SP Calendar",
        "zone": "America/New_York",
        "link": LINK,
        "now": (TUESDAY,),
    }
    return Notice(**(usual | said))  # type: ignore[arg-type]


def test_invitation_says_all_in_words() -> None:
    letter = invitation(notice(), HOME)

    assert letter.subject == "Appointment Tue 9 March, 6:00 PM"
    assert letter.text.startswith(
        "SP Calendar invites you.\n\nAppointment\n  Tue 9 March 2027, 6:00 – 7:00 PM, New York "
        "time\n"
    )
    assert letter.text.splitlines()[5] == f"Answer: {LINK}"
    assert letter.html.index("6:00") < letter.html.index(">Answer</a>")
    assert "On the same page you join, from 15 minutes before the start." in letter.text


def test_way_to_answer_stands_above_a_long_list() -> None:
    days = tuple((at + timedelta(days=day), long) for day in range(5) for at, long in (TUESDAY,))

    letter = invitation(notice(now=days), HOME)

    assert letter.text.splitlines()[:4] == [
        "SP Calendar invites you.",
        "",
        "Appointment from Tue 9 March, 6:00 PM",
        f"Answer: {LINK}",
    ]
    assert letter.text.count(LINK) == letter.html.count(LINK) == 1


def test_tomorrow_is_said_of_tomorrow_alone() -> None:
    days = (TUESDAY, (TUESDAY[0] + timedelta(days=2), 60))

    letter = reminder(notice(now=days), HOME, near=Near.TOMORROW, asks=True)

    first, later = letter.text.split("Later this week:")
    assert letter.subject == "Tomorrow: Appointment Tue 9 March, 6:00 PM"
    assert ("Tue 9 March" in first, "Thu 11 March" in first) == (True, False)
    assert (first.count(f"Answer: {LINK}"), letter.html.count(LINK)) == (1, 1)
    assert ("Tue 9 March" in later, "Thu 11 March" in later) == (False, True)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", JOINS),
        ("es", "Su página, desde la que puede entrar 15 minutos antes del comienzo"),
        ("pt-BR", "Sua página, de onde você entra a partir de 15 minutos antes do início"),
    ],
)
def test_link_says_that_one_joins_there_and_nothing_of_the_field(language: str, said: str) -> None:
    letter = reminder(notice(), Reader(language, "America/New_York"))

    assert f"\n{said}: {LINK}\n" in letter.text
    assert lint(letter.text + letter.html) == []


def test_link_of_a_letter_about_no_meeting_speaks_of_no_way_in() -> None:
    letter = bare("Your copy", "It is ready.", sender="SP Calendar", link=LINK, reader=HOME)

    assert f"\nYour page: {LINK}\n" in letter.text


def test_hours_stay_in_one_line_and_plain_text_has_ordinary_spaces() -> None:
    letter = invitation(notice(), Reader("en", "America/Chicago"))

    line = "Tue 9 March 2027, {}, Chicago time ({}, New York time)"
    own, held = "5:00 – 6:00 PM", "6:00 – 7:00 PM"
    assert f">{line.format(glued(own), glued(held))}<" in letter.html
    assert f"  {line.format(own, held)}\n" in letter.text


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("America/New_York", "Tue 9 March 2027, 6:00 – 7:00 PM, New York time"),
        ("America/Toronto", "Tue 9 March 2027, 6:00 – 7:00 PM, New York time"),
        (
            "America/Chicago",
            "Tue 9 March 2027, 5:00 – 6:00 PM, Chicago time (6:00 – 7:00 PM, New York time)",
        ),
        (
            "Asia/Tokyo",
            "Wed 10 March 2027, 8:00 – 9:00 AM, Tokyo time (Tue 9 March, 6:00 – 7:00 PM, New York "
            "time)",
        ),
    ],
)
def test_reader_elsewhere_sees_their_own_time_too(zone: str, line: str) -> None:
    assert line in invitation(notice(), Reader("en", zone)).text.splitlines()[3]


def test_series_names_the_zone_once() -> None:
    letter = invitation(notice(now=(TUESDAY, NEXT)), HOME)

    assert letter.subject == "Appointment from Tue 9 March, 6:00 PM"
    assert letter.text.count("New York time") == 1


def test_cancellation_never_says_why_and_asks_nothing() -> None:
    letter = cancellation(notice(now=(), gone=(TUESDAY,), link=None), HOME)

    assert letter.subject == "No longer on your calendar: Appointment Tue 9 March, 6:00 PM"
    assert "This is no longer on your calendar." in letter.text
    assert not [
        word
        for word in ("consent", "withdraw", "revok", "http")
        if word in letter.text + letter.html.lower()
    ]


def test_morning_and_afternoon_are_both_named_when_they_differ() -> None:
    noon = (datetime(2027, 3, 9, 16, 30, tzinfo=UTC), 60)

    assert "11:30 AM – 12:30 PM" in reminder(notice(now=(noon,)), HOME).text


def test_spanish_letter_is_spanish() -> None:
    letter = invitation(notice(title="Appointment"), Reader("es-MX", "America/New_York"))

    assert letter.subject == "Cita el martes 9 de marzo, 6:00 p. m."
    assert "martes 9 de marzo de 2027, 6:00 – 7:00 p. m., hora de Nueva York" in letter.text
    assert '<html lang="es">' in letter.html


def test_both_bodies_say_the_same_and_nothing_of_the_field() -> None:
    for write in (invitation, cancellation, reminder):
        letter = write(notice(gone=(TUESDAY,)), HOME)
        assert "Tue 9 March 2027, 6:00 – 7:00 PM, New York time" in letter.text
        assert f"Tue 9 March 2027, {glued('6:00 – 7:00 PM')}, New York time" in letter.html
        assert lint(letter.subject + letter.text + letter.html) == []


def test_title_cannot_bring_markup_or_lines() -> None:
    letter = invitation(notice(title="<b>x</b>\nBcc: y"), HOME)

    assert "<b>" not in letter.html
    assert "\n" not in letter.subject


def test_letter_ends_with_whom_to_ask() -> None:
    reader = Reader("es", "America/New_York", Help("+16175550199", "9 to 5", "The front desk"))

    letter = reminder(notice(), reader)

    line = "A quién preguntar: +1 617-555-0199 · 9:00 a. m. – 5:00 p. m. · The front desk"
    assert letter.text.rstrip().splitlines()[-1] == line
    assert letter.html.index("+1 617-555-0199</a><br>9:00") < letter.html.index(
        "<br>The front desk"
    )


def test_letter_names_nobody_to_ask_when_nobody_is_said() -> None:
    letter = reminder(notice(), HOME)

    assert [body.count("Whom to ask") for body in (letter.text, letter.html)] == [0, 0]
