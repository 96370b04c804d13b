"""The translations: whole, alike in every part, and usable where nothing may be written."""

import gettext
import os
import re
import time
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from pseudo import said_in_sources
from scheduler.i18n import LANGUAGES
from scheduler.i18n.catalogs import TRANSLATIONS, compiled, parts

WRITTEN = [language.folder for language in LANGUAGES.values() if language.tag != "en"]
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)[sd]")


@cache
def messages(folder: str) -> list[Message]:
    found = []
    for path in parts(TRANSLATIONS / folder):
        with path.open("rb") as file:
            found += [message for message in read_po(file, locale=folder) if message.id]
    return found


def strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, list | tuple) else (string,)


@pytest.mark.parametrize("folder", WRITTEN)
def test_nothing_is_untranslated_or_fuzzy(folder: str) -> None:
    lacking = [one.id for one in messages(folder) if one.fuzzy or not all(strings(one))]

    assert lacking == []


@pytest.mark.parametrize("folder", WRITTEN)
def test_every_message_of_the_sources_is_there_once(folder: str) -> None:
    said = [key for part in said_in_sources().values() for key in part]
    known = [
        (one.context, tuple(one.id) if isinstance(one.id, list | tuple) else one.id)
        for one in messages(folder)
    ]

    assert sorted(map(str, known)) == sorted(map(str, said))


@pytest.mark.parametrize("folder", WRITTEN)
def test_placeholders_are_those_of_the_message(folder: str) -> None:
    wrong = []
    for message in messages(folder):
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        meant = {name for one in ids for name in PLACEHOLDER.findall(one)}
        wrong += [
            string
            for string in strings(message)
            if not set(PLACEHOLDER.findall(string)) <= meant
            or (len(ids) == 1 and set(PLACEHOLDER.findall(string)) != meant)
        ]

    assert wrong == []


def small(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.po").write_text('msgid "yes"\nmsgstr "sí"\n')
    return folder


def said(folder: Path, message: str) -> str:
    return gettext.GNUTranslations(BytesIO(compiled(folder, LANGUAGES["es"]))).gettext(message)


def test_parts_are_compiled_once_and_again_when_one_is_newer(tmp_path: Path) -> None:
    folder = small(tmp_path / "es")
    assert said(folder, "yes") == "sí"
    kept = folder / "LC_MESSAGES" / "messages.mo"
    later = time.time() + 60
    (folder / "b.po").write_text('msgid "no"\nmsgstr "no, gracias"\n')
    os.utime(folder / "b.po", (later, later))

    assert kept.exists()
    assert said(folder, "no") == "no, gracias"


def test_where_nothing_may_be_written_parts_are_compiled_in_memory(tmp_path: Path) -> None:
    folder = small(tmp_path / "es")
    (folder / "LC_MESSAGES").write_text("a file where a folder is wanted")

    assert said(folder, "yes") == "sí"


def test_no_message_hides_in_an_f_string() -> None:
    """Babel does not look into them."""
    asking = re.compile(r"""f(["']).*\{[^}]*\b(_|n?p?gettext)\(""")
    hidden = [
        f"{path}: {line.strip()}"
        for path in (TRANSLATIONS.parent).rglob("*.py")
        for line in path.read_text().splitlines()
        if asking.search(line)
    ]

    assert hidden == []
