"""Who may know what of a patient, and what relatives answered, for staff."""

from flask import Blueprint, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler.consents import holds
from scheduler.consents.model.models import Grant
from scheduler.invitations import answers_given, told_dates
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import person_by_key, practice
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.desk.patient_outlook import stay_of
from scheduler.web.family.invitation import SAID
from scheduler.web.parts.time_words import KIND_WORDS, day_words, moment_words, span_words

bp = Blueprint("patients", __name__, url_prefix="/desk")
Page = str | tuple[str, int] | Response


@bp.get("/patients/<key>")
@allow(*STAFF)
def patient(key: str) -> Page:
    """Show what lies before a patient, who may know what, and what relatives answered."""
    person = person_by_key(key)
    if person.kind is not PersonKind.PATIENT:
        raise NotFound(f"there is no patient with the key {key}")
    family = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == person.id)
    )
    relatives = list(db.session.scalars(family.order_by(Person.name)).unique())
    shown = [{"person": one, "grants": _grants(one, person)} for one in relatives]
    return render_template(
        "desk/patient.html",
        person=person,
        shown=shown,
        answers=_answers([person, *relatives]),
        history=_history([person, *relatives]),
        stay=stay_of(person, now=now()),
    )


def _grants(relative: Person, patient: Person) -> list[dict[str, str | bool]]:
    """Return each grant with the state it is in now."""
    moment = now()
    wanted = select(Grant).where(Grant.person_id == relative.id, Grant.patient_id == patient.id)
    found: list[dict[str, str | bool]] = []
    for row in db.session.scalars(wanted.order_by(Grant.purpose, Grant.signed)):
        if row.revoked_at:
            state = "Withdrawn"
        elif holds(row, moment):
            state = "Valid now"
        else:
            state = "Not begun yet" if moment < row.valid_from else "Ended"
        end = (
            f"{day_words(row.expires)} {row.expires.year}"
            if row.expires
            else f"at {row.expires_on}".replace("_", " ")
        )
        signed = f"{day_words(row.signed)} {row.signed.year}"
        found.append(
            {
                "what": KIND_WORDS[row.purpose],
                "signed": signed,
                "by": str(row.signed_by),
                "until": end,
                "state": state,
                "valid": state == "Valid now",
                "others": row.others,
            }
        )
    return found


def _answers(invited: list[Person]) -> list[dict[str, str]]:
    names = {one.id: one.name for one in invited}
    told = told_dates(list(names))
    rows = select(Session).where(Session.id.in_({one.session_id for one in told}))
    sessions = {row.id: row for row in db.session.scalars(rows)}
    found = []
    for one in told:
        session = sessions[one.session_id]
        said = SAID[one.answer] if one.answer else "no answer yet"
        when = span_words(
            one.begins_at,
            one.ends_at,
            session.zone,
            session.zone,
        )
        earlier = ", to an earlier time" if one.answer and not one.current else ""
        found.append(
            {
                "who": names[one.person_id],
                "when": when,
                "what": KIND_WORDS[session.kind],
                "said": said + earlier,
            }
        )
    return found


def _history(invited: list[Person]) -> list[dict[str, str | None]]:
    """Return every answer, by mail and on the page, the newest first; comments are a sender's own
    words.
    """
    names = {one.id: one.name for one in invited}
    zone = practice().zone
    ways = {"mail": "by mail", "page": "on their page"}
    return [
        {
            "who": names[row.person_id],
            "said": SAID[row.answer],
            "way": ways.get(row.way, row.way),
            "given": moment_words(row.given_at, zone),
            "comment": row.comment,
            "about": f"the date {moment_words(row.recurrence, zone)}"
            if row.recurrence
            else "all dates",
        }
        for row in answers_given(list(names))
    ]
