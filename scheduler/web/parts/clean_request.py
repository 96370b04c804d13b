"""What people type, before any page reads it: without signs that turn the order of letters round,
and refused where no database could keep it.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest

from scheduler.ical import without_direction


class CleanValues(ImmutableMultiDict[str, Any]):
    """The fields of a form or an address; files come as they are."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(list(_cleaned(MultiDict(mapping).items(multi=True))))


class CleanRequest(Request):
    """A request whose fields are clean."""

    parameter_storage_class = CleanValues


def add_clean_requests(app: Flask) -> None:
    """Let every page read clean fields only, and serve no address that holds what cannot be
    kept.
    """
    app.request_class = CleanRequest
    app.before_request(_refuse_odd_address)


def _refuse_odd_address() -> None:
    _refuse_unkept(request.path)


def _cleaned(fields: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in fields:
        if isinstance(value, str):
            _refuse_unkept(value)
            value = without_direction(value)
        yield name, value


def _refuse_unkept(text: str) -> None:
    """Refuse NUL, which PostgreSQL keeps in no text, and halves of a character, which no text has.
    Raises BadRequest.
    """
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadRequest
