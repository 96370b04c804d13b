"""What no request may bring: another host's name, and signs that no database keeps."""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from werkzeug.datastructures import MultiDict

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""This machine: a proxy before us, or somebody who looks after it."""
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL keeps in no text, and half a sign, which is no UTF-8."""
LARGEST_FORM = 64 * 1024
"""Octets of what is typed into a form; files are bounded by their own door."""
LARGEST_BESIDE_FILE = 4 * LARGEST_FORM
"""Octets typed into a form with a file: the parser holds a piece of the file, as large as a form
may be, and counts it as typed.
"""
MOST_FIELDS = 200
SECRET_ADDRESSES = frozenset({"feed", "invitation", "join"})
"""Pages behind a secret, of which only a hash is looked for: all wrong ones look alike."""


def refuse_hostile_requests(app: Flask) -> None:
    """Refuse with 400 what comes to another host than BASE_URL and TRUSTED_HOSTS name, and what
    cannot be kept; with 413 what is too much to have been typed.
    """
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BESIDE_FILE
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.before_request(_bound_form)
    app.before_request(_refuse_other_hosts)
    app.before_request(_refuse_unstorable)


def is_storable(text: str) -> bool:
    """True if every database keeps the text as it is."""
    return UNSTORABLE.search(text) is None


def _bound_form() -> None:
    """Bound a form without files; that of one with files is bounded by the settings above."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = LARGEST_FORM


def _refuse_other_hosts() -> None:
    """Health is asked for under any name: who looks after it may not know ours."""
    if request.blueprint == "health":
        return
    settings = current_app.config["KINFOLD"]
    ours = {urlsplit(settings.base_url).hostname, *settings.trusted_hosts}
    try:
        asked = urlsplit(f"//{request.host}").hostname
    except ValueError:
        asked = None
    if asked not in ours | LOOPBACK:
        abort(400)


def _refuse_unstorable() -> None:
    asks_only = request.method in {"GET", "HEAD"}
    if not asks_only and len(request.form) > MOST_FIELDS:
        abort(413)
    texts = chain(_asked(), () if asks_only else _sent())
    if not all(map(is_storable, texts)):
        abort(400)


def _asked() -> Iterator[str]:
    """Yield what an address says: its path, and its question where there is one."""
    if request.blueprint not in SECRET_ADDRESSES:
        yield request.path
    if request.query_string:
        yield from _fields(request.args)


def _sent() -> Iterator[str]:
    """Yield what a form says, and the names of its files."""
    yield from _fields(request.form)
    for file in request.files.values():
        yield file.filename or ""


def _fields(fields: MultiDict[str, str]) -> Iterator[str]:
    """Yield names and values; a part of a form whose name is broken has none, and is like NUL."""
    for name, values in fields.lists():
        yield "\0" if name is None else name
        yield from values


def is_ours(place: str) -> bool:
    """True if an address that came in leads to a page here, and to no other host."""
    return place.startswith("/") and not place.startswith(("//", "/\\"))
