"""One session changed by hand: moved, shortened, cancelled, alone or with all that follow; shown
before it is done.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.i18n import N_, catalog
from scheduler.invitations import (
    PATIENCE,
    Told,
    announce,
    return_to_queue,
)
from scheduler.invitations.model.models import HeldReply
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.sessions import (
    Snapshot,
    can_be_put_back,
    cancel_sessions,
    edit_sessions,
    put_back,
    session_by_key,
    sessions_from,
    undo_change,
)
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import (
    ChangePreview,
    change_preview,
    forget,
    looked_at,
    people_of,
    remember,
    remembered,
    remembered_reply,
    tell,
    when_words,
)
from scheduler.web.desk.changes.around_session import around
from scheduler.web.desk.changes.bent_rules import bent_here, may_bend_rules
from scheduler.web.desk.changes.form_words import places_for_wish, reach_of
from scheduler.web.desk.changes.places_offered import Place
from scheduler.web.desk.changes.session_place import place_of
from scheduler.web.desk.truth.session_wish import BACK, Wish, typed, wish_typed
from scheduler.web.desk.truth.struck_words import moved_words
from scheduler.web.parts.letters_shown import by_reader, leaves_of
from scheduler.web.parts.page import Page, previewed, sentence
from scheduler.web.parts.time_words import title_words, zone_words

bp = Blueprint("session_edit", __name__, url_prefix="/desk/sessions")
FIELDS = ("deed", "day", "at", "minutes", "onward")
OUTDATED = N_(
    "The session is no longer as you were shown it. Nothing was changed: look at it anew."
)
REFUSED = "refused"
"""What a refusal is kept under: it is about no single field of the form, so it stands above."""
NOT_GIVEN_YET = "not given yet"
"""Why rules are bent while a change is only looked at."""
DONE = {"move": N_("Changed"), "cancel": N_("Cancelled"), BACK: N_("Put back")}


@bp.get("/<key>")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show a session and what can be changed of it; after a change, offer to put it back."""
    return _form(session_by_key(key), {})


@bp.route("/<key>/look", methods=["GET", "POST"])
@allow(*STAFF)
def look(key: str) -> Page:
    """Show what the change would do, by doing it and undoing it: nothing of it is kept, so it has
    an address that can be gone back to.
    """
    person = me().key
    wish = None
    try:
        with previewed():
            row = session_by_key(key)
            wish, errors = wish_typed(row)
            if wish is None:
                return _form(row, errors), 422
            seen = row.version
            done = _do(
                row,
                wish,
                by=person,
                now=now(),
                reason=NOT_GIVEN_YET if may_bend_rules() else None,
            )
            told = by_reader(leaves_of(done.told))
    except (Conflict, InputError) as error:
        errors = {REFUSED: f"{sentence(error)} {_in_words(N_('Nothing was changed.'))}"}
        return _form(session_by_key(key), errors, places_for_wish(key, wish)), 409
    said = typed()
    asked = {name: said[name] for name in FIELDS if name in said}
    return looked_at(
        session_by_key(key),
        done,
        told,
        back=url_for("session_edit.page", key=key),
        action=url_for("session_edit.change", key=key),
        asked=asked | {"seen": str(seen)},
        deed=wish.deed,
        places=places_for_wish(key, wish) if done.news.broken else (),
        may_bend=may_bend_rules(),
    )


@bp.post("/<key>")
@allow(*STAFF)
def change(key: str) -> Page:
    """Do what was shown, unless the session was changed meanwhile; letters wait some minutes for
    more changes.
    """
    row = session_by_key(key)
    moment = now()
    wish, errors = wish_typed(row)
    if wish is None:
        return _form(row, errors), 422
    if request.form.get("seen") != str(row.version):
        raise Conflict(_in_words(OUTDATED))
    done = _done_or_refused(row, wish, moment)
    feeds.refresh_changed(now=moment)
    db.session.commit()
    if wish.deed == BACK:
        done = replace(done, undo=[])
    remember(done)
    said = _in_words(DONE[wish.deed])
    tell(said, len(done.lines), done.told)
    _ = catalog(reader_language())
    if done.told:
        flash(_("They tell of whatever else is changed within minutes, too."))
    return redirect(url_for("session_edit.page", key=key), 303)


@bp.post("/<key>/back")
@allow(*STAFF)
def back(key: str) -> Page:
    """Put back what this browser changed last; letters that have not left yet stay in."""
    before = remembered()
    if key not in {snapshot.key for snapshot in before}:
        raise Conflict(_in_words(N_("There is nothing to put back any more.")))
    moment = now()
    told = _put_back(before, moment)
    reply = db.session.get(HeldReply, remembered_reply() or "")
    if reply is not None:
        return_to_queue(reply, by=me().key, now=moment)
    feeds.refresh_changed(now=moment)
    db.session.commit()
    forget()
    _ = catalog(reader_language())
    tell(_("Put back"), len(before), told)
    if reply is not None:
        flash(_("The proposal waits for you again, under Answers."))
    return redirect(url_for("session_edit.page", key=key), 303)


def _put_back(before: Sequence[Snapshot], moment: datetime) -> list[Told]:
    """Undo a change, and return the letters to everybody it concerned, then or now."""
    sessions = [session_by_key(snapshot.key) for snapshot in before]
    people = people_of(sessions, moment)
    undo_change(before, by=me().key, now=moment)
    people |= people_of(sessions, moment)
    told = announce(by=me().key, now=moment, people=people)
    return [news for news in told if news.letter_id]


def _do(
    row: Session,
    wish: Wish,
    *,
    by: str,
    now: datetime,
    patience: timedelta = timedelta(),
    reason: str | None = None,
) -> ChangePreview:
    def change() -> list[Session]:
        return _change(row, wish, by=by, now=now)

    concerned = [row]
    if wish.deed != BACK:
        concerned = sessions_from(row, onward=wish.onward, now=now)
    done = change_preview(
        concerned,
        change,
        by=by,
        now=now,
        patience=patience,
        reason=None if wish.deed == "cancel" else reason,
    )
    if wish.deed != "cancel":
        return done
    to_know = done.news.of_a_cancellation()
    return replace(done, news=to_know)


def _done_or_refused(row: Session, wish: Wish, moment: datetime) -> ChangePreview:
    """Do a change as it was shown, with the reason that was given where a rule is bent. Raises
    Conflict.
    """
    reason = request.form.get("reason") if may_bend_rules() else None
    done = _do(
        row,
        wish,
        by=me().key,
        now=moment,
        patience=PATIENCE,
        reason=reason,
    )
    is_bent = reason is not None and done.news.may_be_bent
    if done.news.refusal and not is_bent:
        raise Conflict(done.news.refusal)
    return done


def _change(row: Session, wish: Wish, *, by: str, now: datetime) -> list[Session]:
    if wish.deed == BACK:
        return put_back(row, to=wish.to, by=by, now=now)
    if wish.deed == "cancel":
        return cancel_sessions(row, onward=wish.onward, by=by, now=now)
    return edit_sessions(
        row,
        to=wish.to,
        minutes=wish.minutes,
        onward=wish.onward,
        by=by,
        now=now,
    )


def _form(row: Session, errors: dict[str, str], places: Sequence[Place] = ()) -> str:
    moment = now()
    is_ahead = row.starts_at > moment
    can_change = is_ahead and row.status is Status.SCHEDULED
    undone = {snapshot.key for snapshot in remembered()}
    return render_template(
        "desk/session_edit.html",
        row=row,
        fields=_fields(row),
        errors=errors,
        can=can_change,
        undo=row.key in undone,
        reach=reach_of(row) if can_change else [],
        when=when_words(row),
        title=title_words(
            row.kind,
            row.title,
            row.topic,
            reader_language(),
        ),
        zone=zone_words(row.zone),
        cancelled=row.status is Status.CANCELLED,
        places=places,
        bent=bent_here(row),
        can_be_put_back=can_be_put_back(row, now=moment),
        moved=moved_words(row, today=_today(row, moment)),
        **around(row),
        **place_of(row),
    )


def _fields(row: Session) -> dict[str, str]:
    """Return what stands in the form: what was typed, or offered in the address, else what is."""
    day, at = row.starts_local.split("T")
    fields = {"deed": "", "day": day, "at": at, "minutes": str(row.minutes), "onward": ""}
    for name in fields:
        said = request.values.get(name)
        if said is not None:
            fields[name] = said
    return fields


def _today(row: Session, moment: datetime) -> date:
    local = moment.astimezone(ZoneInfo(row.zone))
    return local.date()


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)
