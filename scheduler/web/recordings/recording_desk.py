"""Adding the recording of a workshop that was held, at the desk; and how often it was watched."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.programs import RECORDED_KINDS
from scheduler.recordings import (
    LONGEST_DAYS,
    RecordingSource,
    add_recording,
    file_names,
    folder,
    recording_of,
    remove_recording,
    watched_by,
)
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import when_words
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import moment_words, title_words

bp = Blueprint("recording_desk", __name__, url_prefix="/desk/sessions")
MOST_DIGITS = 5
USUAL_DAYS = "14"


@bp.get("/<key>/recording")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show the recording of a session, and take one."""
    return _page(session_by_key(key), {})


@bp.post("/<key>/recording")
@allow(*STAFF)
def add(key: str) -> Page:
    """Let the session's recording be watched."""
    row = session_by_key(key)
    typed = request.form
    source = RecordingSource(typed.get("url", "").strip() or None, typed.get("file") or None)
    days = typed.get("days", "")
    is_number = days.isascii() and days.isdigit() and len(days) <= MOST_DIGITS
    try:
        add_recording(
            row,
            source,
            days=int(days) if is_number else 0,
            by=me().key,
            now=now(),
        )
    except InputError as error:
        db.session.rollback()
        said = catalog(reader_language()).gettext("Nothing was changed.")
        return _page(session_by_key(key), {"url": f"{sentence(error)} {said}"}), 422
    db.session.commit()
    flash(
        catalog(reader_language()).gettext(
            "The recording stands. Who missed the date finds it on their own page; no letter is "
            "sent."
        )
    )
    return redirect(url_for("recording_desk.page", key=key), 303)


@bp.post("/<key>/recording/remove")
@allow(*STAFF)
def remove(key: str) -> Page:
    """Let nobody watch it any more."""
    recording = recording_of(session_by_key(key), now=now())
    if recording is not None:
        remove_recording(recording, by=me().key, now=now())
        db.session.commit()
        flash(catalog(reader_language()).gettext("Nobody can watch the recording any more."))
    return redirect(url_for("recording_desk.page", key=key), 303)


def _page(row: Session, errors: dict[str, str]) -> str:
    recording = recording_of(row, now=now())
    people, times = watched_by(recording) if recording else (0, 0)
    usual = {"url": "", "file": "", "days": USUAL_DAYS}
    typed = {name: request.form[name] for name in usual if name in request.form}
    return render_template(
        "desk/recording.html",
        row=row,
        title=title_words(row.kind, row.title, row.topic, reader_language()),
        when=when_words(row),
        can=row.kind in RECORDED_KINDS and row.ends_at <= now(),
        recording=recording,
        until=moment_words(recording.ends_at, practice().zone) if recording else None,
        people=people,
        times=times,
        files=[(name, name) for name in file_names()],
        has_folder=folder() is not None,
        fields=usual | typed,
        longest=LONGEST_DAYS,
        errors=errors,
    )
