"""Titles of groups in every language, and those that are a clinic's own."""

import pytest

from scheduler.i18n import title_in
from scheduler.programs import Kind
from scheduler.web.parts.kind_words import title_on_page


@pytest.mark.parametrize(
    ("title", "language", "said"),
    [
        ("Opening circle", "es", "Círculo de apertura"),
        ("opening  circle", "pt-BR", "Roda de abertura"),
        ("Opening circle", "en", "Opening circle"),
        ("Rivera's Tuesday", "en", "Rivera's Tuesday"),
        ("Rivera's Tuesday", "es", None),
    ],
)
def test_common_title_is_translated_and_no_other(
    title: str, language: str, said: str | None
) -> None:
    assert title_in(title, language) == said


def test_title_of_a_clinic_s_own_is_marked_as_english_on_a_page() -> None:
    said = title_on_page("es", Kind.GROUP, "Tea & talk", "Rest")

    assert said == '<span lang="en">Tea &amp; talk</span>: Descanso'


def test_title_that_is_a_kind_is_said_as_the_kind() -> None:
    assert title_on_page("es", Kind.FAMILY_THERAPY, "Family therapy") == "Sesión familiar"
