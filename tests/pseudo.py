"""A language made from the catalogs in which every letter is accented: «ŝîĝñ îñ».

What is read in it with plain letters did not go through the catalogs, or is a name, an address or
a number.
"""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from babel import Locale

from scheduler.i18n import LANGUAGES, catalogs
from scheduler.i18n.extract import Key, Message, all_messages, extracted

TAG = "en-XA"
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "àƀçðéƒĝĥîĵķļɱñôþʠŕŝţûṽŵẋýžÀƁÇÐÉƑĜĤÎĴĶĻṀÑÔÞǪŔŜŢÛṼŴẊÝŽ"
SIGNS = str.maketrans(PLAIN, ACCENTED)
KEPT = re.compile(r"(\{\w+\}|%\(\w+\)[sd])")
SPOKEN = re.compile(r"[a-z]+:[^\s<>\"]+|\b[\w.+-]+@[\w.-]+\b|/[ijr]/[\w-]+")
READ_ALOUD = re.compile(r'(?:aria-label|alt|title|placeholder)="([^"]*)"')
ENGLISH = Locale("en")
CALENDAR_WORDS = {
    *ENGLISH.days["format"]["abbreviated"].values(),
    *ENGLISH.days["format"]["wide"].values(),
    *ENGLISH.months["format"]["wide"].values(),
    *ENGLISH.months["format"]["abbreviated"].values(),
    "AM",
    "PM",
}
"""Days, months and clocks are babel's, not the catalogs'."""


def accented(message: str) -> str:
    """Return a message in the made-up language; its placeholders stay."""
    return "".join(
        part if KEPT.fullmatch(part) else part.translate(SIGNS) for part in KEPT.split(message)
    )


@contextmanager
def pseudo_language(folder: Path, *, desk: bool = False) -> Iterator[str]:
    """Let the product know the made-up language, and return its tag; with `desk` it has the
    messages that no translation needs, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "all.po").open("w") as file:
        for context, message in said_at_the_desk() if desk else said_to_readers():
            file.write(entry(context, message))
    catalogs._catalog.cache_clear()  # another module's made-up language may be known
    english = LANGUAGES["en"]
    LANGUAGES[TAG] = replace(
        english,
        tag=TAG,
        folder=str(folder),
        name=accented(english.name),
        switch=accented(english.switch),
    )
    try:
        yield TAG
    finally:
        del LANGUAGES[TAG]


@cache
def said_anywhere() -> list[Message]:
    """Return every message of the sources, read once in a run."""
    return list(all_messages())


@cache
def said_in_sources() -> dict[str, dict[Key, list[str]]]:
    """Return what the sources say to readers, by area."""
    return extracted(said_anywhere())


def said_to_readers() -> list[Key]:
    return [key for messages in said_in_sources().values() for key in messages]


def said_at_the_desk() -> list[Key]:
    """Return every message once; of one with a plural that stands alone, too, the plural's."""
    found: dict[tuple[str | None, str], Key] = {}
    for _, message, _, context in said_anywhere():
        one = message if isinstance(message, str) else message[0]
        if (context, one) not in found or not isinstance(message, str):
            found[context, one] = context, message
    return list(found.values())


def entry(context: str | None, message: str | tuple[str, ...]) -> str:
    lines = [f"msgctxt {quoted(context)}"] if context else []
    one, *many = (message,) if isinstance(message, str) else message
    lines.append(f"msgid {quoted(one)}")
    if many:
        lines.append(f"msgid_plural {quoted(many[0])}")
        lines += [f"msgstr[0] {quoted(accented(one))}", f"msgstr[1] {quoted(accented(many[0]))}"]
    else:
        lines.append(f"msgstr {quoted(accented(one))}")
    return "\n".join(lines) + "\n\n"


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def left_over(text: str, names: Iterable[str] = ()) -> list[str]:
    """Return each run of plain letters in a text that is neither a name nor an address."""
    text = SPOKEN.sub(" ", text)
    for name in sorted({*names, *CALENDAR_WORDS}, key=len, reverse=True):
        if name in text:  # to compile each name anew took most of a page's time
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return re.findall(r"(?<!\w)[A-Za-z]{2,}(?!\w)", text)


def left_over_on(page: str, names: Iterable[str] = ()) -> list[str]:
    """Return the same of a page: what is seen of it and what is read aloud; pieces that say their
    own language are left out.
    """
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", page)
    page = re.sub(r'(?s)<(\w+)[^>]*\blang="(?!en-XA)[^"]*"[^>]*>.*?</\1>', " ", page)
    aloud = " ".join(READ_ALOUD.findall(page))
    seen = re.sub(r"<[^>]+>", " ", page)
    return left_over(html.unescape(f"{seen} {aloud}"), names)
