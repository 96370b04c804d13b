"""How somebody is reminded, chosen by themselves: by which way, how long before, at which hour."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import reminders, sms
from scheduler.i18n import N_, catalog, clock, zone
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox import gateway
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind
from scheduler.reminders import EVENINGS, Way, Wish
from scheduler.web.auth.access import Who, allow, home_of, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page

bp = Blueprint("own_reminders", __name__, url_prefix="/reminders")
WAYS = {
    Way.MAIL: N_("By mail"),
    Way.TEXT: N_("By text message"),
    Way.BOTH: N_("By mail and by text message"),
    Way.NONE: N_("No reminders"),
}
BY_TEXT = (Way.TEXT, Way.BOTH)
TIMES = {
    "week": N_("On Sunday, for the week"),
    "day": N_("The day before"),
    "hour": N_("One hour before"),
}
KEPT = N_("Kept. We remind you like this from now on.")
KEPT_NONE = N_("Kept. No reminders come from now on.")


@bp.get("/")
@allow(Who.PATIENT, Who.RELATIVE)
def page() -> Page:
    """Show what was chosen, to choose again."""
    return _page({})


@bp.post("/")
@allow(Who.PATIENT, Who.RELATIVE)
def choose() -> Page:
    """Keep what was chosen."""
    person = me()
    wish, errors = _typed(person)
    if wish is None:
        return _page(errors), 422
    reminders.choose_reminders(person, wish, by=person.key, now=now())
    db.session.commit()
    said = KEPT_NONE if wish.way is Way.NONE else KEPT
    flash(catalog(reader_language())(said))
    return redirect(url_for("own_reminders.page"), 303)


def _typed(person: Person) -> tuple[Wish | None, dict[str, str]]:
    """Return what was chosen, or None with what is wrong, by field."""
    _ = catalog(reader_language())
    way = enum_field("way", Way)
    if way is None or (way in BY_TEXT and not _may_get_texts(person)):
        return None, {"way": _("Choose how your reminders come.")}
    times = set(request.form.getlist("when")) & TIMES.keys()
    if not times and way is not Way.NONE:
        return None, {"when": _("Choose at least one time, or no reminders.")}
    hour = request.form.get("evening", "")
    hours = {str(offered): offered for offered in EVENINGS}
    if hour and hour not in hours:
        return None, {"evening": _("Choose an hour from the list.")}
    wish = Wish(
        way,
        week_ahead="week" in times,
        day_before="day" in times,
        hour_before="hour" in times,
        evening=hours.get(hour),
    )
    return wish, {}


def _may_get_texts(person: Person) -> bool:
    """True if somebody agreed to text messages, and some can be sent."""
    return gateway() is not None and sms.standing_agreement(person) is not None


def _page(errors: dict[str, str]) -> str:
    person, language = me(), reader_language()
    _ = catalog(language)
    wish = reminders.wish_of(person)
    texts = _may_get_texts(person)
    ways = [(way.value, _(words), "") for way, words in WAYS.items() if texts or way not in BY_TEXT]
    return render_template(
        "own/own_reminders.html",
        errors=errors,
        is_patient=person.kind is PersonKind.PATIENT,
        home=home_of(person),
        has_chosen=wish is not None,
        texts=texts,
        ways=ways,
        times=[(name, _(words), "") for name, words in TIMES.items()],
        evenings=_evenings(language),
        chosen=_chosen(wish),
        clock=zone(person.zone or practice().zone, language),
    )


def _chosen(wish: Wish | None) -> dict[str, object]:
    """Return what stands in the form: what was typed, else what was chosen before."""
    if request.method == "POST":
        times = request.form.getlist("when")
        return {
            "way": request.form.get("way"),
            "when": times,
            "evening": request.form.get("evening"),
        }
    if wish is None:
        return {"way": None, "when": [], "evening": ""}
    ticked = {"week": wish.week_ahead, "day": wish.day_before, "hour": wish.hour_before}
    evening = "" if wish.evening is None else str(wish.evening)
    times = [name for name, is_ticked in ticked.items() if is_ticked]
    return {"way": wish.way.value, "when": times, "evening": evening}


def _evenings(language: str) -> list[tuple[str, str]]:
    """Return when the reminder of the day before may come."""
    _ = catalog(language)
    found = [("", _("At the hour it begins, one day before"))]
    for hour in EVENINGS:
        time = clock(datetime(2027, 1, 4, hour), language)  # noqa: DTZ001 - a wall time
        found.append((str(hour), _("At {time} the evening before").format(time=time)))
    return found
