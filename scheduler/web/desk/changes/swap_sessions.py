"""Two sessions change places: chosen among those that could, shown with who is told, then done."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.i18n import catalog
from scheduler.invitations import PATIENCE
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import Deed, names_by_key
from scheduler.planning import partners_of
from scheduler.sessions import has_session, session_by_key, swap_places
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import STAFF, allow, may_do, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import (
    ChangePreview,
    change_preview,
    looked_at,
    tell,
    when_words,
)
from scheduler.web.desk.changes.form_words import who_sits
from scheduler.web.desk.changes.other_leader import OUTDATED
from scheduler.web.desk.truth.session_wish import typed
from scheduler.web.parts.letters_shown import by_reader, leaves_of
from scheduler.web.parts.page import Page, previewed, sentence
from scheduler.web.parts.time_words import named, title_words, zone_words

bp = Blueprint("swap_sessions", __name__, url_prefix="/desk/sessions")


@bp.get("/<key>/swap")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show the sessions with which this one could change places."""
    return _form(session_by_key(key))


@bp.route("/<key>/swap/look", methods=["GET", "POST"])
@allow(*STAFF)
def look(key: str) -> Page:
    """Show what the swap does, by doing and undoing it: nothing of it is kept."""
    try:
        with previewed():
            row = session_by_key(key)
            seen = _seen(row)
            done = _do(row, timedelta())
            told = by_reader(leaves_of(done.told))
    except (Conflict, InputError) as error:
        return _form(session_by_key(key), str(error)), 409
    return looked_at(
        session_by_key(key),
        done,
        told,
        back=url_for("swap_sessions.page", key=key),
        action=url_for("swap_sessions.change", key=key),
        asked={"other": typed().get("other", ""), "seen": seen},
        deed="swap",
    )


@bp.post("/<key>/swap")
@allow(*STAFF)
def change(key: str) -> Page:
    """Do what was shown, unless one of the two was changed meanwhile."""
    row = session_by_key(key)
    _ = catalog(reader_language())
    if request.form.get("seen") != _seen(row):
        raise Conflict(_(OUTDATED))
    done = _do(row, PATIENCE)
    feeds.refresh_changed(now=now())
    db.session.commit()
    tell(_("Swapped"), len(done.lines), done.told)
    return redirect(url_for("session_edit.page", key=key), 303)


def _do(row: Session, patience: timedelta) -> ChangePreview:
    """Swap the two. Raises InputError where none is chosen, Conflict for what would be broken."""
    moment = now()
    by = me().key
    other = _other()
    pair = [row, other]
    before = [_line(session) for session in pair]

    def swap() -> list[Session]:
        return swap_places(row, other, by=by, now=moment)

    done = change_preview(
        pair,
        swap,
        by=by,
        now=moment,
        patience=patience,
    )
    if done.news.refusal:
        raise Conflict(done.news.refusal)
    after = [when_words(session) for session in pair]
    lines = list(zip(before, after, strict=True))
    return replace(done, lines=lines)


def _other() -> Session:
    """Return the session that was chosen, which the reader may change, too."""
    key = typed().get("other", "")
    if not has_session(key) or not may_do(Deed.CHANGE_SESSION, key=key):
        raise InputError(catalog(reader_language()).gettext("Choose a session to swap with."))
    return session_by_key(key)


def _seen(row: Session) -> str:
    """Return what tells the two as they are from any other time."""
    return f"{row.version}.{_other().version}"


def _line(session: Session) -> str:
    """Return what a session is called, who is in it, and when it is."""
    title = _title(session)
    who = who_sits(session)
    when = when_words(session)
    return f"{title}, {who}: {when}"


def _title(session: Session) -> str:
    return title_words(
        session.kind,
        session.title,
        session.topic,
        reader_language(),
    )


def _form(row: Session, refusal: str = "") -> str:
    moment = now()
    can = row.starts_at > moment and row.status is Status.SCHEDULED
    partners = []
    if can:
        for other in partners_of(row, now=moment):
            if not may_do(Deed.CHANGE_SESSION, key=other.key):
                continue
            line = _line(other)
            partners.append((other.key, line, ""))
    said = ""
    if refusal:
        said = sentence(named(refusal, names_by_key()))
    return render_template(
        "desk/swap_sessions.html",
        row=row,
        can=can,
        partners=partners,
        refusal=said,
        chosen=typed().get("other", ""),
        title=_title(row),
        who=who_sits(row),
        when=when_words(row),
        zone=zone_words(row.zone),
    )
