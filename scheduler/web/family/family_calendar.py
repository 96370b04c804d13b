"""How a relative's appointments come into their own calendar: by invitation, by a calendar address
or both, and the address itself.
"""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.i18n import N_, catalog
from scheduler.invitations import announce, change_way
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import calendar_choice, has_chosen
from scheduler.people.models import Person, Way
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.calendar_links import calendar_links
from scheduler.web.own.way_words import staying_words
from scheduler.web.parts.page import Page

bp = Blueprint("family_calendar", __name__, url_prefix="/family/calendar")
WAYS = {
    Way.INVITATIONS: (
        N_("As invitations by mail"),
        N_("Each appointment comes as a message. When something changes, a message puts it right."),
    ),
    Way.FEED: (
        N_("By my calendar address"),
        N_("Your calendar program looks there by itself."),
    ),
    Way.BOTH: (
        N_("Both"),
        N_(
            "Dates set for your family alone come as invitations. Dates that are the same for all "
            "are at your calendar address."
        ),
    ),
}


def is_to_choose(person: Person) -> bool:
    """True if somebody has invitations and an address, and never said which they want."""
    return feeds.standing_feed(person) is not None and not has_chosen(person)


@bp.get("/")
@allow(Who.RELATIVE)
def page() -> Page:
    """Show what is chosen, and let it be changed."""
    return _page({})


@bp.post("/")
@allow(Who.RELATIVE)
def choose() -> Page:
    """Keep the choice, and tell what follows."""
    person = me()
    moment = now()
    way = request.form.get("way", "")
    _ = catalog(reader_language())
    if way not in set(Way):
        return _page({"way": _("Choose how your appointments come.")}), 422
    change_way(
        person,
        way=Way(way),
        by=person.key,
        now=moment,
    )
    feeds.refresh(now=moment, people=[person.id])
    db.session.commit()
    flash(_("Kept."))
    staying = staying_words(person)
    if staying is not None:
        flash(staying, "note")
    if Way(way) is not Way.INVITATIONS and feeds.standing_feed(person) is None:
        flash(_("You have no calendar address yet. Make one here."), "note")
    return redirect(url_for("family_calendar.page"), 303)


@bp.post("/address")
@allow(Who.RELATIVE)
def make_address() -> Page:
    """Make the address, or with `again` a new one in its place, and show it this once."""
    person = me()
    if feeds.standing_feed(person) is not None and not request.form.get("again"):
        return redirect(url_for("family_calendar.page"), 303)
    token = feeds.make(
        person,
        by=person.key,
        now=now(),
    )
    db.session.commit()
    return _page({}, token), 201


@bp.post("/end")
@allow(Who.RELATIVE)
def end_address() -> Page:
    """End the address in one tap; what stands comes by invitation again, if that was chosen."""
    person, moment = me(), now()
    _ = catalog(reader_language())
    if feeds.end_address(
        person,
        by=person.key,
        now=moment,
    ):
        announce(
            by=person.key,
            now=moment,
            people={person.id},
        )
        db.session.commit()
        flash(_("Your address has ended."))
    return redirect(url_for("family_calendar.page"), 303)


def _page(errors: Mapping[str, str], token: str | None = None) -> str:
    person = me()
    _ = catalog(reader_language())
    ways = {way: (_(name), _(about)) for way, (name, about) in WAYS.items()}
    return render_template(
        "family/calendar.html",
        errors=errors,
        ways=ways,
        way=calendar_choice(person).way if has_chosen(person) else None,
        made=feeds.standing_feed(person),
        links=calendar_links(token) if token else None,
    )
