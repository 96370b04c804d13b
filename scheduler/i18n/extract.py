"""`python -m scheduler.i18n.extract` brings the translations up to date with the sources.

Every area of the product has its own part of each language, so that hands working on different
pages do not meet in one file. A message stands in the first area that says it. What is already
translated stays, wherever it stood; what is new waits with an empty translation; what nobody says
any more is left out.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from scheduler.i18n.catalogs import TRANSLATIONS, merged
from scheduler.i18n.languages import LANGUAGES, SOURCE, Language

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
TURNS = "scheduler/web/preview/form_turn"
"""What anybody reads whose form another was faster with."""
SAFE = "scheduler/web/safe/safe_hours.py"
"""What patients and relatives read of hours in which nothing may arrive; staff, beside it."""
HELP = "scheduler/people/help_line.py"
"""Whom pages and letters say to ask, and when."""
COMMON = (
    "scheduler/i18n",
    "scheduler/web/parts",
    "templates/parts",
    "templates/ui",
    TURNS,
    SAFE,
    HELP,
)
AREAS = (
    ("common", COMMON),
    (
        "letters",
        (
            "scheduler/feeds",
            "scheduler/invitations/letters",
            "scheduler/reminders",
            "scheduler/sms",
            "templates/letters",
        ),
    ),
    ("auth", ("scheduler/web/auth", "templates/auth")),
    ("family", ("scheduler/web/family", "templates/family")),
    ("portal", ("scheduler/web/portal", "templates/portal")),
    ("own", ("scheduler/web/own", "templates/own")),
    ("check", ("scheduler/web/check", "templates/check")),
    ("evenings", ("scheduler/web/evenings/open_evening", "templates/evenings")),
    ("recordings", ("scheduler/web/recordings/watch_recording", "templates/recordings")),
)
"""Who is spoken to, and the places (how their paths begin) that speak to them; a message belongs to
the first area that says it. What no area names is the desk's, which speaks English.
"""
HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {tag}\\n"
"Plural-Forms: {plural}\\n"

"""

Key = tuple[str | None, str | tuple[str, ...]]
Message = tuple[str, str | tuple[str, ...], list[str], str | None]
"""Path, message, comments, context."""


def extracted(said: Iterable[Message] = ()) -> dict[str, dict[Key, list[str]]]:
    """Return every message of each area with what is said about it to translators; `said` are the
    messages of the sources, where they were read before.
    """
    found: dict[str, dict[Key, list[str]]] = {area: {} for area, _ in AREAS}
    taken: set[Key] = set()
    said = list(said) or list(all_messages())
    for area, places in AREAS:
        here = found[area]
        for path, message, comments, context in said:
            key = context, message
            if key in taken or not path.startswith(places):
                continue
            known = here.setdefault(key, [])
            known.extend(comments)
        taken.update(here)
    return found


def update(folder: Path, language: Language) -> int:
    """Write the parts of one language anew; return how many messages wait for a translation."""
    known = merged(folder, language)
    waiting = 0
    for area, messages in extracted().items():
        part = Messages(locale=language.locale_name)
        part.mime_headers = [("Plural-Forms", language.plural)]
        for (context, message), comments in messages.items():
            singular = message if isinstance(message, str) else message[0]
            before = known.get(singular, context)
            string = before.string if before else None
            once = sorted(set(comments))
            part.add(message, string, context=context, auto_comments=once)
            waiting += not string
        _write(folder / f"{area}.po", part, language)
    return waiting


def _write(path: Path, part: Messages, language: Language) -> None:
    header = HEADER.format(tag=language.tag, plural=language.plural)
    with path.open("wb") as file:
        file.write(header.encode())
        write_po(
            file,
            part,
            omit_header=True,
            no_location=True,
            sort_output=True,
            width=100,
        )


def all_messages() -> Iterator[Message]:
    """Yield every message of the sources, the desk's too: path, message, comments, context."""
    for place in ("scheduler", "templates"):
        found = extract_from_dir(
            ROOT / place,
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for path, _, message, comments, context in found:
            yield f"{place}/{path}", message, comments, context


def main() -> None:
    """Bring every language up to date and say what waits."""
    for tag, language in LANGUAGES.items():
        if tag != SOURCE:
            folder = TRANSLATIONS / language.folder
            waiting = update(folder, language)
            sys.stdout.write(f"{tag}: {waiting} messages wait for a translation\n")


if __name__ == "__main__":
    main()
