"""A change of what everybody reads from outside: the letters that it causes are shown before it is
made.
"""

from collections.abc import Callable
from datetime import datetime

from flask import request

from scheduler.clinics import Record
from scheduler.i18n import catalog
from scheduler.invitations import people_told
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page
from scheduler.web.preview.form_turn import take_its_turn
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

OUTWARD = {"practice": ("outward_email",), "programs": ("outward_title",)}
"""What of a record stands in invitations that were sent, by kind."""


def reads_otherwise(kind: str, before: Record | None, said: Record) -> bool:
    """True if a changed record is another to whoever has an invitation."""
    if before is None:
        return False
    return any(before.get(name) != said.get(name) for name in OUTWARD.get(kind, ()))


def shown_first(deed: Callable[[], object], *, by: str, now: datetime) -> Page | None:
    """Return the page that shows the letters of a deed, or that the first of two clicks led to;
    None once it is done.

    Raises what `deed` raises, with nothing kept.
    """
    ahead = act_on_sight(deed, people_told(), by=by, now=now)
    if ahead.is_done:
        return None
    if ahead.is_silent:
        if way := take_its_turn():
            return way
        deed()
        return None
    _ = catalog(reader_language())
    return ahead_page(
        ahead,
        title=_("What is read from outside: who is told"),
        what=[],
        deed=_("Keep it"),
        back=request.path,
    )
