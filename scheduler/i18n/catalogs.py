"""Catalogs of words: read from `scheduler/translations`, one part for each area of the product.

A language is the sum of its parts. It is compiled once into a file beside them, again when a part
is newer, and in memory alone where nothing may be written.
"""

import gettext
import os
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scheduler.i18n.languages import LANGUAGES, SOURCE, Language, language_for
from scheduler.i18n.one_point import Sentence
from scheduler.kernel.installation import is_checkout

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


class Catalog:
    """The words of one language; what it does not know is said in English."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._known = translations

    def __call__(self, message: str) -> str:
        """Return a message in this language."""
        return Sentence(self._known.gettext(message))

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        return Sentence(self._known.gettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form of a message that goes with a number."""
        return Sentence(self._known.ngettext(one, many, count))

    def pgettext(self, about: str, message: str) -> str:
        """Return a message that says one thing here and another elsewhere."""
        return Sentence(self._known.pgettext(about, message))

    def npgettext(self, about: str, one: str, many: str, count: int) -> str:
        """Return the form of such a message that goes with a number."""
        return Sentence(self._known.npgettext(about, one, many, count))


def N_(message: str) -> str:
    """Mark a message for the catalogs where it stands; it is translated where it is shown."""
    return message


def catalog(tag: str | None) -> Catalog:
    """Return the words for a reader's tag; English for all we do not write."""
    return _catalog(language_for(tag))


def parts(folder: Path) -> list[Path]:
    """Return the files of one language, in order of their names."""
    return sorted(folder.glob("*.po"))


def merged(folder: Path, language: Language) -> Messages:
    """Return all that the parts of one language say, as one catalog."""
    whole = Messages(locale=language.locale_name)
    whole.mime_headers = [("Plural-Forms", language.plural)]
    for path in parts(folder):
        with path.open("rb") as file:
            part = read_po(file, locale=language.locale_name)
        for message in part:
            is_said = message.id and message.string
            if is_said and not message.fuzzy:
                whole.add(message.id, message.string, context=message.context)
    return whole


@lru_cache(maxsize=32)
def _catalog(language: str) -> Catalog:
    if language == SOURCE:
        return Catalog(language, gettext.NullTranslations())
    known = LANGUAGES[language]
    folder = TRANSLATIONS / known.folder
    binary = compiled(folder, known)
    translations = gettext.GNUTranslations(BytesIO(binary))
    return Catalog(language, translations)


def compiled(folder: Path, language: Language) -> bytes:
    """Return one language in gettext's binary form, and keep it beside its parts if that is
    allowed.
    """
    kept = folder / "LC_MESSAGES" / "messages.mo"
    sources = [folder, *parts(folder)]
    newest = max(path.stat().st_mtime for path in sources)
    with suppress(OSError):
        if kept.stat().st_mtime > newest:
            return kept.read_bytes()
    buffer = BytesIO()
    write_mo(buffer, merged(folder, language))
    binary = buffer.getvalue()
    if is_checkout():
        _keep(kept, binary)
    return binary


def _keep(kept: Path, binary: bytes) -> None:
    """Keep what was compiled beside its parts; nothing is written among installed packages."""
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        half = kept.with_name(f"messages.{os.getpid()}")
        half.write_bytes(binary)
        half.replace(kept)
