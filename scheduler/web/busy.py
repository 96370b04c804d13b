"""A clinician's own busy times: a calendar is uploaded, and plans keep clear of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.busy import calendar_of, forget, upload
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.web.access import STAFF, allow, me
from scheduler.web.times import moment_words

busy = Blueprint("busy", __name__, url_prefix="/mine/busy")
Page = str | tuple[str, int] | Response


@busy.get("/")
@allow(*STAFF)
def page() -> Page:
    """Say what is known, and take a calendar."""
    return _page({})


@busy.post("/")
@allow(*STAFF)
def bring() -> Page:
    """Read an uploaded calendar."""
    person, file = me(), request.files.get("calendar")
    data = b""
    if file is not None:
        data = file.read()
        file.close()
    if not data:
        return _page({"calendar": "Choose the file that your calendar program exported (it ends in .ics)."}), 422
    try:
        count = upload(person, data, by=person.key, now=now())
    except InputError as error:
        db.session.rollback()
        return _page({"calendar": f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was changed."}), 422
    db.session.commit()
    flash(f"{count} busy times are known now. The next plan keeps clear of them; what is published stays as it is.")
    return redirect(url_for("busy.page"), 303)


@busy.post("/forget")
@allow(*STAFF)
def let_go() -> Page:
    """Forget the calendar."""
    person = me()
    forget(person, by=person.key, now=now())
    db.session.commit()
    flash("Your busy times are forgotten.")
    return redirect(url_for("busy.page"), 303)


def _page(errors: dict[str, str]) -> str:
    known, zone = calendar_of(me()), practice().zone
    since = moment_words(known.uploaded_at, zone) if known else None
    return render_template("mine/busy.html", errors=errors, since=since)
