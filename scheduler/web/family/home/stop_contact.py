"""A relative asks that nothing more is written to them; only staff hear of it."""

from flask import Blueprint, redirect, render_template, url_for

from scheduler import feeds, homes
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.kept_device import local_day
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.page import Page

bp = Blueprint("stop_contact", __name__, url_prefix="/family/stop")


@bp.get("")
@allow(Who.RELATIVE)
def page() -> Page:
    """Ask once more; afterwards say that it is so, and whom to ask to undo it."""
    return render_template("family/home/stop.html", stopped=stopped_words(me()))


def stopped_words(person: Person) -> str | None:
    """Return since which day nothing is sent to a relative at their own word; None for none."""
    since = homes.stopped_since(person)
    if since is None:
        return None
    return day_in(reader_language(), local_day(since, person))


@bp.post("")
@allow(Who.RELATIVE)
def stop() -> Page:
    """Stop at once: what waits never leaves, and nobody of the family is told."""
    person, moment = me(), now()
    homes.stop_contact(
        person,
        by=person.key,
        now=moment,
    )
    announce(
        by=person.key,
        now=moment,
        people={person.id},
    )
    feeds.refresh(now=moment, people=[person.id])
    db.session.commit()
    return redirect(url_for("stop_contact.page"), 303)
