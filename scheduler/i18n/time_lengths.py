"""Lengths of time as people say them. Pure."""

from babel.units import format_unit

from scheduler.i18n.languages import LANGUAGES, language_for


def length(minutes: int, language: str | None) -> str:
    """Return minutes as people say them: "9 hours 50 minutes", "1 hora", "45 minutos"."""
    locale = LANGUAGES[language_for(language)].locale
    hours, rest = divmod(minutes, 60)
    said = []
    if hours or not rest:
        said.append(format_unit(hours, "hour", locale=locale))
    if rest:
        said.append(format_unit(rest, "minute", locale=locale))
    return " ".join(said)
