"""A patient takes a seat in another group in place of one, ahead or missed: what follows is shown
first, and the seat can be given back until it is told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from scheduler import feeds, homes
from scheduler.consents import agenda, audiences_had
from scheduler.i18n import N_, catalog
from scheduler.invitations import PATIENCE, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sessions import sessions_by_id
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.family_times import time_words
from scheduler.web.parts.kind_words import title_on_page
from scheduler.web.parts.page import Page, previewed
from scheduler.web.preview.look_ahead import Ahead, look_ahead

bp = Blueprint("make_up_seat", __name__, url_prefix="/mine/sessions")
BOOKED = N_("You have a place: {time}.")
GIVEN_BACK = N_("Your place there is free again.")
GONE = N_("That place is gone by now. Nothing was changed. Choose another one.")
TOO_LATE = N_("It is too late to change this here. Call your clinic.")


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Another group that could make up, in words."""

    id: str
    when: str
    what: str
    is_asked: bool
    is_sure: bool


def shown_before(session: Session, group: Session, person: Person) -> Page:
    """Show what a seat in a group brings with it; nothing is kept."""
    leads = [lead.name for lead in group.leads]
    return render_template(
        "portal/home/make_up_seat.html",
        session_id=session.id,
        back=_page_of(session, now()),
        group=group.id,
        ahead=_look(session.id, group.id, now()),
        instead_of=_words(session, person),
        when=_words(group, person),
        what=_title(group),
        leads=", ".join(leads),
    )


@bp.post("/<session_id>/take")
@allow(Who.PATIENT)
def take(session_id: str) -> Page:
    """Take the seat that was shown, if it is still free."""
    person, moment = me(), now()
    session = _mine(person, session_id, moment)
    groups = {group.id: group for group in groups_offered(session, person, moment)}
    group = groups.get(request.form.get("group", ""))
    if group is None:
        raise Conflict(catalog(reader_language())(GONE))
    homes.book_make_up(
        session,
        group,
        person,
        by=person.key,
        now=moment,
    )
    _tell(group, person, moment)
    flash(catalog(reader_language())(BOOKED).format(time=_words(group, person)))
    return redirect(_page_of(session, moment), 303)


@bp.post("/<session_id>/give-back")
@allow(Who.PATIENT)
def give_back(session_id: str) -> Page:
    """Give the seat back that was taken in place of a session, while nobody was told."""
    person, moment = me(), now()
    _ = catalog(reader_language())
    session = _mine(person, session_id, moment)
    group = homes.booked_instead(session, person)
    if group is None or not homes.may_give_back(session, person, now=moment):
        raise Conflict(_(TOO_LATE))
    people = _people(group, moment)
    homes.give_back_make_up(
        session,
        person,
        by=person.key,
        now=moment,
    )
    _tell(group, person, moment, people)
    flash(_(GIVEN_BACK))
    return redirect(_page_of(session, moment), 303)


def _mine(person: Person, session_id: str, moment: datetime) -> Session:
    """Return a session of a patient that is not over, or whose topic they missed; else 404."""
    held = {row.id: row for row, _recipient in agenda(person, now=moment, since=moment)}
    for topic in homes.missed_topics(person, now=moment):
        held.setdefault(topic.session.id, topic.session)
    return held.get(session_id) or abort(404)


def _page_of(session: Session, moment: datetime) -> str:
    """Return where a session is looked at: as one that is missed, or that cannot be come to."""
    if session.starts_at <= moment:
        return url_for("catch_up.page")
    return url_for("cannot_come.page", session_id=session.id)


def groups_offered(session: Session, person: Person, moment: datetime) -> list[Session]:
    """Return other groups that could make up for one to which the patient cannot come, or in which
    the topic of one that they missed comes again.
    """
    if session.starts_at <= moment:
        for topic in homes.missed_topics(person, now=moment):
            if topic.session.id == session.id:
                return list(topic.instead)
        return []
    is_excused = session.status is Status.SCHEDULED and homes.has_said_no(session, person)
    if homes.still_made_up(session, person) is not None:
        return []
    return homes.groups_instead(session, person, now=moment) if is_excused else []


def shown_groups(session: Session, person: Person, moment: datetime) -> list[ShownGroup]:
    """Return them in words, with what was asked for before."""
    asked = homes.asked_make_up(session, person)
    found = []
    for group in groups_offered(session, person, moment):
        when, what = _words(group, person), _title(group)
        is_asked = group.id == asked and not homes.is_sure(group)
        found.append(ShownGroup(group.id, when, what, is_asked, homes.is_sure(group)))
    return found


def booked_words(session: Session, person: Person) -> str | None:
    """Return when and what the group is in which a patient makes up for a session; None where they
    have none, or cannot come to it either.
    """
    group = homes.still_made_up(session, person)
    if group is None:
        return None
    when, what = _words(group, person), _title(group)
    return Markup("{}, {}").format(when, what)


def _look(session_id: str, group_id: str, moment: datetime) -> Ahead:
    """Return the letters that would leave, to others than the patient; nothing is kept."""
    with previewed():
        person = me()
        rows = sessions_by_id([session_id, group_id])
        session, group = rows[session_id], rows[group_id]

        def deed() -> None:
            homes.book_make_up(
                session,
                group,
                person,
                by=person.key,
                now=moment,
            )

        people = _people(group, moment) - {person.id}
        return look_ahead(
            deed,
            people,
            by=person.key,
            now=moment,
        )


def _people(group: Session, moment: datetime) -> set[str]:
    recipients = audiences_had([group], now=moment)[group.id]
    return {recipient.person.id for recipient in recipients}


def _tell(group: Session, person: Person, moment: datetime, others: Collection[str] = ()) -> None:
    """Let letters and calendars follow, and keep it."""
    people = {person.id, *others, *_people(group, moment)}
    announce(
        by=person.key,
        now=moment,
        people=people,
        patience=PATIENCE,
    )
    feeds.refresh(now=moment, people=people)
    db.session.commit()


def _words(session: Session, person: Person) -> str:
    return time_words(
        reader_language(),
        session.starts_at,
        session.ends_at,
        session.zone,
        person.zone or practice().zone,
        named=False,
    )


def _title(session: Session) -> Markup:
    return title_on_page(
        reader_language(),
        session.kind,
        session.title,
        session.topic,
    )
