"""Figures as people write them: "9.5", where the reader's language has a comma, "9,5". Pure."""

from babel.numbers import format_decimal

from scheduler.i18n.languages import LANGUAGES, language_for


def figure(value: float, language: str | None) -> str:
    """Return a figure with at most two places after the point."""
    known = LANGUAGES[language_for(language)]
    return format_decimal(round(value, 2), locale=known.locale)
