"""Who may know what of a patient, and what relatives answered, for staff."""

from datetime import datetime

from flask import Blueprint, render_template

from scheduler.consents import grants_about, holds
from scheduler.consents.model.models import Grant
from scheduler.invitations import answers_given, told_dates
from scheduler.kernel.clock import now
from scheduler.people import patient_by_key, practice, relatives_of
from scheduler.people.models import Person
from scheduler.sessions import sessions_by_id
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.desk.patient_outlook import stay_of
from scheduler.web.family.invitation import SAID
from scheduler.web.parts.kind_words import KIND_WORDS
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import day_words, moment_words, span_words

bp = Blueprint("patients", __name__, url_prefix="/desk")
VALID = "Valid now"
WAYS = {"mail": "by mail", "page": "on their page"}


@bp.get("/patients/<key>")
@allow(*STAFF)
def patient(key: str) -> Page:
    """Show what lies before a patient, who may know what, and what relatives answered."""
    person = patient_by_key(key)
    relatives = relatives_of(person)
    shown = [{"person": relative, "grants": _grants(relative, person)} for relative in relatives]
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
    found: list[dict[str, str | bool]] = []
    for grant in grants_about(patient, relative):
        state = _state(grant, moment)
        found.append(
            {
                "what": KIND_WORDS[grant.purpose],
                "signed": f"{day_words(grant.signed)} {grant.signed.year}",
                "by": str(grant.signed_by),
                "until": _end(grant),
                "state": state,
                "valid": state == VALID,
                "others": grant.others,
            }
        )
    return found


def _state(grant: Grant, moment: datetime) -> str:
    if grant.revoked_at:
        return "Withdrawn"
    if holds(grant, moment):
        return VALID
    return "Not begun yet" if moment < grant.valid_from else "Ended"


def _end(grant: Grant) -> str:
    if grant.expires:
        return f"{day_words(grant.expires)} {grant.expires.year}"
    return f"at {grant.expires_on}".replace("_", " ")


def _answers(invited: list[Person]) -> list[dict[str, str]]:
    names = {person.id: person.name for person in invited}
    told = told_dates(list(names))
    sessions = sessions_by_id({date.session_id for date in told})
    found = []
    for date in told:
        session = sessions[date.session_id]
        said = SAID[date.answer] if date.answer else "no answer yet"
        earlier = ", to an earlier time" if date.answer and not date.current else ""
        found.append(
            {
                "who": names[date.person_id],
                "when": span_words(date.begins_at, date.ends_at, session.zone, session.zone),
                "what": KIND_WORDS[session.kind],
                "said": said + earlier,
            }
        )
    return found


def _history(invited: list[Person]) -> list[dict[str, str | None]]:
    """Return every answer, by mail and on the page, the newest first; comments are a sender's own
    words.
    """
    names = {person.id: person.name for person in invited}
    zone = practice().zone
    found = []
    for answer in answers_given(list(names)):
        date = moment_words(answer.recurrence, zone) if answer.recurrence else None
        found.append(
            {
                "who": names[answer.person_id],
                "said": SAID[answer.answer],
                "way": WAYS.get(answer.way, answer.way),
                "given": moment_words(answer.given_at, zone),
                "comment": answer.comment,
                "about": f"the date {date}" if date else "all dates",
            }
        )
    return found
