"""Which language a page speaks: its reader's own, else what they chose, else what their browser
accepts.

`?lang=` on any page chooses for that page at once, and is kept in a cookie for the pages of those
whose own language is not known. Picked by somebody not known here, it holds for the hour, and is
theirs when they sign in (`picked_language.py`). The desk speaks English.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, g, request, session
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response

from scheduler.i18n import LANGUAGES, choose, language_for, speak
from scheduler.kernel.clock import now
from scheduler.people.models import Person
from scheduler.web.auth.access import KNOWN
from scheduler.web.auth.cookies import is_secure, named_cookie

COOKIE = "kinfold-language"
YEAR = 365 * 24 * 3600
ENGLISH_ONLY = frozenset({"mailbox", "phones", "styleguide"})
"""The demo's own pages, which nobody translated."""
PICKED = "picked-language"
"""What the form's cookie keeps of a language that somebody not known here picked, and when."""
FRESH = timedelta(hours=1)


def speak_to(person: Person) -> str:
    """Speak to a person from now on in this request, who need not be signed in; return their
    language.
    """
    g.language, g.reader_id = _language(person), person.id
    return str(g.language)


@contextmanager
def said_here(person: Person) -> Iterator[None]:
    """Let the block say to `person` what it says in the language of this page: another reads it."""
    reader_language()
    before = g.get("reader_id")
    g.reader_id = person.id
    try:
        yield
    finally:
        g.reader_id = before


def forget_reader() -> None:
    """Speak from now on in this request as if nobody had been spoken to."""
    g.pop("language", None)
    g.pop("reader_id", None)


def reader_language() -> str:
    """Return the language of this request's reader."""
    if "language" not in g:
        g.language = _language(None)
    return str(g.language)


def language_of(person: Person) -> str:
    """Return the language for a person; in a request of their own, that of the page."""
    if _is_reader(person):
        return reader_language()
    return language_for(person.language)


def language_on_page(person: Person) -> str:
    """Return the language for what a person asks for on this page, signed in or not: what the page
    was asked for, else their own, else what their browser chose or accepts.
    """
    return _language(person)


def asked_language() -> str | None:
    """Return the language that was asked for in so many words: for this page, or within the hour by
    somebody not known here.
    """
    return _asked() or picked_lately()


def picked_lately() -> str | None:
    """Return the language that this browser picked within the hour while nobody was known here."""
    if "HTTP_COOKIE" not in request.environ:
        return None
    picked: dict[str, str] = session.get(PICKED, {})
    with suppress(TypeError, ValueError, KeyError):
        is_fresh = now() - datetime.fromisoformat(picked["at"]) < FRESH
        if is_fresh and picked["tag"] in LANGUAGES:
            return picked["tag"]
        return None
    return None


def forget_picked() -> None:
    """Let what this browser picked count no more: who picked it is known by now."""
    session.pop(PICKED, None)


def language_of_browser() -> str:
    """Return the language that this browser chose or accepts, whoever reads."""
    accepted = [tag for tag, _ in request.accept_languages]
    return choose(None, _chosen(), accepted)


def add_languages(app: Flask) -> None:
    """Let every template speak its reader's language, and keep what is chosen on a page."""
    speak(app.jinja_env, reader_language)
    app.jinja_env.globals["languages"] = LANGUAGES
    app.before_request(_settle)
    app.context_processor(_told)
    app.after_request(_keep)


def _is_reader(person: Person) -> bool:
    return bool(g.get("reader_id") == person.id)


def _settle() -> None:
    """Take the language of who is signed in, as long as there is a database to ask; an error page
    must not need one.
    """
    person = request.environ.get(KNOWN)
    if person is not None:
        speak_to(person)


def _language(person: Person | None) -> str:
    asked = _asked()
    if asked:
        return asked
    if request.blueprint in ENGLISH_ONLY:
        return "en"
    if person is not None and person.clinician is not None:
        return "en"
    picked = picked_lately()
    if picked:
        return picked
    accepted = [tag for tag, _ in request.accept_languages]
    return choose(person.language if person else None, _chosen(), accepted)


def _asked() -> str | None:
    asked = None
    with suppress(BadRequest, RequestEntityTooLarge):  # the page that says so has a language, too
        asked = request.args.get("lang")
        asked = asked or request.form.get("lang")
    if asked in LANGUAGES or asked == "pt":
        return language_for(asked)
    return None


def _told() -> dict[str, Any]:
    language = reader_language()
    return {
        "language": language,
        "direction": LANGUAGES[language].direction,
    }


def _keep(response: Response) -> Response:
    asked = _asked() if request.method == "GET" else None
    if asked and request.environ.get(KNOWN) is None:
        session[PICKED] = {"tag": asked, "at": now().isoformat()}
    if asked and _chosen() != asked:
        response.set_cookie(
            named_cookie(COOKIE),
            asked,
            max_age=YEAR,
            httponly=True,
            secure=is_secure(),
            samesite="Lax",
            path="/",
        )
    return response


def _chosen() -> str | None:
    """Return the language that was chosen with this browser before."""
    return request.cookies.get(named_cookie(COOKIE))
