"""Somebody's codes open no new browser, because strangers guessed at them: whoever knows that it is
they lets them open again.
"""

from flask import Blueprint, flash, redirect, render_template, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import let_codes_open, stopped_among
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import one_of_them
from scheduler.web.parts.page import Page

bp = Blueprint("stopped_codes", __name__, url_prefix="/desk/patients")


@bp.get("/<key>/codes/<person_key>")
@allow(*STAFF)
def page(key: str, person_key: str) -> Page:
    """Say whether codes of a patient or relative are stopped, and why."""
    patient, person = one_of_them(key, person_key)
    return render_template(
        "desk/accounts/stopped_codes.html",
        patient=patient,
        person=person,
        is_stopped=person.id in stopped_among([person]),
    )


@bp.post("/<key>/codes/<person_key>")
@allow(*STAFF)
def let_open(key: str, person_key: str) -> Page:
    """Let their codes open new browsers again; where nothing was stopped, nothing is done."""
    _, person = one_of_them(key, person_key)
    let_codes_open(person, by=me().key, now=now())
    db.session.commit()
    said = catalog(reader_language()).gettext("Codes of {name} work everywhere again.")
    flash(said.format(name=person.name))
    return redirect(url_for("stopped_codes.page", key=key, person_key=person_key), 303)
