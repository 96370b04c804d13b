"""When nothing may arrive at a patient or relative, as they said it at the desk; told to nobody
else.
"""

from flask import Blueprint, flash, redirect, render_template, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import end_hours, mark_hours
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import one_of_them
from scheduler.web.parts.page import Page
from scheduler.web.safe.safe_hours import form_words, too_many, typed_hours

bp = Blueprint("safe_hours_desk", __name__, url_prefix="/desk/patients")


@bp.get("/<key>/safe/<person_key>")
@allow(*STAFF)
def show(key: str, person_key: str) -> Page:
    """Show which hours are marked for somebody."""
    return _page(key, person_key, {})


@bp.post("/<key>/safe/<person_key>")
@allow(*STAFF)
def mark(key: str, person_key: str) -> Page:
    """Keep hours that somebody said at the desk."""
    _patient, person = one_of_them(key, person_key)
    typed, errors = typed_hours()
    if typed is None:
        return _page(key, person_key, errors), 422
    try:
        mark_hours(person, typed, by=me().key, now=now())
    except InputError:
        return _page(key, person_key, {"days": too_many()}), 422
    db.session.commit()
    said = catalog(reader_language()).gettext("Kept. Nothing reaches {name} in these hours.")
    flash(said.format(name=person.name))
    return redirect(url_for("safe_hours_desk.show", key=key, person_key=person_key), 303)


@bp.post("/<key>/safe/<person_key>/end/<row_id>")
@allow(*STAFF)
def end(key: str, person_key: str, row_id: str) -> Page:
    """Let things arrive in these hours again."""
    _patient, person = one_of_them(key, person_key)
    end_hours(person, row_id, by=me().key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("Done. Things may come in these hours again."))
    return redirect(url_for("safe_hours_desk.show", key=key, person_key=person_key), 303)


def _page(key: str, person_key: str, errors: dict[str, str]) -> str:
    patient, person = one_of_them(key, person_key)
    return render_template(
        "desk/people/safe_hours.html",
        patient=patient,
        person=person,
        errors=errors,
        **form_words(person),
    )
