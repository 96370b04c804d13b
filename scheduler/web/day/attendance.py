"""Who came to a session: everybody who sits in it on one page, marked in one pass by tap or key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler.attendance import (
    Said,
    attendance_of,
    close_session,
    entered_at,
    mark,
    marks_in_order,
    newest_turn,
    people_expected,
    take_back,
)
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.i18n import N_, catalog
from scheduler.ical import to_utc
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Deed
from scheduler.people.models import Person, PersonKind
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.access import STAFF, allow, may_do, me, refuse
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
TAKEN_BACK = N_("Taken back")
NOTHING = "nothing"
"""The choice that takes a word back."""
BEFORE_IT_BEGINS = (AttendanceState.EXCUSED,)


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the page: what is known, what was typed, and what the room says."""

    person: Person
    role: str
    state: str
    minutes: str
    note: str
    has_note: bool
    by_telephone: bool
    entered: str
    known: AttendanceMark | None
    turn: int
    was: str
    """The state the page showed before anybody chose."""
    said_at: str


@bp.get("/<key>/attendance")
@allow(*STAFF)
def page(key: str) -> Page:
    """Show who sits in a session and what is known of who came."""
    return _form(session_by_key(key), {})


@bp.post("/<key>/attendance")
@allow(*STAFF)
def save(key: str) -> Page:
    """Write down what was chosen; `all` marks everybody not yet marked as present. All or none;
    what somebody else wrote down meanwhile stands.
    """
    session = session_by_key(key)
    if not _notes_are_mine(session) and _typed_notes():
        refuse(me())
    moment = now()
    errors: dict[str, str] = {}
    new = 0
    for person in _people(session):
        try:
            new += _written(session, person, moment)
        except InputError as error:
            errors[f"state-{person.key}"] = f"{person.name}: {sentence(error)}"
    if errors:
        db.session.rollback()
        return _form(session_by_key(key), errors), 422
    is_held = close_session(session, by=me().key, now=moment)
    db.session.commit()
    flash(_done_words(new, is_held=is_held))
    place = _day_it_came_from(session, request.form) or url_for("attendance.page", key=key)
    return redirect(place, 303)


def _day_it_came_from(session: Session, said: Mapping[str, str]) -> str | None:
    """Return the address of the day's page, for who came from there and goes back to it."""
    if said.get("back") != "today":
        return None
    zone = ZoneInfo(session.zone)
    day = session.starts_at.astimezone(zone).date()
    is_today = day == now().astimezone(zone).date()
    return url_for("today.page", day=None if is_today else day)


def _done_words(new: int, *, is_held: bool) -> str:
    _ = catalog(reader_language())
    if not new:
        return _("Nothing was new.")
    words = _.ngettext("{count} person written down.", "{count} people written down.", new)
    said = words.format(count=new)
    if is_held:
        said = " ".join([said, _("The session is closed: it was held.")])
    return said


def _written(session: Session, person: Person, moment: datetime) -> bool:
    """Write down one person's line; True if it says something new. Raises InputError."""
    chosen = request.form.get(f"state-{person.key}", "")
    known = attendance_of(session.id).get(person.id)
    if _is_overtaken(session, person):
        if chosen == request.form.get(f"was-{person.key}", ""):
            return False
        raise InputError(N_("somebody else wrote something down meanwhile; choose again"))
    if chosen == NOTHING:
        return take_back(session, person, by=me().key, now=moment)
    if not chosen and known is None and request.form.get("all"):
        chosen = AttendanceState.PRESENT.value
    if chosen not in set(AttendanceState):
        return False
    said = _said(session, person, AttendanceState(chosen), known)
    return mark(session, person, said, by=me().key, now=moment)


def _is_overtaken(session: Session, person: Person) -> bool:
    """True if the page that was sent did not show the newest word about a person."""
    shown = request.form.get(f"turn-{person.key}")
    return shown is not None and shown != str(newest_turn(session.id, person.id))


def _people(session: Session) -> list[Person]:
    return [expected.person for expected in people_expected(session)]


def _said(
    session: Session, person: Person, state: AttendanceState, known: AttendanceMark | None
) -> Said:
    """Read one person's line of the form. Raises InputError."""
    minutes = request.form.get(f"minutes-{person.key}", "").strip()
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 5):
        raise InputError(N_("give the minutes as a whole number"))
    return Said(
        state=state,
        minutes=_typed_minutes(minutes, state, known),
        note=_note_kept(session, person, known),
        by_telephone=request.form.get(f"telephone-{person.key}") == "1",
        said_at=_said_at(request.form.get(f"said-{person.key}", ""), session.zone),
    )


def _note_kept(session: Session, person: Person, known: AttendanceMark | None) -> str | None:
    """Return the note that goes on: the one that was typed, or, of who may write none, the one that
    stands.
    """
    if _notes_are_mine(session):
        return request.form.get(f"note-{person.key}")
    return known.note if known else None


def _notes_are_mine(session: Session) -> bool:
    """True if the reader may read and write notes about a session."""
    reads = may_do(Deed.READ_NOTES, key=session.key)
    return reads and may_do(Deed.WRITE_NOTES, key=session.key)


def _typed_notes() -> list[str]:
    """Return the notes that this form brings."""
    fields = request.form.items()
    return [said for name, said in fields if name.startswith("note-") and said.strip()]


def _said_at(typed: str, zone: str) -> datetime | None:
    """Read when an excuse was given, wall time of a zone. Raises InputError."""
    if not typed.strip():
        return None
    try:
        return to_utc(datetime.fromisoformat(typed.strip()).replace(tzinfo=None), zone)
    except (ValueError, OverflowError) as error:
        raise InputError(N_("give day and time as 2027-03-09T14:30")) from error


def _typed_minutes(typed: str, state: AttendanceState, known: AttendanceMark | None) -> int | None:
    """Return the minutes that count: those of an earlier state are not carried into a new one."""
    is_left_over = known is not None and known.state is not state and typed == str(known.minutes)
    return None if not typed or is_left_over else int(typed)


def _form(session: Session, errors: dict[str, str]) -> str:
    language = reader_language()
    asked = request.form if request.method == "POST" else request.args
    has_begun = session.starts_at <= now()
    states = STATES if has_begun else {state: STATES[state] for state in BEFORE_IT_BEGINS}
    return render_template(
        "day/attendance.html",
        row=session,
        lines=_lines(session),
        may_note=_notes_are_mine(session),
        earlier=_corrections(session),
        states=[(state.value, _in_words(words)) for state, words in states.items()],
        errors=errors,
        back=_day_it_came_from(session, asked),
        has_begun=has_begun,
        is_cancelled=session.status is Status.CANCELLED,
        is_held=session.is_held,
        can_close=session.ends_at <= now(),
        when=when_words(session),
        title=title_words(session.kind, session.title, session.topic, language),
        zone=zone_words(session.zone),
    )


def _lines(session: Session) -> list[Line]:
    known = attendance_of(session.id)
    entered = entered_at(session.id)
    may_note = _notes_are_mine(session)
    lines = []
    for expected in people_expected(session):
        person = expected.person
        line = _line(
            person,
            ROLES[expected.role],
            known.get(person.id),
            _clock(entered.get(person.id), session.zone),
            newest_turn(session.id, person.id),
            session.zone,
        )
        lines.append(line if may_note else replace(line, note=""))
    return lines


def _line(
    person: Person, role: str, known: AttendanceMark | None, entered: str, turn: int, zone: str
) -> Line:
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
        has_note=bool(note),
        by_telephone=telephone,
        entered=entered,
        known=known,
        turn=turn,
        was=state,
        said_at=request.form.get(f"said-{person.key}", _typed_moment(known, zone)),
    )


def _typed_moment(known: AttendanceMark | None, zone: str) -> str:
    if known is None or known.said_at is None:
        return ""
    return f"{known.said_at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


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
            "state": _in_words(TAKEN_BACK if word.taken_back else STATES[word.state]),
            "minutes": str(word.minutes),
            "by": word.by,
            "at": moment_words(word.at, session.zone),
        }
        rows.append(row)
    return rows


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)
