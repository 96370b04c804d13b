"""When nothing may arrive: people mark hours in which somebody else may see it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import N_, catalog, clock, weekday, zone
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Marking, end_hours, mark_hours, marked_hours, practice
from scheduler.people.models import Person, PersonKind
from scheduler.people.safe_contact.models import MarkedHours, Means
from scheduler.web.auth.access import Who, allow, home_of, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page

bp = Blueprint("safe_hours", __name__, url_prefix="/safe")
DAY = 24 * 60
WEEK = tuple("0123456")
MONDAY = date(2027, 1, 4)
"""Any Monday: its week names the weekdays."""
MEANS = {
    Means.MAIL: N_("Mail"),
    Means.TEXT: N_("Text messages"),
    Means.BOTH: N_("Mail and text messages"),
}


@dataclass(frozen=True, slots=True)
class ShownHours:
    """Hours that were marked, in words."""

    id: str
    days: str
    times: str
    means: str


@bp.get("/")
@allow(Who.PATIENT, Who.RELATIVE)
def page() -> Page:
    """Show which hours are marked, and let more be."""
    return _page({})


@bp.post("/")
@allow(Who.PATIENT, Who.RELATIVE)
def mark() -> Page:
    """Keep hours in which nothing may arrive."""
    person = me()
    typed, errors = typed_hours()
    if typed is None:
        return _page(errors), 422
    try:
        mark_hours(person, typed, by=person.key, now=now())
    except InputError:
        return _page({"days": too_many()}), 422
    db.session.commit()
    flash(catalog(reader_language()).gettext("Kept. Nothing will come in these hours."))
    return redirect(url_for("safe_hours.page"), 303)


@bp.post("/end/<row_id>")
@allow(Who.PATIENT, Who.RELATIVE)
def end(row_id: str) -> Page:
    """Let things arrive in these hours again."""
    person = me()
    end_hours(person, row_id, by=person.key, now=now())
    db.session.commit()
    flash(catalog(reader_language()).gettext("Done. Things may come in these hours again."))
    return redirect(url_for("safe_hours.page"), 303)


def typed_hours() -> tuple[Marking | None, dict[str, str]]:
    """Return what was marked, or None with what is wrong, by field."""
    days = set()
    for day in request.form.getlist("days"):
        if day in WEEK:
            days.add(int(day))
    means = enum_field("means", Means)
    begin, end = _minute("begin"), _minute("end")
    _ = catalog(reader_language())
    errors = _wrong_times(begin, end)
    if not days:
        errors["days"] = _("Choose at least one day.")
    if means is None:
        errors["means"] = _("Choose mail, text messages or both.")
    if errors:
        return None, errors
    assert begin is not None and end is not None and means is not None
    return Marking(frozenset(days), begin, end or DAY, means), {}


def _wrong_times(begin: int | None, end: int | None) -> dict[str, str]:
    """Return what is wrong with two times of a day; two midnights are the whole day."""
    _ = catalog(reader_language())
    errors = {}
    if begin is None:
        errors["begin"] = _("Say from when.")
    if end is None:
        errors["end"] = _("Say until when.")
    elif begin == end and end != 0:
        errors["end"] = _("The two times are the same.")
    return errors


def too_many() -> str:
    """Return what is said when no more hours can be marked."""
    return catalog(reader_language()).gettext("That is too many. Take some away first.")


def shown_hours(person: Person) -> list[ShownHours]:
    """Return the hours that somebody marked, in the reader's words."""
    return [_in_words(row) for row in marked_hours(person)]


def form_words(person: Person) -> dict[str, object]:
    """Return what the form of hours needs beside what was typed: names of days and ways, and whose
    clock counts.
    """
    language = reader_language()
    _ = catalog(language)
    days = [(str(day), _day_name(day), "") for day in range(7)]
    means = [(way.value, _(words), "") for way, words in MEANS.items()]
    return {
        "hours": shown_hours(person),
        "day_names": days,
        "means": means,
        "clock": zone(person.zone or practice().zone, language),
        "typed_days": request.form.getlist("days"),
        "typed": request.form,
    }


def _minute(name: str) -> int | None:
    try:
        typed = time.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
    return typed.hour * 60 + typed.minute


def _in_words(row: MarkedHours) -> ShownHours:
    _ = catalog(reader_language())
    days = ", ".join(_day_name(int(day)) for day in row.days)
    if len(row.days) == len(WEEK):
        days = _("Every day")
    times = f"{_time(row.begin)} – {_time(row.end)}"
    if (row.begin, row.end) == (0, DAY):
        times = _("the whole day")
    elif row.end <= row.begin:
        times = _("{times} on the next day").format(times=times)
    return ShownHours(
        row.id,
        days,
        times,
        _(MEANS[row.means]),
    )


def _day_name(day: int) -> str:
    name = weekday(MONDAY + timedelta(days=day), reader_language())
    return name[:1].upper() + name[1:]


def _time(minute: int) -> str:
    whole, rest = divmod(minute % DAY, 60)
    return clock(datetime(2027, 1, 4, whole, rest), reader_language())  # noqa: DTZ001 - a wall time


def _page(errors: dict[str, str]) -> str:
    person = me()
    return render_template(
        "family/safe_hours.html",
        errors=errors,
        is_patient=person.kind is PersonKind.PATIENT,
        home=home_of(person),
        **form_words(person),
    )
