"""Who may know what of a patient, and what relatives answered, for staff."""

from datetime import date, datetime
from operator import attrgetter

from flask import Blueprint, render_template

from scheduler.admissions import family_of, leads_to, records_of
from scheduler.consents import grants_about, holds
from scheduler.consents.model.models import Ending, Grant, Signer
from scheduler.i18n import N_, catalog
from scheduler.invitations import answered_dates, answers_given
from scheduler.kernel.clock import now
from scheduler.people import patient_by_key, practice
from scheduler.people.models import Person
from scheduler.sessions import sessions_by_id
from scheduler.tech_checks import PARTS, Outcome, told_checks
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.patient_outlook import stay_of
from scheduler.web.desk.people.hours_picture import hours_shown
from scheduler.web.desk.stays.comes_due import comes_due, topics_missed
from scheduler.web.family.home.shown_dates import SAID
from scheduler.web.family.invitation import ANSWERS
from scheduler.web.parts.answer_words import their_answer
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page
from scheduler.web.parts.stay_words import stays_shown
from scheduler.web.parts.time_words import day_words, moment_words, span_words
from scheduler.web.portal.consent_withdraw import barriers_shown

bp = Blueprint("patients", __name__, url_prefix="/desk")
PART_WORDS = {
    "browser": N_("browser"),
    "camera": N_("camera"),
    "microphone": N_("microphone"),
    "speakers": N_("speakers"),
    "connection": N_("connection"),
}
WAYS = {"mail": N_("by mail"), "page": N_("on their page"), "desk": N_("told to staff")}
SIGNERS = {
    Signer.PATIENT: N_("patient"),
    Signer.GUARDIAN: N_("guardian"),
    Signer.PROXY: N_("proxy"),
    Signer.BOTH: N_("both"),
}


@bp.get("/patients/<key>")
@allow(*STAFF)
def patient(key: str) -> Page:
    """Show what lies before a patient, who may know what, and what relatives answered."""
    person = patient_by_key(key)
    relatives = family_of(person)
    grants = grants_about(person)
    today = practice().day_at(now())
    barriers = barriers_shown(person)
    shown = []
    for relative in relatives:
        shown.append(
            {
                "person": relative,
                "kept_out": [
                    words for row, words, _ in barriers if row.person_id in {None, relative.id}
                ],
                "grants": _grants(grants.get(relative.id, [])),
                "ready": _ready(relative, today),
                "reached": _reached(relative),
            }
        )
    return render_template(
        "desk/patient.html",
        person=person,
        leads_to=leads_to(person),
        records=records_of([person, *relatives]),
        shown=shown,
        answers=_answers([person, *relatives]),
        history=_history([person, *relatives]),
        stays=stays_shown(person, today=today),
        stay=stay_of(person, now=now()),
        hours=hours_shown(person),
        due=comes_due(person),
        topics=topics_missed(person),
        checks=_checks([person, *relatives]),
    )


def _checks(people: list[Person]) -> list[dict[str, object]]:
    """Return what these people told of their camera and sound, the newest first."""
    _ = catalog(reader_language())
    zone = practice().zone
    found = []
    for row in told_checks([each.id for each in people]):
        result = row.result
        parts = []
        for part in PARTS:
            outcome = result.of(part)
            if outcome is not Outcome.UNTRIED:
                parts.append((_(PART_WORDS[part]), outcome is Outcome.WORKS))
        shown = {"who": row.person.name, "when": moment_words(row.told_at, zone)}
        found.append(shown | {"parts": parts, "will_phone": row.will_phone})
    return found


def _ready(person: Person, today: date) -> str:
    """Return that a relative is ready today, and until when; "" where they are not."""
    _ = catalog(reader_language())
    own = person.relative
    if own is None or not own.is_ready(today):
        return ""
    if own.ready_until is None:
        return _("Ready for family sessions.")
    until = f"{day_words(own.ready_until)} {own.ready_until.year}"
    return _("Ready for family sessions, through {day}.").format(day=until)


def _reached(person: Person) -> str:
    """Return how somebody is reached, in one line."""
    if person.phone:
        return f"{person.email}, {person.phone}"
    return person.email


def _grants(grants: list[Grant]) -> list[dict[str, str | bool]]:
    """Return each grant with the state it is in now."""
    moment = now()
    language = reader_language()
    found: list[dict[str, str | bool]] = []
    for grant in grants:
        found.append(
            {
                "what": kind_in(language, grant.purpose),
                "signed": f"{day_words(grant.signed)} {grant.signed.year}",
                "by": catalog(language)(SIGNERS[grant.signed_by]),
                "until": _end(grant),
                "state": _state(grant, moment),
                "valid": grant.revoked_at is None and holds(grant, moment),
                "others": grant.others,
            }
        )
    return found


def _state(grant: Grant, moment: datetime) -> str:
    _ = catalog(reader_language())
    if grant.revoked_at:
        return _("Withdrawn")
    if holds(grant, moment):
        return _("Valid now")
    if moment < grant.valid_from:
        return _("Not begun yet")
    return _("Ended")


def _end(grant: Grant) -> str:
    if grant.expires:
        return f"{day_words(grant.expires)} {grant.expires.year}"
    _ = catalog(reader_language())
    if grant.expires_on is Ending.DISCHARGE:
        return _("at discharge")
    return _("at program end")


def _answers(invited: list[Person]) -> list[dict[str, str]]:
    names = {person.id: person.name for person in invited}
    language = reader_language()
    told = sorted(answered_dates(list(names)), key=attrgetter("begins_at", "uid"))
    sessions = sessions_by_id({told_date.session_id for told_date in told})
    found = []
    for told_date in told:
        session = sessions[told_date.session_id]
        said = their_answer(told_date, session.zone, language)
        found.append(
            {
                "who": names[told_date.person_id],
                "when": span_words(
                    told_date.begins_at,
                    told_date.ends_at,
                    session.zone,
                    session.zone,
                ),
                "what": kind_in(language, session.kind),
                "said": said,
            }
        )
    return found


def _history(invited: list[Person]) -> list[dict[str, str | None]]:
    """Return every answer, by mail and on the page, the newest first; comments are a sender's own
    words.
    """
    names = {person.id: person.name for person in invited}
    _ = catalog(reader_language())
    zone = practice().zone
    found = []
    for answer in answers_given(list(names)):
        about = _("for all dates")
        if answer.recurrence:
            day = moment_words(answer.recurrence, zone)
            about = _("for the date {date}").format(date=day)
        found.append(
            {
                "who": names[answer.person_id],
                "said": _(ANSWERS[SAID[answer.answer]]),
                "way": _(WAYS[answer.way]) if answer.way in WAYS else answer.way,
                "given": moment_words(answer.given_at, zone),
                "comment": answer.comment,
                "about": about,
            }
        )
    return found
