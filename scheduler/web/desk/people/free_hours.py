"""When a patient or a relative is free, as a week; never over somebody else's change."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.admissions import change_hours, weekly_hours
from scheduler.i18n import catalog, zone
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import practice
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.people.family_circle import circle_of, one_of_them
from scheduler.web.own.week_grid import (
    DAY_WORDS,
    Hours,
    as_seen,
    clock_words,
    seen_hours,
    typed_week,
    week_shown,
)
from scheduler.web.parts.page import Page
from scheduler.web.preview.form_turn import take_its_turn
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("free_hours", __name__, url_prefix="/desk/patients")


@bp.get("/<key>/hours/<person_key>")
@allow(*STAFF)
def show(key: str, person_key: str) -> Page:
    """Show the hours of the week they are free."""
    return _form(key, person_key, {})


@bp.post("/<key>/hours/<person_key>")
@allow(*STAFF)
def change(key: str, person_key: str) -> Page:
    """Change them, the next plan keeps to them; where a relative can come no more, it is shown
    first who gets a letter.
    """
    patient, person = one_of_them(key, person_key)
    if request.form.get("change"):
        return _form(key, person_key, {})
    _ = catalog(reader_language())
    try:
        hours = typed_week()
    except InputError as error:
        return _form(key, person_key, {"free": str(error)}), 422
    name = person.name
    by = me().key
    moment = now()
    deed = partial(
        change_hours,
        person,
        hours,
        seen=seen_hours(),
        by=by,
        now=moment,
    )
    people = circle_of(patient)
    try:
        ahead = act_on_sight(
            deed,
            people,
            by=by,
            now=moment,
        )
        if ahead.is_silent:
            if way := take_its_turn():
                return way
            deed()
    except Conflict:
        db.session.rollback()
        # the change met while looking may be the first of two clicks
        return take_its_turn() or _changed_meanwhile(key, person_key)
    if not (ahead.is_silent or ahead.is_done):
        back = url_for("free_hours.show", key=key, person_key=person_key)
        return _shown(ahead, name, back)
    db.session.commit()
    flash(_("The next plan keeps to the hours of {name}.").format(name=name))
    return redirect(url_for("patients.patient", key=key), 303)


def _shown(ahead: Ahead, name: str, back: str) -> Page:
    """Return the page that shows what other hours take out before they do."""
    _ = catalog(reader_language())
    title = _("The hours of {name}: what they take out")
    return ahead_page(
        ahead,
        title=title.format(name=name),
        what=[],
        deed=_("Save these hours"),
        back=back,
    )


def _changed_meanwhile(key: str, person_key: str) -> Page:
    _patient, person = one_of_them(key, person_key)
    _ = catalog(reader_language())
    said = _("The hours were changed meanwhile and are now: {hours}. Send again what is to count.")
    words = said.format(hours=_words(weekly_hours(person)))
    return _form(key, person_key, {"free": words}), 409


def _words(hours: Hours) -> str:
    """Return hours as people say them."""
    _ = catalog(reader_language())
    if hours is None:
        return _("always")
    said = []
    for window in hours:
        days = ", ".join(_(DAY_WORDS[day]) for day in window.days)
        start, end = clock_words(window.start), clock_words(window.end)
        said.append(f"{days} {start}–{end}")
    return "; ".join(said) or _("never")


def _form(key: str, person_key: str, errors: dict[str, str]) -> str:
    patient, person = one_of_them(key, person_key)
    hours = weekly_hours(person)
    return render_template(
        "desk/people/free_hours.html",
        patient=patient,
        person=person,
        errors=errors,
        seen=as_seen(hours),
        week=week_shown(hours),
        zone=zone(person.zone or practice().zone, reader_language()),
        is_sent=request.method == "POST",
    )
