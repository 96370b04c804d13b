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
    ],
)
def test_no_key_is_read(sentence: str, read: str) -> None:
    assert named(sentence, NAMES) == read
