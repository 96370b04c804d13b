"""Sentences of planning as the desk reads them."""

import pytest

from scheduler.programs import Kind
from scheduler.web.parts.time_words import named, title_words

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


@pytest.mark.parametrize(
    ("kind", "title", "said"),
    [
        (Kind.INDIVIDUAL, "Individual", "Sesión individual"),
        (Kind.MULTI_FAMILY_GROUP, "Multi family group", "Grupo de varias familias"),
        (Kind.MULTI_FAMILY_GROUP, "Multi-family group", "Grupo de varias familias"),
        (Kind.FAMILY_THERAPY, "Family session", "Sesión familiar"),
        (Kind.GROUP, "Individual", "Individual"),
        (Kind.GROUP, "Opening circle", "Opening circle"),
    ],
)
def test_title_that_only_names_its_kind_is_in_the_readers_language(
    kind: Kind, title: str, said: str
) -> None:
    assert title_words(kind, title, language="es") == said
