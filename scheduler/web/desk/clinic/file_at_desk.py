"""The clinic file at the desk: taken down, and brought in with the difference shown first: what,
whose, and which letters.
"""

from datetime import datetime

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from scheduler import audit
from scheduler.clinics import Changes, ClinicFile, Take, dump, everybody, export, load, read
from scheduler.consents import wait_until_drained
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile
from scheduler.people import Deed
from scheduler.programs import kept_versions
from scheduler.provenance import mark_exported, words_to_export
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.desk_deeds import may_deed
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.clinic.telling_names import refuse_telling_names
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page
from scheduler.web.preview.look_ahead import act_on_sight, ahead_page

bp = Blueprint("file_at_desk", __name__, url_prefix="/desk/clinic-file")
LARGEST = 960 * 1024
"""Octets of a file and its form; a larger file goes through the command."""
MOST = 200
"""Lines, and problems, that are shown."""


@bp.url_value_preprocessor
def take_large_forms(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Let a clinic file be as large as a clinic is, at this door alone."""
    if endpoint == f"{bp.name}.bring":
        request.max_form_memory_size = LARGEST


@bp.get("")
@allow(*STAFF)
def page() -> Page:
    """Offer the file, and ask for one."""
    _refuse_half_reach()
    return _page([])


@bp.post("/download")
@allow(*STAFF)
def download() -> Page:
    """Take the whole clinic down, and write down that it was."""
    _refuse_half_reach()
    moment, by = now(), me().key
    stamps = words_to_export()
    written = dump(export())
    mark_exported(stamps, now=moment)
    about = {"bytes": len(written.encode())}
    audit.append("clinic.exported", "clinic", about, by=by, now=moment)
    db.session.commit()
    answer = Response(written, mimetype="application/yaml")
    answer.headers["Content-Disposition"] = 'attachment; filename="clinic.yaml"'
    return answer


@bp.post("")
@allow(*STAFF)
def bring() -> Page:
    """Load a file once its difference and its letters were seen."""
    _refuse_half_reach()
    text = _text()
    take = enum_field("take", Take) or Take.DESK
    try:
        said = read(text.encode(), kept_versions())
        return _settle(said, take, text)
    except InvalidFile as error:
        db.session.rollback()
        return _page([str(problem) for problem in error.problems]), 422


def _settle(said: ClinicFile, take: Take, text: str) -> Page:
    by, moment = me().key, now()
    people = everybody()
    what: list[str] = []
    withdrawn: list[str] = []

    def deed() -> None:
        changes = _load(said, take, by, moment)
        people.update(everybody())
        withdrawn[:] = changes.revoked
        what[:] = changes.lines(MOST)[:MOST]

    ahead = act_on_sight(deed, people, by=by, now=moment)
    _ = catalog(reader_language())
    if ahead.is_done:
        if withdrawn:
            wait_until_drained(withdrawn)
        flash(_("The file is loaded.") if what else _("Nothing was different."))
        return redirect(url_for(".page"), 303)
    return ahead_page(
        ahead,
        title=_("Load a clinic file: what is different"),
        what=what or [_("Nothing is different.")],
        deed=_("Load it"),
        back=url_for(".page"),
        may_change=False,
        carried={} if "text" in request.form else {"text": text},
    )


def _load(said: ClinicFile, take: Take, by: str, moment: datetime) -> Changes:
    changes = load(said, by=by, now=moment, take=take)
    refuse_telling_names()
    return changes


def _text() -> str:
    file = request.files.get("file")
    if file is not None and file.filename:
        octets: bytes = file.read()
        return octets.decode("utf-8", errors="replace")
    return request.form.get("text", "")


def _refuse_half_reach() -> None:
    """403 for who may not do both: the file holds every patient, and the house with its staff."""
    if not may_deed(me(), Deed.FIND_ANYBODY):
        abort(403)


def _page(problems: list[str]) -> str:
    return render_template(
        "desk/clinic/file_at_desk.html",
        problems=problems[:MOST],
        more=max(0, len(problems) - MOST),
        take=request.form.get("take", Take.DESK.value),
    )
