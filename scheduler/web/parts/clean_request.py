"""What people type, before a page reads it: without signs that turn letters round."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from scheduler.ical import without_direction


class CleanValues(ImmutableMultiDict[str, Any]):
    """The fields of a form or an address; files come as they are."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(list(_cleaned(MultiDict(mapping).items(multi=True))))


class CleanRequest(Request):
    """A request whose fields are clean."""

    parameter_storage_class = CleanValues


def add_clean_requests(app: Flask) -> None:
    """Let every page read clean fields only."""
    app.request_class = CleanRequest


def _cleaned(fields: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in fields:
        if isinstance(value, str):
            value = without_direction(value)
        yield name, value
