"""How the appointments of a patient or a clinician come into their own calendar: by address, by
invitation or both; and the titles of a patient's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.i18n import N_, catalog
from scheduler.invitations import Told, announce, change_way
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import calendar_choice, choose_calendar
from scheduler.people.models import Person, PersonKind, Way
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.own.way_words import staying_words
from scheduler.web.parts.page import Page

bp = Blueprint("calendar_delivery", __name__, url_prefix="/mine/calendar")
WAYS = {
    Way.FEED: (
        N_("By my calendar address"),
        N_(
            "Your calendar program looks there by itself. When something within a week changes, a "
            "short message says so."
        ),
    ),
    Way.INVITATIONS: (
        N_("As invitations by mail"),
        N_("Each appointment comes as a message. When something changes, a message puts it right."),
    ),
    Way.BOTH: (
        N_("Both"),
        N_(
            "Your own appointments come as invitations. Groups are at your calendar address. "
            "Nothing is shown twice."
        ),
    ),
}
TITLES = {
    "": (N_("Appointment"), N_("Whoever sees your calendar reads nothing else.")),
    "names": (
        N_("Appointment with Ana"),
        N_("The first name of who leads. Only at your calendar address, never in mail."),
    ),
}


@bp.get("/")
@allow(Who.PATIENT, *STAFF)
def page() -> Page:
    """Show what is chosen, and let it be changed."""
    return _page({})


@bp.post("/")
@allow(Who.PATIENT, *STAFF)
def choose() -> Page:
    """Keep the choice; invitations are written at once, and calendars say what is true now."""
    person = me()
    moment = now()
    way = request.form.get("way", "")
    title = request.form.get("titles") if _is_patient() else ""
    _ = catalog(reader_language())
    if way not in set(Way):
        return _page({"way": _("Choose how your appointments come.")}), 422
    if title not in TITLES:
        return _page({"titles": _("Choose what the titles say.")}), 422
    told = _tell(person, Way(way), title == "names", moment)
    feeds.refresh(now=moment, people=[person.id])
    made = feeds.standing_feed(person) is not None
    db.session.commit()
    flash(_kept(sum(news.letter_id is not None for news in told)))
    staying = staying_words(person)
    if staying is not None:
        flash(staying, "note")
    if Way(way) is not Way.INVITATIONS and not made:
        flash(_("You have no calendar address yet. Make one here."), "note")
        return redirect(url_for("agenda.address"), 303)
    return redirect(url_for("calendar_delivery.page"), 303)


def _tell(person: Person, way: Way, first_names: bool, moment: datetime) -> list[Told]:
    """Keep the choice and write what follows: to a patient one message, to staff each."""
    if person.kind is PersonKind.PATIENT:
        return change_way(
            person,
            way=way,
            first_names=first_names,
            by=person.key,
            now=moment,
        )
    choose_calendar(
        person,
        way=way,
        first_names=False,
        by=person.key,
        now=moment,
    )
    return announce(by=person.key, now=moment, people={person.id})


def _kept(messages: int) -> str:
    _ = catalog(reader_language())
    if not messages:
        return _("Kept.")
    leaving = _.ngettext(
        "Kept. {count} message is on the way to you.",
        "Kept. {count} messages are on the way to you.",
        messages,
    )
    return leaving.format(count=messages)


def _in_words(choices: Mapping[Any, tuple[str, str]]) -> dict[Any, tuple[str, str]]:
    _ = catalog(reader_language())
    return {value: (_(name), _(about)) for value, (name, about) in choices.items()}


def _is_patient() -> bool:
    return me().kind is PersonKind.PATIENT


def _page(errors: dict[str, str]) -> str:
    chosen = calendar_choice(me())
    title = "names" if chosen.first_names else ""
    return render_template(
        "portal/calendar_delivery.html",
        errors=errors,
        staff=not _is_patient(),
        ways=_in_words(WAYS),
        titles=_in_words(TITLES),
        way=chosen.way,
        title=title,
    )
