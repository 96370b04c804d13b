"""The style guide: every part that pages are made of, to look at. Demo only."""

from flask import Blueprint, render_template

from scheduler.programs import Kind
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.time_words import KIND_COLOURS

bp = Blueprint("styleguide", __name__, url_prefix="/demo/styleguide")
SAMPLES = (Kind.GROUP, Kind.INDIVIDUAL, Kind.FAMILY_THERAPY, Kind.FAMILY_WORKSHOP, Kind.ASSESSMENT)
"""One kind of session for each colour."""


@bp.get("")
@allow(Who.ANYONE)
def page() -> str:
    """Show every macro of templates/ui once, and the colours of the kinds of sessions."""
    language = reader_language()
    kinds = []
    for kind in SAMPLES:
        kinds.append((KIND_COLOURS.get(kind, "other"), kind_in(language, kind)))
    return render_template("demo/styleguide.html", kinds=kinds)
