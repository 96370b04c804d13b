"""Sessions moved, cancelled and put back by the judgement the desk is held to."""

from collections.abc import Callable
from datetime import datetime

from scheduler import feeds
from scheduler.invitations import PATIENCE
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InvalidFile, Problem
from scheduler.people import Deed, Scope, practice, state_reason
from scheduler.sessions import (
    cancel_sessions,
    edit_sessions,
    is_within_reach,
    lock_people_and_room,
    put_back,
    session_by_key,
    sessions_from,
)
from scheduler.sessions.models import Session
from scheduler.web.api.door.answering import hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, route
from scheduler.web.api.door.field_schemas import TEXT, TRUTH, WALL, changes, record
from scheduler.web.api.resources.session_resource import SESSION, session_answer, session_tag
from scheduler.web.auth.desk_deeds import may_deed
from scheduler.web.desk.change_preview import ChangePreview, change_preview

SHORTEST, LONGEST = 10, 480
MINUTES = {"type": "integer", "minimum": SHORTEST, "maximum": LONGEST}
MOVE = changes({"start": WALL, "minutes": MINUTES, "onward": TRUTH, "reason": TEXT})


@route(
    "PATCH",
    "/sessions/<key>",
    deed=Deed.CHANGE_SESSION,
    scope=Scope.WRITE,
    about=About.SESSION,
    takes=MOVE,
    gives=SESSION,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def move_session(call: Call) -> Answered:
    """Move a session, change its length, or both; a reason bends the rules that may be bent."""
    row = _in_turn(call, must_match=True)
    to = _start(row, call)
    onward = call.body.get("onward", False)
    minutes = call.body.get("minutes")

    def change() -> list[Session]:
        return edit_sessions(
            row,
            to=to,
            minutes=minutes,
            onward=onward,
            by=call.by,
            now=call.now,
        )

    concerned = sessions_from(row, onward=onward, now=call.now)
    _judged(call, concerned, change)
    return session_answer(row, call)


@route(
    "POST",
    "/sessions/<key>/cancel",
    deed=Deed.CHANGE_SESSION,
    scope=Scope.WRITE,
    about=About.SESSION,
    takes=record({"onward": TRUTH, "reason": TEXT}, needed=()),
    gives=SESSION,
    is_row=True,
    rehearses=True,
)
def cancel_session(call: Call) -> Answered:
    """Cancel a session, alone or with all that follow in its series."""
    row = _in_turn(call)
    onward = call.body.get("onward", False)

    def change() -> list[Session]:
        return cancel_sessions(
            row,
            onward=onward,
            by=call.by,
            now=call.now,
        )

    concerned = sessions_from(row, onward=onward, now=call.now)
    _done(
        call,
        change_preview(
            concerned,
            change,
            by=call.by,
            now=call.now,
            patience=PATIENCE,
        ),
    )
    if call.body.get("reason"):
        about = f"session {row.key}"
        state_reason(
            about,
            call.body["reason"],
            by=call.by,
            now=call.now,
        )
    return session_answer(row, call)


@route(
    "POST",
    "/sessions/<key>/put-back",
    deed=Deed.CHANGE_SESSION,
    scope=Scope.WRITE,
    about=About.SESSION,
    takes=record({"start": WALL}, needed=()),
    gives=SESSION,
    is_row=True,
    rehearses=True,
)
def put_session_back(call: Call) -> Answered:
    """Put a session back that was cancelled or moved; a cancelled one elsewhere, too."""
    row = _in_turn(call)
    to = _start(row, call)

    def change() -> list[Session]:
        return put_back(
            row,
            to=to,
            by=call.by,
            now=call.now,
        )

    _judged(call, [row], change)
    return session_answer(row, call)


def _in_turn(call: Call, *, must_match: bool = False) -> Session:
    """Return a session once nobody else changes its people; held to the ETag where one is said."""
    row = session_by_key(call.key)
    people = [person.id for person in (*row.leads, *row.patients)]
    lock_people_and_room(people, [row.room_id] if row.room_id else [])
    db.session.refresh(row)
    if call.match is not None or must_match:
        hold_to_match(call, session_tag(row))
    return row


def _start(row: Session, call: Call) -> datetime | None:
    """Return the wall time that is asked for. Raises InvalidFile for a day beyond reach."""
    said = call.body.get("start")
    if said is None:
        return None
    try:
        to = datetime.fromisoformat(said)
    except ValueError:
        raise InvalidFile([Problem("start", "is no day and time")]) from None
    if not is_within_reach(
        row,
        to.date(),
        today=practice().day_at(call.now),
    ):
        why = "lies outside the cohort's stay and two years from today"
        raise InvalidFile([Problem("start", why)])
    return to


def _judged(call: Call, concerned: list[Session], change: Callable[[], list[Session]]) -> None:
    """Do a change and keep it where it breaks nothing, or nothing that a reason may not bend.
    Raises Conflict.
    """
    reason = call.body.get("reason") if _may_bend(call) else None
    done = change_preview(
        concerned,
        change,
        by=call.by,
        now=call.now,
        patience=PATIENCE,
        reason=reason,
    )
    is_bent = reason is not None and done.news.may_be_bent
    if done.news.refusal and not is_bent:
        raise Conflict(done.news.refusal)
    _done(call, done)


def _done(call: Call, done: ChangePreview) -> None:
    call.told.extend(done.told)
    feeds.refresh_changed(now=call.now)


def _may_bend(call: Call) -> bool:
    """True if whoever acts may bend rules with a reason, as at the desk."""
    return may_deed(call.staff, Deed.BEND_RULES)
