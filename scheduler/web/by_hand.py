"""One session changed by hand: moved, shortened, cancelled, alone or with all that follow; shown before it is done."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from scheduler import feeds
from scheduler.consents import audiences
from scheduler.invitations import PATIENCE, Told, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people.models import Person
from scheduler.planning import News, tried
from scheduler.sessions import Was, alter, as_it_is, call_off, changed, put_back, session_by_key, sessions_from
from scheduler.sessions.models import Session, Status
from scheduler.web.access import STAFF, allow, me
from scheduler.web.publication import by_reader, leaves_of
from scheduler.web.times import day_words, hours_words, title_words, zone_words

by_hand = Blueprint("by_hand", __name__, url_prefix="/desk/sessions")
Page = str | tuple[str, int] | Response
UNDO = "undo"
MOST_UNDONE = 40
"""Sessions that one undo brings back; more would not fit into the browser's cookie."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: cancel, or another start (wall time of the session's zone) and length; and how far."""

    deed: str
    to: datetime | None
    minutes: int | None
    onward: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: each session before and after in words, what it breaks, and what is told."""

    lines: list[tuple[str, str]]
    news: News
    told: list[Told]
    undo: list[Was]


@by_hand.get("/<key>")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show a session and what can be changed of it; after a change, offer to put it back."""
    return _form(session_by_key(key), {})


@by_hand.post("/<key>/look")
@allow(*STAFF)
def look(key: str) -> Page:
    """Show what the change would do, by doing it and undoing it: nothing of it is kept."""
    person = me().key
    db.session.rollback()
    row = session_by_key(key)
    wish, errors = _wish(row)
    if wish is None:
        return _form(row, errors), 422
    seen = row.version
    try:
        done = _do(row, wish, by=person, now=now())
        told = by_reader(leaves_of(done.told))
    except (Conflict, InputError) as error:
        db.session.rollback()
        return _form(
            session_by_key(key), {"deed": f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was changed."}
        ), 409
    finally:
        db.session.rollback()
    row, names = session_by_key(key), {one.key: one.name for one in db.session.query(Person.key, Person.name)}
    code = 409 if done.news.broken else 200
    return render_template(
        "desk/session_look.html", row=row, done=done, told=told, seen=seen, names=names, fields=request.form,
        deed=wish.deed, title=title_words(row.kind, row.title, row.topic), zone=zone_words(row.zone),
    ), code  # fmt: skip


@by_hand.post("/<key>")
@allow(*STAFF)
def change(key: str) -> Page:
    """Do what was shown, unless the session was changed meanwhile; letters wait some minutes for more changes."""
    row, moment = session_by_key(key), now()
    wish, errors = _wish(row)
    if wish is None:
        return _form(row, errors), 422
    if request.form.get("seen") != str(row.version):
        raise Conflict("The session is no longer as you were shown it. Nothing was changed: look at it anew.")
    done = _do(row, wish, by=me().key, now=moment, patience=PATIENCE)
    if done.news.refusal:
        raise Conflict(done.news.refusal)
    feeds.refresh(now=moment)
    db.session.commit()
    session[UNDO] = [list(asdict(one).values()) for one in done.undo] if len(done.undo) <= MOST_UNDONE else []
    flash(f"{'Cancelled' if wish.deed == 'cancel' else 'Changed'}: {_many(len(done.lines))}. {_letters(done.told)}")
    if done.told:
        flash("They tell of whatever else is changed within minutes, too.")
    return redirect(url_for("by_hand.page", key=key), 303)


@by_hand.post("/<key>/back")
@allow(*STAFF)
def back(key: str) -> Page:
    """Put back what this browser changed last; letters that have not left yet stay in."""
    rows, moment = [Was(*one) for one in session.get(UNDO, [])], now()
    if key not in {one.key for one in rows}:
        raise Conflict("There is nothing to put back any more.")
    concerned = [session_by_key(one.key) for one in rows]
    people = _people(concerned, moment)
    put_back(rows, by=me().key, now=moment)
    told = [
        one for one in announce(by=me().key, now=moment, people=people | _people(concerned, moment)) if one.letter_id
    ]
    feeds.refresh(now=moment)
    db.session.commit()
    session.pop(UNDO)
    flash(f"Put back: {_many(len(rows))}. {_letters(told)}")
    return redirect(url_for("by_hand.page", key=key), 303)


def _do(row: Session, wish: Wish, *, by: str, now: datetime, patience: timedelta = timedelta()) -> Outcome:
    """Change the session, judge the cohort before and after, and write the letters that follow."""
    concerned = sessions_from(row, onward=wish.onward, now=now)
    old, words = as_it_is(concerned), {one.key: _when(one) for one in concerned}
    people = _people(concerned, now)
    done, brought = tried(row.cohort.key, lambda: _change(row, wish, by=by, now=now), now=now)
    lines = [(words[one.key], "falls out" if one.status is Status.CANCELLED else _when(one)) for one in done]
    if wish.deed == "cancel":
        brought = brought.of_a_cancellation()
    told = _told(people | _people(done, now), by=by, now=now, patience=patience)
    return Outcome(lines, brought, [one for one in told if one.letter_id], changed(old, done))


def _change(row: Session, wish: Wish, *, by: str, now: datetime) -> list[Session]:
    if wish.deed == "cancel":
        return call_off(row, onward=wish.onward, by=by, now=now)
    return alter(row, to=wish.to, minutes=wish.minutes, onward=wish.onward, by=by, now=now)


def _told(people: set[str], *, by: str, now: datetime, patience: timedelta) -> list[Told]:
    """Give what `people` are told of it; with `patience` all but what presses waits that long for more changes."""
    if not patience:
        return announce(by=by, now=now, people=people)
    look = db.session.begin_nested()
    told = announce(by=by, now=now, people=people)
    look.rollback()
    announce(by=by, now=now, people=people, patience=patience)
    return told


def _people(rows: Sequence[Session], moment: datetime) -> set[str]:
    return {one.person.id for those in audiences(rows, now=moment).values() for one in those}


def _wish(row: Session) -> tuple[Wish | None, dict[str, str]]:
    """Read the form; None with what is wrong, by field."""
    said: Any = request.form
    deed, onward, errors = said.get("deed", ""), said.get("onward") == "1", dict[str, str]()
    if deed == "cancel":
        return Wish(deed, None, None, onward), {}
    to, minutes = None, None
    try:
        to = datetime.fromisoformat(f"{said.get('day', '')}T{said.get('at', '')[:5]}")
    except ValueError:
        errors["day"] = "Give a day and a time."
    if said.get("minutes", "").isdecimal() and 10 <= int(said["minutes"]) <= 480:
        minutes = int(said["minutes"])
    else:
        errors["minutes"] = "Give the length in minutes, from 10 to 480."
    if deed != "move":
        errors["deed"] = "Choose whether to change or to cancel."
    if to and minutes and f"{to:%Y-%m-%dT%H:%M}" == row.starts_local and minutes == row.minutes and not errors:
        errors["day"] = "Nothing is different yet. Change the day, the time or the length."
    return (None, errors) if errors else (Wish(deed, to, minutes, onward), {})


def _form(row: Session, errors: dict[str, str]) -> str:
    day, at = row.starts_local.split("T")
    usual = {"deed": "", "day": day, "at": at, "minutes": str(row.minutes), "onward": ""}
    fields = usual | {name: request.form[name] for name in usual if name in request.form}
    can = row.status is Status.SCHEDULED and row.starts_at > now()
    undo = any(one[0] == row.key for one in session.get(UNDO, []))
    follow = len(sessions_from(row, onward=True, now=now())) - 1 if can else 0
    return render_template(
        "desk/session.html", row=row, fields=fields, errors=errors, can=can, undo=undo, follow=follow, when=_when(row),
        title=title_words(row.kind, row.title, row.topic), zone=zone_words(row.zone),
        cancelled=row.status is Status.CANCELLED,
    )  # fmt: skip


def _when(row: Session) -> str:
    day = datetime.fromisoformat(row.starts_local).date()
    return f"{day_words(day)}, {hours_words(row.starts_at, row.ends_at, row.zone)}"


def _many(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"


def _letters(told: Sequence[Told]) -> str:
    if not told:
        return "No letter follows."
    people, many = len({one.person_id for one in told}), f"{len(told)} letter{'' if len(told) == 1 else 's'}"
    return f"{many} to {people} {'person' if people == 1 else 'people'} on the way."
