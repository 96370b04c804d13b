"""Trying camera, microphone, speakers and connection before an appointment, all in the browser.

Nothing that is seen or heard leaves the device. The clinic hears of the result only from the
person, by a button.
"""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from scheduler.consents import agenda
from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.rooms import host_of
from scheduler.sessions.models import Session
from scheduler.tech_checks import PARTS, Outcome, TechResult, tell_clinic
from scheduler.web.auth.access import Who, allow, home_of, me, whoami
from scheduler.web.auth.headers import DEVICES_OPEN, policy_with
from scheduler.web.auth.reader_language import reader_language, speak_to
from scheduler.web.parts.form_fields import enum_field
from scheduler.web.parts.page import Page

bp = Blueprint("tech_check", __name__)


@bp.get("/check")
@allow(Who.ANYONE)
def page() -> Page:
    """Show what can be tried; who has an appointment ahead may try its service and tell the
    clinic.
    """
    person = whoami()
    if person is not None:
        speak_to(person)
    ahead = _ahead(person)
    hosts = sorted({host_of(session.room.url) for session in ahead if session.room})
    shown = render_template(
        "check/tech_check.html",
        parts=PARTS,
        hosts=hosts,
        may_tell=bool(ahead),
        home=home_of(person) if person is not None else None,
    )
    answer = make_response(shown)
    answer.headers["Permissions-Policy"] = DEVICES_OPEN
    if hosts:
        places = " ".join(host.rstrip("/") for host in hosts)
        answer.headers["Content-Security-Policy"] = policy_with(connect_src=places)
    return answer


@bp.post("/check")
@allow(Who.PATIENT, Who.RELATIVE)
def tell() -> Page:
    """Tell the clinic what the person chose to tell."""
    person = me()
    if not _ahead(person):
        abort(403)
    will_phone = request.form.get("tell") == "phone"
    result = TechResult(
        browser=_outcome("browser"),
        camera=_outcome("camera"),
        microphone=_outcome("microphone"),
        speakers=_outcome("speakers"),
        connection=_outcome("connection"),
        will_phone=will_phone,
    )
    tell_clinic(person, result, by=person.key, now=now())
    db.session.commit()
    _ = catalog(reader_language())
    said = _("Your clinic knows now what works for you.")
    if will_phone:
        said = _("Your clinic knows now that you will phone instead.")
    flash(said)
    return redirect(url_for("tech_check.page"), 303)


def _outcome(part: str) -> Outcome:
    return enum_field(part, Outcome) or Outcome.UNTRIED


def _ahead(person: Person | None) -> list[Session]:
    """Return the appointments of a patient or relative that are not over: who may know of none
    is as good as nobody.
    """
    if person is None or person.clinician is not None:
        return []
    moment = now()
    return [session for session, _ in agenda(person, now=moment, since=moment)]
