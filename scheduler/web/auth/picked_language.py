"""The language that somebody picks on a page: theirs from then on, for letters, reminders and text
messages too. Who has not proved to be themselves keeps it in their browser alone; it is theirs as
soon as they do, within the hour.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from flask import current_app, g, request

from scheduler import feeds
from scheduler.i18n import LANGUAGES, N_, Language, catalog, language_for
from scheduler.invitations import change_contact
from scheduler.people import contact_of, other_selves
from scheduler.people.models import Person
from scheduler.web.auth.access import known_here
from scheduler.web.auth.reader_language import picked_lately, reader_language

NAMES = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "pt-BR": N_("Portuguese"),
}
WRITTEN = N_("From now on we write to you in {language}.")


@dataclass(frozen=True, slots=True)
class Tongues:
    """What every page of patients and families offers: the language it is in, `here`, and the
    others. `person_id` is of who reads, "" for somebody not known here; `written` is what we write
    to them in, in words, "" where that is the page's own language; `back` is the page's address.
    """

    here: Language
    others: tuple[Language, ...]
    person_id: str = ""
    written: str = ""
    back: str = ""


def tongues(*, known: bool = True) -> Tongues | None:
    """Return the choice of languages of this page, None for staff: theirs are in English. Without
    `known` it is that of somebody not known here.
    """
    here = LANGUAGES[reader_language()]
    others = tuple(language for language in LANGUAGES.values() if language is not here)
    person = _reader() if known else None
    if person is None:
        return Tongues(here, others)
    if person.clinician is not None:
        return None
    is_same = language_for(person.language) == here.tag
    written = "" if is_same else written_in(person)
    return Tongues(here, others, person.id, written, _way_back())


def written_in(person: Person) -> str:
    """Return the language that we write to somebody in, in the words of this page's."""
    return language_name(language_for(person.language), reader_language())


def language_name(tag: str, language: str) -> str:
    """Return what one of our languages is called in another: "español" for Spanish in its own."""
    return catalog(language)(NAMES.get(tag, LANGUAGES[tag].name))


def keep_language(person: Person, tag: str, *, now: datetime) -> str:
    """Let a patient or relative be written to in a language (a tag of ours) by their own word, in
    what waits to leave, too; return what to say to them, "" where it was so before.
    """
    is_theirs = person.language is not None and language_for(person.language) == tag
    if is_theirs or person.clinician is not None:
        return ""
    contact = replace(contact_of(person), language=tag)
    change_contact(person, contact, by=person.key, now=now)
    feeds.refresh(now=now, people=[person.id, *other_selves([person.id])])
    return catalog(tag)(WRITTEN).format(language=language_name(tag, tag))


def keep_picked(person: Person, *, now: datetime) -> str:
    """Let what this browser picked within the hour be the word of who has just proved to be
    themselves; return what to say to them, "" for nothing.
    """
    tag = picked_lately()
    if tag:
        return keep_language(person, tag, now=now)
    return ""


def _reader() -> Person | None:
    """Return whose page this is, if it is they who are here."""
    reader_id = g.get("reader_id")
    return known_here(reader_id) if reader_id else None


def _way_back() -> str:
    """Return the address of this page; of one that only a form opens, that of the page above."""
    path = request.path
    pages = current_app.url_map.bind("")
    while path and not pages.test(path, "GET"):
        path = path.rpartition("/")[0]
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    if path == request.path and asked:
        return f"{path}?{urlencode(asked)}"
    return path or "/"
