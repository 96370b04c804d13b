"""Sentences of planning as the desk reads them."""

import pytest

from scheduler.web.parts.time_words import named

NAMES = {"p-1": "Jordan Lee", "evening.one.p-1.w1": "Individual session"}


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("p-1 has 8 of 9 hours", "Jordan Lee has 8 of 9 hours"),
        ("evening.one.p-1.w1 is not due.", "Individual session is not due."),
        ("evening.two.p-1.w2: closed", "the session: closed"),
        ("Ana works only 09:00 to 21:30", "Ana works only 9:00 AM to 9:30 PM"),
        ("free until 24:00", "free until 12:00 AM"),
    ],
)
def test_no_key_and_no_24_hour_clock_is_read(sentence: str, read: str) -> None:
    assert named(sentence, NAMES).replace("\N{NO-BREAK SPACE}", " ") == read
