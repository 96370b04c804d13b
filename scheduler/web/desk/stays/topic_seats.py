"""A patient is seated in a group in which a topic they missed comes again: what leaves is shown
before.
"""

from flask import Blueprint, flash, redirect, request, url_for

from scheduler import homes
from scheduler.consents import audiences_had
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import NotFound
from scheduler.people import patient_by_key
from scheduler.people.models import Person
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words
from scheduler.web.preview.look_ahead import Ahead, act_on_sight, ahead_page

bp = Blueprint("topic_seats", __name__, url_prefix="/desk/patients")
SEATED = N_("{name} has a place in {title}, {when}.")
TITLE = N_("Seat {name} to see {topic}")
WHAT = N_("{name} sits once in {title}, {when}, in place of {missed}.")


@bp.post("/<key>/missed-topics")
@allow(*STAFF)
def seat(key: str) -> Page:
    """Seat a patient where a topic comes again once was seen what leaves."""
    patient = patient_by_key(key)
    missed = _missed(patient, request.form.get("missed", ""))
    group = session_by_key(request.form.get("group", ""))
    by = me().key
    moment = now()
    told = audiences_had([group], now=moment)
    people = {patient.id}
    for recipient in told[group.id]:
        people.add(recipient.person.id)
    words = _words(
        patient,
        missed,
        group,
    )

    def deed() -> None:
        homes.seat_instead(
            missed,
            group,
            patient,
            by=by,
            now=moment,
        )

    ahead = act_on_sight(
        deed,
        people,
        by=by,
        now=moment,
    )
    if not ahead.is_done:
        return _shown(ahead, key, words)
    flash(catalog(reader_language())(SEATED).format_map(words))
    return redirect(url_for("patients.patient", key=key), 303)


def _words(patient: Person, missed: Session, group: Session) -> dict[str, str]:
    return {
        "name": patient.name,
        "title": group.title,
        "when": moment_words(group.starts_at, group.zone),
        "missed": moment_words(missed.starts_at, missed.zone),
        "topic": missed.topic or "",
    }


def _shown(ahead: Ahead, key: str, words: dict[str, str]) -> Page:
    """Return the page that shows what leaves before anybody is seated."""
    _ = catalog(reader_language())
    return ahead_page(
        ahead,
        title=_(TITLE).format_map(words),
        what=[_(WHAT).format_map(words)],
        deed=_("Seat them"),
        back=url_for("patients.patient", key=key),
        may_change=False,
    )


def _missed(patient: Person, key: str) -> Session:
    """Return the session with a key whose topic a patient missed. Raises NotFound."""
    for topic in homes.missed_topics(patient, now=now()):
        if topic.session.key == key:
            return topic.session
    raise NotFound(f"{patient.key} missed no topic in {key}")
