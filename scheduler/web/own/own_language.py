"""The language of a page, picked on it: from then on the reader's own, in whatever we write."""

from flask import Blueprint, abort, flash, redirect, request, url_for

from scheduler.i18n import LANGUAGES
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.web.auth.access import Who, allow, known_here
from scheduler.web.auth.hostile_requests import is_ours
from scheduler.web.auth.picked_language import keep_language
from scheduler.web.auth.reader_language import forget_picked
from scheduler.web.parts.page import Page

bp = Blueprint("own_language", __name__)


@bp.post("/language")
@allow(Who.ANYONE)
def choose() -> Page:
    """Keep what was picked and lead back; who is not known here any more picks for the page."""
    tag = request.form.get("lang", "")
    if tag not in LANGUAGES:
        abort(400)
    person = known_here(request.form.get("person", ""))
    if person is None:
        return redirect(url_for("sign_in.front", lang=tag), 303)
    forget_picked()
    said = keep_language(person, tag, now=now())
    db.session.commit()
    if said:
        flash(said)
    back = request.form.get("back", "")
    if not is_ours(back):
        back = url_for("sign_in.front")
    return redirect(back, 303)
