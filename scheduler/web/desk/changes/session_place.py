"""A session as a place: who sits in it, what each relative may know, what they say and whether they
came; what became of it, and what the team noted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for

from scheduler.attendance import attendance_of, people_expected
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.consents import Recipient, judged
from scheduler.i18n import N_, catalog
from scheduler.invitations import answers_to
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Deed, may, names_by_key, people_by_id
from scheduler.people.models import Person, PersonKind
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import (
    LONGEST_NOTE,
    Became,
    PastChange,
    changes_of,
    notes_of,
    patient_reach,
    session_by_key,
    write_note,
)
from scheduler.sessions.models import Session, TeamNote
from scheduler.web.auth.access import STAFF, allow, may_do, me
from scheduler.web.auth.desk_deeds import roles_here
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.room_hours import OPENS, is_open
from scheduler.web.parts.answer_words import their_answer
from scheduler.web.parts.page import Page, sentence
from scheduler.web.parts.time_words import clock_words, moment_words, span_words

bp = Blueprint(
    "session_place",
    __name__,
    url_prefix="/desk/sessions",
)
PATIENT = N_("patient")
RELATIVE = N_("relative")
KNOWS = N_("yes")
KNOWS_NOTHING = N_("no: {why}")
CAME = {
    AttendanceState.PRESENT: N_("came"),
    AttendanceState.LATE: N_("came late"),
    AttendanceState.LEFT_EARLY: N_("left early"),
    AttendanceState.EXCUSED: N_("excused"),
    AttendanceState.NO_SHOW: N_("did not come"),
}
CHANGED = {
    Became.PUBLISHED: N_("Published"),
    Became.MOVED: N_("Moved; it was {time}"),
    Became.CANCELLED: N_("Cancelled; it was {time}"),
    Became.PUT_BACK: N_("Put back after it was cancelled"),
    Became.PEOPLE: N_("Its people, room or words changed"),
    Became.LEFT: N_("Somebody is in it no longer"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of a session; `key` is a patient's whose page the reader may open, else ""."""

    name: str
    role: str
    key: str
    said: str
    knows: str
    is_told: bool
    came: str


@bp.post("/<key>/note")
@allow(*STAFF)
def note(key: str) -> Page:
    """Keep a note of the team about a session; nobody outside is told."""
    said = request.form.get("words", "")
    try:
        write_note(
            session_by_key(key),
            said,
            by=me().key,
            now=now(),
        )
        db.session.commit()
        flash(_in_words(N_("Noted, for the team alone.")))
    except InputError as error:
        flash(
            sentence(error),
            "wrong",
        )
    return redirect(
        url_for(
            "session_edit.page",
            key=key,
            _anchor="notes",
        ),
        303,
    )


def place_of(row: Session) -> dict[str, object]:
    """Return what the page of a session shows beside what can be changed of it."""
    names = names_by_key()
    changes = []
    for change in changes_of(row):
        changes.append(
            (
                moment_words(
                    change.at,
                    row.zone,
                ),
                _change_words(
                    change,
                    row.zone,
                ),
            )
        )
    notes = notes_of(row)
    return {
        "seats": _seats(
            row,
            now(),
        ),
        "past": changes,
        "notes_kept": len(notes),
        "notes": _notes_shown(notes, names, row) if may_do(Deed.READ_NOTES, key=row.key) else [],
        "longest_note": LONGEST_NOTE,
        "room_words": _room_words(
            row,
            now(),
        ),
    }


def _notes_shown(
    notes: Sequence[TeamNote], names: Mapping[str, str], row: Session
) -> list[dict[str, str]]:
    """Return the words of notes, who wrote each, and when."""
    shown = []
    for each in notes:
        who = names.get(each.by, each.by)
        at = moment_words(each.at, row.zone)
        shown.append({"words": each.words, "who": who, "at": at})
    return shown


def _seats(row: Session, moment: datetime) -> list[Seat]:
    """Return patients, each relative of theirs after them, and what is known of each; who leads it
    stands above.
    """
    found = judged([row], now=moment)[row.id]
    marks = attendance_of(row.id)
    told = {who.person.id: who for who in found.told}
    why_not = {one.person.id: _in_words(one.reason.value) for one in found.untold}
    people = _people(
        row,
        told,
        why_not,
    )
    answers = {
        date.person_id: date
        for date in answers_to(
            row.id,
            set(people),
        )
    }
    seats = []
    for person in people.values():
        is_asked = person.id in told and person.kind is PersonKind.RELATIVE
        date = answers.get(person.id)
        said = (
            their_answer(
                date,
                row.zone,
                reader_language(),
            )
            if is_asked or date
            else ""
        )
        seats.append(
            _seat(
                person,
                said,
                why_not,
                marks,
                is_told=person.id in told,
            )
        )
    return seats


def _people(
    row: Session, told: Mapping[str, Recipient], why_not: Mapping[str, str]
) -> dict[str, Person]:
    """Return by id the patients of a session, relatives who are told, who might have come, and, in
    sessions that families can be asked to, who is not told.
    """
    people = {patient.id: patient for patient in row.patients}
    for who in told.values():
        people.setdefault(
            who.person.id,
            who.person,
        )
    for expected in people_expected(row):
        people.setdefault(
            expected.person.id,
            expected.person,
        )
    if row.kind in FAMILY_KINDS:
        for person in people_by_id(set(why_not) - set(people)).values():
            if _may_see_family_of(person):
                people[person.id] = person
    leads = {lead.id for lead in row.leads}
    return {key: person for key, person in people.items() if key not in leads}


def _may_see_family_of(person: Person) -> bool:
    """True if the reader may open the page of the patient whose relative this is."""
    own = person.relative
    return own is not None and _may_see(own.patient_id)


def _may_see(patient_id: str) -> bool:
    """True if the reader may open the page of a patient (id)."""
    staff = me()
    reach = patient_reach(
        staff,
        patient_id,
        day=now().date(),
    )
    return may(
        roles_here(staff),
        Deed.SEE_PATIENT,
        reach,
    )


def _seat(
    person: Person,
    said: str,
    why_not: Mapping[str, str],
    marks: Mapping[str, AttendanceMark],
    *,
    is_told: bool,
) -> Seat:
    mark = marks.get(person.id)
    is_relative = person.kind is PersonKind.RELATIVE
    knows = ""
    if is_relative and is_told:
        knows = _in_words(KNOWS)
    elif is_relative and person.id in why_not:
        knows = _in_words(KNOWS_NOTHING).format(why=why_not[person.id])
    is_open_to_me = not is_relative and _may_see(person.id)
    return Seat(
        name=person.name,
        role=_in_words(RELATIVE if is_relative else PATIENT),
        key=person.key if is_open_to_me else "",
        said=said,
        knows=knows,
        is_told=is_told,
        came=_in_words(CAME[mark.state]) if mark is not None else "",
    )


def _change_words(change: PastChange, zone: str) -> str:
    words = _in_words(CHANGED[change.became])
    if change.began is None or change.ended is None:
        return words
    return words.format(
        time=span_words(
            change.began,
            change.ended,
            zone,
            zone,
        )
    )


def _room_words(row: Session, moment: datetime) -> str:
    """Return which room a session has and when it opens; "" where it has none."""
    _ = catalog(reader_language())
    if row.room is None:
        return ""
    if is_open(row, moment):
        return _("Room {room}, open now").format(room=row.room.key)
    if row.starts_at <= moment:
        return _("Room {room}, closed").format(room=row.room.key)
    opens = clock_words(datetime.fromisoformat(row.starts_local) - OPENS)
    return _("Room {room}, opens at {time}").format(
        room=row.room.key,
        time=opens,
    )


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)
