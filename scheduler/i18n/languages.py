"""The languages Kinfold writes, and which of them a reader gets. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError


@dataclass(frozen=True, slots=True)
class Language:
    """One language as pages name it; `folder` is its place among the
    translations, or anywhere.

    The patterns are those of Unicode TR 35; a reader's region may change the clock.
    """

    tag: str
    """BCP 47, as the `lang` attribute of a page has it."""
    locale_name: str
    """Whose names of days, months and cities are used."""
    folder: str
    name: str
    """What the language calls itself."""
    switch: str
    """What one reads to go over to it."""
    region: str
    """Whose clock a reader gets who names no region."""
    short_day: str
    """"Tue 9 March", where room is short."""
    long_day: str
    """A day in a sentence or a subject line."""
    date: str
    """A day with its year."""
    plural: str
    """Which form goes with which number, as gettext writes it; millions are not counted here."""

    @property
    def locale(self) -> Locale:
        """The locale of that name."""
        return _locale(self.locale_name)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as the `dir` attribute of a page has it."""
        return str(self.locale.text_direction)


LANGUAGES = {
    "en": Language(
        tag="en",
        locale_name="en",
        folder="en",
        name="English",
        switch="In English",
        region="US",
        short_day="EEE d MMMM",
        long_day="EEE d MMMM",
        date="d MMMM y",
        plural="nplurals=2; plural=(n != 1);",
    ),
    "es": Language(
        tag="es",
        locale_name="es",
        folder="es",
        name="Español",
        switch="En español",
        region="US",
        short_day="EEE, d MMM",
        long_day="EEEE d 'de' MMMM",
        date="d 'de' MMMM 'de' y",
        plural="nplurals=2; plural=(n != 1);",
    ),
    "pt-BR": Language(
        tag="pt-BR",
        locale_name="pt_BR",
        folder="pt_BR",
        name="Português",
        switch="Em português",
        region="BR",
        short_day="EEE d 'de' MMM",
        long_day="EEEE, d 'de' MMMM",
        date="d 'de' MMMM 'de' y",
        plural="nplurals=2; plural=(n > 1);",
    ),
}
"""The languages we write, by tag; the first is that of the sources."""
SOURCE = "en"


def language_for(tag: str | None) -> str:
    """Return the language we write that serves a tag (`es-MX` is `es`); English for all others."""
    return _served(tag) or SOURCE


def choose(own: str | None, chosen: str | None, accepted: Iterable[str]) -> str:
    """Return the language of a reader: the person's own, else what they chose on the page, else the
    first that their browser accepts and we write, else English.

    A language of their own that we do not write does not hide what they chose.
    """
    for tag in (own, chosen, *accepted):
        language = _served(tag)
        if language:
            return language
    return SOURCE


@lru_cache(maxsize=64)
def clock_has_24_hours(tag: str | None) -> bool:
    """True if readers of a tag's region count to 24; without a region, that of the language."""
    language = LANGUAGES[language_for(tag)]
    name = language.locale.language
    region = _region(tag) or language.region
    try:
        locale = Locale(name, territory=region)
    except UnknownLocaleError:
        locale = Locale(name, territory=language.region)
    return "H" in locale.time_formats["short"].pattern


def _region(tag: str | None) -> str | None:
    """Return the region that a tag names, None where it names none: `MX` of `es-MX`."""
    plain = (tag or "").replace("_", "-")
    _, *others = plain.split("-")
    if others and len(others[-1]) == 2:
        return others[-1].upper()
    return None


@lru_cache(maxsize=8)
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def _served(tag: str | None) -> str | None:
    if tag in LANGUAGES:
        return tag
    first = (tag or "").replace("_", "-").partition("-")[0].lower()
    for language in LANGUAGES:
        if language.partition("-")[0].lower() == first:
            return language
    return None
