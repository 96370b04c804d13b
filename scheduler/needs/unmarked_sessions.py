"""Sessions of which nobody said by the next morning who came."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import exists, select

from scheduler.attendance import close_session
from scheduler.attendance.models import AttendanceMark
from scheduler.i18n import N_, clock, dated_day
from scheduler.kernel.database import db
from scheduler.sessions.models import Session, SessionPatient, Status
from scheduler.tasks import Matter

MORNING = time(6)
"""When the next morning begins, wall time of the practice."""
BACK = timedelta(days=7)
"""How far back a session is asked about."""
MOST = 100
WORDS = N_("Nobody wrote down who came to {what}, {when}.")
STAFF = "en"


def unmarked_sessions(here: datetime) -> list[Matter]:
    """Return a matter for each session that was over before this morning and is not closed; `here`
    is now in the practice's zone.
    """
    morning = datetime.combine(here.date(), MORNING, here.tzinfo)
    if here < morning:
        morning = datetime.combine(here.date() - timedelta(days=1), MORNING, here.tzinfo)
    until = morning.astimezone(UTC)
    wanted = (
        select(Session)
        .where(
            Session.starts_at > until - BACK,
            Session.starts_at < until,
            Session.ends_at <= until,
            Session.status == Status.SCHEDULED,
            exists().where(SessionPatient.session_id == Session.id),
        )
        .order_by(Session.starts_at, Session.key)
        .limit(MOST)
    )
    return [_matter(session) for session in db.session.scalars(wanted).unique()]


def _matter(session: Session) -> Matter:
    local = datetime.fromisoformat(session.starts_local)
    when = f"{dated_day(local.date(), STAFF)}, {clock(local, STAFF)}"
    words = WORDS.format(what=f"“{session.called}”", when=when)
    key = f"attendance:{session.id}"
    return Matter(key, words, None, leads_to=f"attendance:{session.key}")


def close_the_marked(*, by: str, now: datetime) -> None:
    """Close the sessions of the last days of which everything was said while they still ran."""
    marked = exists().where(AttendanceMark.session_id == Session.id)
    wanted = select(Session).where(
        Session.starts_at > now - BACK,
        Session.starts_at < now,
        Session.ends_at <= now,
        Session.status == Status.SCHEDULED,
        marked,
    )
    for session in db.session.scalars(wanted.limit(MOST)).unique():
        close_session(session, by=by, now=now)
