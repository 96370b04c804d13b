"""A recorded workshop at a person's own address: the code first, then the recording, and each time
the same consents as for the date itself.

The clinic's file is played here, in parts as the browser asks for them, and not offered to keep.
"""

from datetime import datetime

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask import send_file as send
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response

from scheduler.consents import Recipient
from scheduler.disclosures.models import Opened
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people.models import Person
from scheduler.recordings import (
    PLAYED,
    any_pass,
    captions_of,
    count_watching,
    give_pass,
    may_watch,
    pass_by_token,
    pass_token,
    path_of,
    recording_to_watch,
)
from scheduler.recordings.models import RecordingPass
from scheduler.web.auth.access import Who, allow, home_of, me, whoami
from scheduler.web.auth.ask_for_code import ask_for_person
from scheduler.web.auth.headers import policy_with
from scheduler.web.auth.known_browser import ASKING, attempt_of
from scheduler.web.auth.proofs.typed_code import redeem_here
from scheduler.web.auth.reader_language import reader_language, speak_to
from scheduler.web.auth.sign_in import BAD_CODE, let_in
from scheduler.web.family.disclosure_log import log_disclosure
from scheduler.web.family.nothing_here import nothing_stands
from scheduler.web.parts.missed_dates import missed_date
from scheduler.web.parts.page import Page

bp = Blueprint("watch_recording", __name__)
NOT_KEPT = "private, no-store"


@bp.post("/recordings/<recording_id>/pass")
@allow(Who.PATIENT, Who.RELATIVE)
def ask_for(recording_id: str) -> Page:
    """Give a person who may watch a recording their own address of it."""
    moment, person = now(), me()
    recording = recording_to_watch(recording_id, now=moment)
    if recording is None or may_watch(recording, person, now=moment) is None:
        abort(404)
    row = give_pass(recording, person, by=person.key, now=moment)
    db.session.commit()
    return redirect(url_for("watch_recording.page", token=pass_token(row.id)), 303)


@bp.get("/r/<token>")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Offer the recording to whom it is for, and ask everybody else for the code."""
    row, recipient = _standing(token, now())
    if not _is_reader(row):
        return _code_page(token, asked=False)
    language = speak_to(row.person)
    return render_template(
        "recordings/recording.html",
        token=token,
        date=missed_date(row.recording, recipient, language),
        home=home_of(row.person),
    )


@bp.post("/r/<token>/send")
@allow(Who.TOKEN)
def send_code(token: str) -> Page:
    """Mail a code to the person the address is for."""
    moment = now()
    row, _ = _standing(token, moment)
    attempt_of(row.person_id, ASKING)
    ask_for_person(row.person, now=moment)
    db.session.commit()
    return redirect(url_for("watch_recording.ask", token=token), 303)


@bp.get("/r/<token>/code")
@allow(Who.TOKEN)
def ask(token: str) -> Page:
    """Ask for the code that was mailed."""
    _standing(token, now())
    return _code_page(token, asked=True)


@bp.post("/r/<token>/code")
@allow(Who.TOKEN)
def check(token: str) -> Page:
    """Check the code and go on to the recording."""
    moment = now()
    row, _ = _standing(token, moment)
    attempt = attempt_of(row.person_id, "page of")
    db.session.commit()
    person = redeem_here([row.person], request.form.get("code", ""), now=moment)
    if person is None:
        db.session.commit()
        errors = {"code": catalog(reader_language())(BAD_CODE)}
        return _code_page(token, asked=True, errors=errors), 422
    attempt.succeeded = True
    return let_in(person, url_for("watch_recording.page", token=token))


@bp.post("/r/<token>")
@allow(Who.TOKEN)
def watch(token: str) -> Page:
    """Open the recording, which is counted and, for a relative, written down as told."""
    moment = now()
    row, recipient = _standing(token, moment)
    if not _is_reader(row):
        return redirect(url_for("watch_recording.page", token=token), 303)
    person, recording = row.person, row.recording
    date = missed_date(recording, recipient, speak_to(person))
    count_watching(row, by=person.key, now=moment)
    carried = _carried(person, recording.session_id, moment)
    db.session.commit()
    page = render_template(
        "recordings/watch.html",
        token=token,
        date=date,
        recording=recording,
        is_sound=_kind_of(recording.file).startswith("audio/"),
        has_captions=_has_captions(recording.file),
        home=home_of(person),
        **carried,
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = policy_with(media_src="'self'")
    return answer


@bp.get("/r/<token>/file")
@allow(Who.TOKEN)
def file(token: str) -> Response:
    """Play the clinic's file, whole or the part that is asked for (RFC 9110 14)."""
    name = _file_for_reader(token)
    return _sent(name, _kind_of(name))


@bp.get("/r/<token>/captions")
@allow(Who.TOKEN)
def captions(token: str) -> Response:
    """Give the captions that stand beside the file."""
    found = captions_of(_file_for_reader(token))
    if found is None:
        abort(404)
    answer = send(found, mimetype="text/vtt")
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


def _sent(name: str, kind: str) -> Response:
    try:
        answer = send(path_of(name), mimetype=kind, conditional=True)
    except RequestedRangeNotSatisfiable:
        # The player asks again from the beginning; a page of ours would only confuse it.
        return Response(status=416, headers={"Content-Range": f"bytes */{_size(name)}"})
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer


def _size(name: str) -> int:
    return path_of(name).stat().st_size


def _file_for_reader(token: str) -> str:
    row, _ = _standing(token, now())
    name = row.recording.file
    if name is None or not _is_reader(row):
        nothing_stands()
    return name


def _standing(token: str, moment: datetime) -> tuple[RecordingPass, Recipient]:
    """Return what stands behind an address, and as whom its person may watch; all others are the
    same page, after the same work.
    """
    row = pass_by_token(token)
    looked_at = row or any_pass()
    recipient = None
    if looked_at is not None:
        recipient = may_watch(looked_at.recording, looked_at.person, now=moment)
    if row is None or recipient is None or row.ends_at <= moment:
        nothing_stands()
    return row, recipient


def _is_reader(row: RecordingPass) -> bool:
    person = whoami()
    return person is not None and person.id == row.person_id


def _code_page(token: str, *, asked: bool, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "recordings/recording_code.html", token=token, asked=asked, errors=errors or {}
    )


def _carried(person: Person, session_id: str, moment: datetime) -> dict[str, object]:
    if person.relative is None:
        return {}
    return log_disclosure(person, Opened.RECORDING, about=session_id, now=moment)


def _kind_of(name: str | None) -> str:
    return PLAYED.get(f".{(name or '').rpartition('.')[2].lower()}", "")


def _has_captions(name: str | None) -> bool:
    try:
        return name is not None and captions_of(name) is not None
    except NotFound:
        return False
