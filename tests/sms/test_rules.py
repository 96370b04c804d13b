"""Text messages: what stops them, how many may go, and how long they are."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.i18n import LANGUAGES, catalog
from scheduler.invitations import Notice, Reader, lint, reminder_text
from scheduler.sms import (
    MOST_SIGNS,
    first_words,
    fit,
    has_room,
    is_opt_out,
    plain_letters,
    segments,
)

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
            "please no more of these",
            "I don't want these texts",
            "I no longer want texts",
            "enough",
            "can you stop this",
            "not interested",
            "no quiero más",
            "Ya no quiero estos mensajes",
            "No gracias, ya no",
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
        "enough time tomorrow?",
        "can you stop by at 5",
        "no quiero llegar tarde",
        "I don't want to be late",
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


def test_first_way_that_two_messages_hold_is_taken_when_none_is_short() -> None:
    assert fit(("a" * 307,), ("b" * 306,), ("c" * 200,)) == "b" * 306


def test_letters_that_cost_more_are_made_plain_when_they_do_not_fit() -> None:
    assert fit(("á" * 134,)) == "á" * 134
    assert fit(("á" * 135,)) == "a" * 135


@pytest.mark.parametrize(
    ("words", "many"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("á" * 70, 1),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("😀" * 36, 2),
    ],
)
def test_message_counts_as_its_letters_cost(words: str, many: int) -> None:
    assert segments(words) == many


def test_plain_letters_are_those_of_the_alphabet_or_the_nearest() -> None:
    assert plain_letters("sáb, 6:15\u202fp.\xa0m. – ¿Vendrá? ação ñ…") == (
        "sab, 6:15 p. m. - ¿Vendra? acao ñ..."
    )


DAYS = [NOW + timedelta(days=day, hours=day % 11) for day in range(0, 364, 13)]
BASE = "https://appointments-office.example/kfld"
SENDERS = (
    "HL Scheduling",
    "A very long outward name of a scheduling office",
    "Sala Ágil",
    "预约办公室",
)


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_reminder_carries_its_link_in_two_messages_at_most(language: str, sender: str) -> None:
    """With a BASE_URL of 40 letters."""
    assert len(BASE) == 40
    link = f"{BASE}/j/{'x' * 43}"
    stop = catalog(language)("Reply STOP to end.")
    for at in DAYS:
        for asks in (True, False):
            notice = Notice("Appointment", sender, "America/New_York", link, ((at, 60),))

            words = reminder_text(notice, Reader(language, "America/Chicago"), asks=asks)

            assert words.endswith((f"{link} {stop}", f"{link} {plain_letters(stop)}"))
            assert (segments(words) <= 2, len(words) <= 160) == (True, True)
            assert lint(words) == []


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_confirmation_of_an_agreement_carries_its_link_in_two_messages_at_most(
    language: str, sender: str
) -> None:
    words = first_words(sender, language, link=f"{BASE}/")

    assert (words.endswith(f" {BASE}/"), segments(words) <= 2) == (True, True)
    assert lint(words) == []


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_reminder_with_a_short_link_keeps_its_sender(language: str, sender: str) -> None:
    link = f"{BASE}/j/{'x' * 23}"
    for at in DAYS:
        notice = Notice("Appointment", sender, "America/New_York", link, ((at, 60),))

        words = reminder_text(notice, Reader(language, "America/Chicago"), asks=True)

        name = sender[:12].strip()
        assert words.startswith((name, plain_letters(name)))
        assert link in words


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "sender", ["HL Scheduling", "A very long outward name of a scheduling office"]
)
def test_reminder_names_its_sender_and_nothing_else(sender: str, language: str) -> None:
    link = f"https://hl-sched.example/j/{'x' * 43}"
    notice = Notice(
        title="Appointment", sender=sender, zone="America/New_York", link=link, now=((NOW, 60),)
    )

    words = reminder_text(notice, Reader(language, "America/Chicago"))

    assert len(words) <= MOST_SIGNS
    assert words.startswith(sender[:19])
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
