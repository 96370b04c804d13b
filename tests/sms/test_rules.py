"""Text messages: what stops them, how many may go, and how long they are."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.invitations import Notice, Reader, lint, reminder_text
from scheduler.sms import MOST_SIGNS, fit, has_room, is_opt_out

NOW = datetime(2027, 3, 9, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "STOP",
            "stop.",
            " Stop please",
            "QUIT",
            "end",
            "Revoke",
            "cancel",
            "CANCEL my appointment",
            "unsubscribe",
        ),
        *(
            "Opt out",
            "opt-out",
            "optout",
            "please stop texting me",
            "No more texts!",
            "don't text me",
            "Don’t text me",
        ),
        *(
            "do not contact me",
            "take me off this list",
            "wrong number",
            "Remove me",
            "ALTO",
            "no más mensajes",
            "Basta",
            "Please stop",
            "ok, just STOP!",
            "Por favor, pare",
        ),
    ],
)
def test_reply_that_ends_text_messages(words: str) -> None:
    assert is_opt_out(words)


@pytest.mark.parametrize(
    "words",
    [
        "yes",
        "I cannot come",
        "running late",
        "can't stop crying",
        "when does it end?",
        "please come at the end",
        "",
    ],
)
def test_reply_that_does_not(words: str) -> None:
    assert not is_opt_out(words)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


@pytest.mark.parametrize(
    ("sent", "zone", "room"),
    [
        ([], "America/New_York", True),
        ([ago(hours=3)], "America/New_York", False),
        ([ago(days=1)], "America/New_York", True),
        ([ago(hours=14)], "America/New_York", True),
        ([ago(hours=14)], "Pacific/Honolulu", True),
        ([ago(hours=7)], "Pacific/Honolulu", False),
        ([ago(days=1), ago(days=3), ago(days=5)], "America/New_York", False),
        ([ago(days=1), ago(days=3), ago(days=7)], "America/New_York", True),
    ],
    ids=[
        "none",
        "today",
        "yesterday",
        "last night",
        "late yesterday there",
        "today there",
        "three in a week",
        "a week ago",
    ],
)
def test_number_has_room_for_one_a_day_and_three_a_week(
    sent: list[datetime], zone: str, room: bool
) -> None:
    assert has_room(sent, NOW, zone) is room


def test_first_way_that_fits_is_taken() -> None:
    assert fit(("a" * 150, "b" * 20), ("a" * 150, "")) == "a" * 150
    assert len(fit(("a" * 200,))) == MOST_SIGNS


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "sender", ["HL Scheduling", "A very long outward name of a scheduling office"]
)
def test_reminder_fits_into_one_message_names_its_sender_and_nothing_else(
    sender: str, language: str
) -> None:
    link = f"https://hl-sched.example/j/{'x' * 43}"
    notice = Notice(
        title="Appointment", sender=sender, zone="America/New_York", link=link, now=((NOW, 60),)
    )

    words = reminder_text(notice, Reader(language, "America/Chicago"))

    assert len(words) <= MOST_SIGNS
    assert words.startswith(sender[:39])
    assert "Chicago" in words
    assert lint(words) == []


def test_reminder_by_text_says_when_where_and_how_to_end_it() -> None:
    notice = Notice(
        title="Appointment",
        sender="HL Scheduling",
        zone="America/New_York",
        link="https://hl.example/j/x",
        now=((NOW, 60),),
    )

    assert reminder_text(notice, Reader("en", "America/New_York")) == (
        "HL Scheduling: Appointment Tue 9 March, 1:00 PM, New York time. https://hl.example/j/x "
        "Reply STOP to end."
    )
