"""Sessions come, change and are cancelled; each change raises the version by which calendars tell
old from new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import delete, insert, select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.programs import Kind, Seats
from scheduler.sessions.change_history import is_first_of_cohort, note_added, note_change
from scheduler.sessions.locking import hold_still
from scheduler.sessions.models import MakeUpSeat, Session, SessionLead, SessionPatient, Status


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is to be true of one session: `starts_local` (`YYYY-MM-DDTHH:MM`) in `zone` is what the
    instants follow.
    """

    key: str
    series: str
    cohort_id: str
    kind: Kind
    seats: Seats
    title: str
    topic: str | None
    week: int
    starts_local: str
    zone: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    room_id: str | None
    leads: tuple[str, ...]
    """Ids of the clinicians who lead it."""
    patients: tuple[str, ...]
    """Ids of the patients it is for."""


FIELDS = (
    "series",
    "kind",
    "seats",
    "title",
    "topic",
    "week",
    "starts_local",
    "zone",
    "minutes",
    "starts_at",
    "ends_at",
    "room_id",
)
HEARD = {"starts_at", "ends_at", "leads", "patients", "status"}
"""What about a session concerns those who come to it; room and words do not."""


def schedule(meetings: Sequence[Meeting], *, by: str, now: datetime) -> None:
    """Write new sessions, all at once; the first of a cohort are no change to anybody."""
    if not meetings:
        return
    is_first = is_first_of_cohort(meetings[0].cohort_id)
    ids = {meeting.key: new_id() for meeting in meetings}
    rows = [
        {name: getattr(meeting, name) for name in FIELDS}
        | {
            "id": ids[meeting.key],
            "key": meeting.key,
            "cohort_id": meeting.cohort_id,
            "zone_rules": zone_rules(),
            "status": Status.SCHEDULED,
            "taken_back": False,
            "version": 0,
            "changed_at": now,
        }
        for meeting in meetings
    ]
    db.session.execute(insert(Session), rows)
    _seat((ids[meeting.key], meeting) for meeting in meetings)
    if not is_first:
        note_added(ids.values(), now=now)
    audit.append(
        "sessions.schedule",
        meetings[0].cohort_id,
        {"sessions": sorted(ids)},
        by=by,
        now=now,
    )


def move(session: Session, meeting: Meeting, *, by: str, now: datetime) -> bool:
    """Make a session what `meeting` says, whether time, people, room or words; True if that changed
    anything. Raises Conflict when somebody changed it since it was read.
    """
    meeting = _with_make_ups(session, meeting)
    changed = _differences(session, meeting)
    if not changed:
        return False
    hold_still(session)
    before = session.starts_at
    _remember_place(session, meeting)
    if HEARD.intersection(changed):
        note_change(session, now=now)
    _become(session, meeting, now)
    db.session.flush()
    db.session.execute(delete(SessionLead).where(SessionLead.session_id == session.id))
    db.session.execute(delete(SessionPatient).where(SessionPatient.session_id == session.id))
    _seat([(session.id, meeting)])
    db.session.expire(session, ["leads", "patients", "room"])
    details = {
        "changed": changed,
        "from": before.isoformat(),
        "to": meeting.starts_at.isoformat(),
    }
    audit.append("sessions.move", session.key, details, by=by, now=now)
    return True


def _with_make_ups(session: Session, meeting: Meeting) -> Meeting:
    """Return the meeting with those who make up in it for another one: no plan knows of them."""
    taken = select(MakeUpSeat.person_id).where(MakeUpSeat.session_id == session.id)
    missing = set(db.session.scalars(taken)) - set(meeting.patients)
    return replace(meeting, patients=(*meeting.patients, *sorted(missing)))


def _become(session: Session, meeting: Meeting, now: datetime) -> None:
    """Make the row of a session what `meeting` says, in its next version; who sits in it apart."""
    for name in FIELDS:
        setattr(session, name, getattr(meeting, name))
    session.zone_rules = zone_rules()
    session.status = Status.SCHEDULED
    session.cancelled_by = None
    session.cancelled_at = None
    session.taken_back = False
    session.version += 1
    session.changed_at = now


def _remember_place(session: Session, meeting: Meeting) -> None:
    """Keep where a session lay before it was moved first, until it lies there again."""
    here = (session.starts_local, session.minutes)
    there = (meeting.starts_local, meeting.minutes)
    if there == (session.moved_from, session.minutes_before):
        session.moved_from = None
        session.minutes_before = None
    elif session.taken_back:
        session.moved_from = None
    elif session.moved_from is None and there != here:
        session.moved_from, session.minutes_before = here


def _differences(session: Session, meeting: Meeting) -> list[str]:
    """Return the names of what `meeting` says otherwise than the session."""
    changed = [name for name in FIELDS if getattr(session, name) != getattr(meeting, name)]
    if {clinician.id for clinician in session.leads} != set(meeting.leads):
        changed.append("leads")
    if {patient.id for patient in session.patients} != set(meeting.patients):
        changed.append("patients")
    if session.status is Status.CANCELLED:
        changed.append("status")
    return changed


def cancel(session: Session, *, by: str, now: datetime) -> None:
    """Cancel a session; one that is cancelled already stays as it is. Raises Conflict as `move`."""
    if session.status is Status.CANCELLED:
        return
    hold_still(session)
    note_change(session, now=now)
    session.status = Status.CANCELLED
    session.cancelled_by = by
    session.cancelled_at = now
    session.version += 1
    session.changed_at = now
    audit.append(
        "sessions.cancel",
        session.key,
        {},
        by=by,
        now=now,
    )


def zone_rules() -> str:
    """Return the version of the time zone data that instants are derived with."""
    return version("tzdata")


def _seat(seated: Iterable[tuple[str, Meeting]]) -> None:
    pairs = list(seated)
    leads = [
        {"session_id": key, "person_id": clinician_id}
        for key, meeting in pairs
        for clinician_id in meeting.leads
    ]
    patients = [
        {"session_id": key, "person_id": patient_id}
        for key, meeting in pairs
        for patient_id in meeting.patients
    ]
    if leads:
        db.session.execute(insert(SessionLead), leads)
    if patients:
        db.session.execute(insert(SessionPatient), patients)
