"""Who came to a session: everybody who sits in it on one page, marked in one pass by tap or key."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.attendance import (
    Said,
    attendance_of,
    entered_at,
    mark,
    marks_in_order,
    people_expected,
)
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person, PersonKind
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import when_words
from scheduler.web.parts.family_times import clock_in
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import moment_words, title_words, zone_words

bp = Blueprint("attendance", __name__, url_prefix="/desk/sessions")
STATES = {
    AttendanceState.PRESENT: N_("Present"),
    AttendanceState.LATE: N_("Late"),
    AttendanceState.LEFT_EARLY: N_("Left early"),
    AttendanceState.EXCUSED: N_("Excused"),
    AttendanceState.NO_SHOW: N_("Did not come"),
}
ROLES = {
    PersonKind.PATIENT: N_("Patient"),
    PersonKind.RELATIVE: N_("Relative"),
    PersonKind.CLINICIAN: N_("Leads it"),
}
BEFORE_IT_BEGINS = (AttendanceState.EXCUSED,)


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the page: what is known, what was typed, and what the room says."""

    person: Person
    role: str
    state: str
    minutes: str
    note: str
    by_telephone: bool
    entered: str
    known: AttendanceMark | None


@bp.get("/<key>/attendance")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show who sits in a session and what is known of who came."""
    return _form(session_by_key(key), {})


@bp.post("/<key>/attendance")
@allow(*STAFF)
def save(key: str) -> Page:
    """Write down what was chosen; `all` marks everybody not yet marked as present. All or none."""
    session = session_by_key(key)
    moment = now()
    errors: dict[str, str] = {}
    new = 0
    for person in _people(session):
        said = _said(session, person, errors)
        if said is None:
            continue
        try:
            new += mark(session, person, said, by=me().key, now=moment)
        except InputError as error:
            errors[f"state-{person.key}"] = f"{person.name}: {sentence(error)}"
    if errors:
        db.session.rollback()
        return _form(session_by_key(key), errors), 422
    db.session.commit()
    _ = catalog(reader_language())
    words = _.ngettext("{count} person written down.", "{count} people written down.", new)
    flash(words.format(count=new) if new else _("Nothing was new."))
    return redirect(url_for("attendance.page", key=key), 303)


def _people(session: Session) -> list[Person]:
    return [expected.person for expected in people_expected(session)]


def _said(session: Session, person: Person, errors: dict[str, str]) -> Said | None:
    """Read one person's line of the form; None where nothing was chosen."""
    state = request.form.get(f"state-{person.key}", "")
    known = attendance_of(session.id).get(person.id)
    if not state and known is None and request.form.get("all"):
        state = AttendanceState.PRESENT.value
    if state not in set(AttendanceState):
        return None
    minutes = request.form.get(f"minutes-{person.key}", "").strip()
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 5):
        errors[f"state-{person.key}"] = _in_words(
            N_("{person}: give the minutes as a whole number.")
        ).format(person=person.name)
        return None
    return Said(
        state=AttendanceState(state),
        minutes=_typed_minutes(minutes, AttendanceState(state), known),
        note=request.form.get(f"note-{person.key}"),
        by_telephone=request.form.get(f"telephone-{person.key}") == "1",
    )


def _typed_minutes(typed: str, state: AttendanceState, known: AttendanceMark | None) -> int | None:
    """Return the minutes that count: those of an earlier state are not carried into a new one."""
    is_left_over = known is not None and known.state is not state and typed == str(known.minutes)
    return None if not typed or is_left_over else int(typed)


def _form(session: Session, errors: dict[str, str]) -> str:
    language = reader_language()
    has_begun = session.starts_at <= now()
    states = STATES if has_begun else {state: STATES[state] for state in BEFORE_IT_BEGINS}
    return render_template(
        "day/attendance.html",
        row=session,
        lines=_lines(session),
        earlier=_corrections(session),
        states=[(state.value, _in_words(words)) for state, words in states.items()],
        errors=errors,
        has_begun=has_begun,
        is_cancelled=session.status is Status.CANCELLED,
        when=when_words(session),
        title=title_words(session.kind, session.title, session.topic, language),
        zone=zone_words(session.zone),
    )


def _lines(session: Session) -> list[Line]:
    known = attendance_of(session.id)
    entered = entered_at(session.id)
    lines = []
    for expected in people_expected(session):
        person = expected.person
        lines.append(
            _line(
                person,
                ROLES[expected.role],
                known.get(person.id),
                _clock(entered.get(person.id), session.zone),
            )
        )
    return lines


def _line(person: Person, role: str, known: AttendanceMark | None, entered: str) -> Line:
    """Show what was typed before what is known, and what is known before what the room proposes."""
    proposed = AttendanceState.PRESENT.value if entered and known is None else ""
    state = known.state.value if known else proposed
    minutes = str(known.minutes) if known and known.minutes else ""
    note = (known.note or "") if known else ""
    telephone = known.by_telephone if known else False
    if request.method == "POST":
        telephone = f"telephone-{person.key}" in request.form
    return Line(
        person=person,
        role=_in_words(role),
        state=request.form.get(f"state-{person.key}", state),
        minutes=request.form.get(f"minutes-{person.key}", minutes),
        note=request.form.get(f"note-{person.key}", note),
        by_telephone=telephone,
        entered=entered,
        known=known,
    )


def _clock(moment: datetime | None, zone: str) -> str:
    return clock_in(reader_language(), moment, zone) if moment else ""


def _corrections(session: Session) -> list[dict[str, str]]:
    """Return the words about a session that another one stands after, newest first."""
    marks = marks_in_order(session.id)
    names = {person.id: person.name for person in _people(session)}
    counts = {known.id for known in attendance_of(session.id).values()}
    rows = []
    for word in reversed(marks):
        if word.id in counts:
            continue
        row = {
            "name": names.get(word.person_id, ""),
            "state": _in_words(STATES[word.state]),
            "minutes": str(word.minutes),
            "by": word.by,
            "at": moment_words(word.at, session.zone),
        }
        rows.append(row)
    return rows


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)
