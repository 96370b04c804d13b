"""Several things in one sentence, and words of the records that every language reads."""

import pytest

from scheduler.i18n import listed, neutral_title, relation


@pytest.mark.parametrize(
    ("things", "language", "said"),
    [
        ([], "en", ""),
        (["a"], "en", "a"),
        (["a", "b", "c"], "en", "a, b and c"),
        (["taller", "grupo"], "es", "taller y grupo"),
        (["taller", "informe"], "es", "taller e informe"),
        (["padres", "hijos"], "es", "padres e hijos"),
        (["agua", "hielo"], "es", "agua y hielo"),
        (["grupo", "oficina"], "pt-BR", "grupo e oficina"),
    ],
)
def test_list_is_joined_as_its_language_does(things: list[str], language: str, said: str) -> None:
    assert listed(things, language) == said


def test_known_relations_are_translated_and_others_stay() -> None:
    assert [relation(word, "es") for word in ("husband", "Mother", "godmother")] == [
        "esposo",
        "madre",
        "godmother",
    ]
    assert relation("Mother", "en") == "mother"


def test_only_the_neutral_title_is_translated() -> None:
    assert [neutral_title(title, "pt-BR") for title in ("Appointment", "Visit")] == [
        "Compromisso",
        "Visit",
    ]
