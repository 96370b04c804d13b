"""A place that is kept for a patient who waits: they take it, or say no, on their own page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.admissions import Answer, answer_own_offer, offers_held
from scheduler.i18n import N_, catalog, long_day
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("offered_place", __name__, url_prefix="/mine/place")
TAKEN = N_("The place is yours. Your clinic plans your times next, and you hear of them.")
DECLINED = N_("You said no to this place. You stay in line for the next one.")
GONE = N_("This place is not kept for you any more. Ask your clinic about the next one.")


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place in words: from when on, and until when it is kept."""

    id: str
    first: str
    until: str


@bp.get("")
@allow(Who.PATIENT)
def page() -> Page:
    """Show the places that are kept."""
    return render_template("portal/home/offered_place.html", places=places_shown(me(), now()))


@bp.post("/take")
@allow(Who.PATIENT)
def take() -> Page:
    """Take the place, if it is still kept."""
    return _answered(Answer.ACCEPTED, TAKEN)


@bp.post("/decline")
@allow(Who.PATIENT)
def decline() -> Page:
    """Let the place go; the patient stays in line."""
    return _answered(Answer.DECLINED, DECLINED)


def places_shown(person: Person, moment: datetime) -> list[ShownPlace]:
    """Return the places kept for a patient, in words."""
    language = reader_language()
    zone = ZoneInfo(practice().zone)
    found = []
    for held in offers_held(person, moment):
        last = (held.offer.ends_at - timedelta(seconds=1)).astimezone(zone).date()
        shown = ShownPlace(
            held.offer.id,
            long_day(held.first, language),
            long_day(last, language),
        )
        found.append(shown)
    return found


def _answered(answer: Answer, words: str) -> Page:
    """Answer an offer of this patient's own; of what is no longer held nothing is changed."""
    person, moment = me(), now()
    _ = catalog(reader_language())
    try:
        answer_own_offer(
            person,
            request.form.get("offer", ""),
            answer,
            now=moment,
        )
    except Conflict as error:
        raise Conflict(_(GONE)) from error
    announce(by=person.key, now=moment, people={person.id})
    feeds.refresh(now=moment, people={person.id})
    db.session.commit()
    flash(_(words))
    return redirect(url_for("agenda.agenda"), 303)
