"""What a patient missed: where each topic comes again, how many can still be seen, and a place
where one comes, taken in one step where that is sure, else asked for.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from scheduler import homes
from scheduler.homes import CatchUp, MissedTopic
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.kind_words import marked_title
from scheduler.web.parts.page import Page
from scheduler.web.portal.home.make_up_seat import shown_before

bp = Blueprint(
    "catch_up",
    __name__,
    url_prefix="/mine/missed",
)
ASKED = N_("Your clinic was asked. They tell you if there is a place for you.")
MOST = 3
"""Groups offered for one topic."""
GONE = N_("That time is gone by now. Nothing was changed. Choose another one.")


@dataclass(frozen=True, slots=True)
class Place:
    """A group in which a topic comes again."""

    id: str
    when: str
    is_asked: bool
    is_sure: bool


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic that was missed, where it comes again by itself or by a place that was taken, and
    where a place can be had.
    """

    session_id: str
    topic: str
    missed: str
    again: str
    is_taken: bool
    may_give_back: bool
    places: tuple[Place, ...]


@bp.get("")
@allow(Who.PATIENT)
def page() -> Page:
    """Show what the reader missed, and where it comes again."""
    person, moment = me(), now()
    caught = homes.catch_up_of(person, now=moment)
    topics = [_shown(topic, caught, person, moment) for topic in caught.topics]
    return render_template(
        "portal/home/catch_up.html",
        topics=topics,
        can_see=caught.can_see,
    )


@bp.post("/<session_id>")
@allow(Who.PATIENT)
def ask(session_id: str) -> Page:
    """Show what a place in a group brings with it, in which a topic comes again; where it is not
    sure, ask staff for it.
    """
    person, moment = me(), now()
    missed = {topic.session.id: topic for topic in homes.missed_topics(person, now=moment)}
    topic = missed.get(session_id) or abort(404)
    groups = {group.id: group for group in topic.instead}
    chosen = groups.get(request.form.get("group", ""))
    _ = catalog(reader_language())
    if chosen is None:
        flash(
            _(GONE),
            "wrong",
        )
        return redirect(
            url_for("catch_up.page"),
            303,
        )
    if homes.is_sure(chosen):
        return shown_before(topic.session, chosen, person)
    homes.ask_make_up(
        topic.session,
        chosen,
        person,
        now=moment,
    )
    db.session.commit()
    flash(_(ASKED))
    return redirect(
        url_for("catch_up.page"),
        303,
    )


def _shown(missed: MissedTopic, caught: CatchUp, person: Person, moment: datetime) -> ShownTopic:
    asked = homes.asked_make_up(
        missed.session,
        person,
    )
    places = []
    for group in caught.offered(missed, MOST):
        words = _when(
            group,
            person,
            group.starts_at,
            group.ends_at,
        )
        is_sure = homes.is_sure(group)
        is_asked = group.id == asked and not is_sure
        places.append(Place(group.id, words, is_asked, is_sure))
    again = missed.again
    row = missed.session
    taken = homes.booked_instead(row, person)
    return ShownTopic(
        session_id=row.id,
        topic=marked_title(reader_language(), row.topic or ""),
        missed=_when(
            row,
            person,
            row.starts_at,
            row.ends_at,
        ),
        again=_when(
            again,
            person,
            again.starts_at,
            again.ends_at,
        )
        if again
        else "",
        is_taken=taken is not None and taken is again,
        may_give_back=homes.may_give_back(row, person, now=moment),
        places=tuple(places),
    )


def _when(row: Session, person: Person, begins: datetime, ends: datetime) -> str:
    reader = person.zone or practice().zone
    return time_words(
        reader_language(),
        begins,
        ends,
        row.zone,
        reader,
    )
