"""Which language a reader gets."""

import pytest

from scheduler.i18n import LANGUAGES, choose, language_for


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-GB", "en"),
        ("es-MX", "es"),
        ("pt", "pt-BR"),
        ("pt_PT", "pt-BR"),
        ("ar", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_a_tag_is_served_by_a_language_we_write(tag: str | None, language: str) -> None:
    assert language_for(tag) == language


@pytest.mark.parametrize(
    ("own", "chosen", "accepted", "language"),
    [
        ("es", "pt-BR", ["en"], "es"),
        (None, "pt-BR", ["es"], "pt-BR"),
        (None, None, ["ar", "pt", "es"], "pt-BR"),
        ("ar", None, ["es"], "es"),
        (None, None, [], "en"),
    ],
)
def test_own_language_goes_before_the_chosen_and_that_before_the_browsers(
    own: str | None, chosen: str | None, accepted: list[str], language: str
) -> None:
    assert choose(own, chosen, accepted) == language


def test_languages_say_their_direction() -> None:
    assert {language.direction for language in LANGUAGES.values()} == {"ltr"}
