"""Where in a week a session could be, place by place: what the move itself would be refused for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from scheduler.ical import to_utc
from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.proposals.by_hand.judge_edit import NewFindings, before_guests
from scheduler.planning.proposals.by_hand.lifted import WEEK, Lifted
from scheduler.sessions import NO_TIME, Booked, bookings_between, can_be_held, overrides_of
from scheduler.sessions.models import Session

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a week: `start` is naive wall time of the session's zone. It is open, or `broken`
    or `refusal` say why not.
    """

    start: datetime
    refusal: str = ""
    """Why nobody can do it, in a sentence; empty where rules alone are broken, or nothing."""
    broken: tuple[Finding, ...] = ()

    @property
    def is_open(self) -> bool:
        """True if the session may be put there."""
        return not self.words

    @property
    def words(self) -> str:
        """What the move would be refused with; empty where it is taken."""
        return self.refusal or NewFindings(self.broken, ()).refusal or ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Which starts of a day are asked about: minutes after midnight, the last not included."""

    first: int
    last: int
    every: int


def places_in_week(
    session: Session, *, monday: date, hours: Hours, minutes: int, now: datetime
) -> tuple[Place, ...]:
    """Return every start of a week that a session which stands could be given, in order of time,
    each with what is in the way. Raises NotFound.
    """
    lifted = _lifted(session, now)
    if lifted is None:
        return ()
    starts = list(_starts(monday, hours))
    booked = _booked(session, monday, WEEK)
    return _places(lifted, booked, starts, minutes=minutes, now=now)


def place_at(session: Session, start: datetime, *, minutes: int, now: datetime) -> Place | None:
    """Return one place (naive wall time of the session's zone), and what is in the way; None for
    a session that does not stand. Raises NotFound.
    """
    lifted = _lifted(session, now)
    if lifted is None:
        return None
    booked = _booked(session, start.date(), DAY)
    (place,) = _places(lifted, booked, [start], minutes=minutes, now=now)
    return place


def grid_of(session: Session) -> int:
    """Return how many minutes lie between two starts of its program."""
    return session.cohort.program.template.rules.start_every


def _places(
    lifted: Lifted,
    booked: Sequence[Booked],
    starts: Iterable[datetime],
    *,
    minutes: int,
    now: datetime,
) -> tuple[Place, ...]:
    zone = lifted.session.zone
    found = []
    for start in starts:
        if not can_be_held(start, minutes, zone, now=now):
            found.append(Place(start, NO_TIME))
            continue
        begin = to_utc(start, zone)
        refusal = _bound(booked, begin, begin + timedelta(minutes=minutes))
        if refusal:
            found.append(Place(start, refusal))
            continue
        news = lifted.news_at(start, minutes)
        found.append(Place(start, broken=news.broken))
    return tuple(found)


def _bound(booked: Iterable[Booked], begin: datetime, end: datetime) -> str:
    """Return by what somebody is bound in that time; empty: all are free."""
    for booking in booked:
        if booking.starts_at < end and begin < booking.ends_at:
            return f"{booking.words}; choose another time"
    return ""


def _booked(session: Session, first: date, span: timedelta) -> list[Booked]:
    """Return what binds a session's people from a day on; a session is no longer than a day."""
    begin = to_utc(datetime.combine(first, time()), session.zone) - DAY
    return bookings_between(session, begin, begin + span + 2 * DAY)


def _starts(monday: date, hours: Hours) -> Iterator[datetime]:
    for number in range(7):
        midnight = datetime.combine(monday + timedelta(days=number), time())
        for minute in range(hours.first, hours.last, hours.every):
            yield midnight + timedelta(minutes=minute)


def _lifted(session: Session, now: datetime) -> Lifted | None:
    """Return a session that is lifted; None when it does not stand."""
    problem, published = before_guests(session.cohort.key, now=now)
    own = _own(published, session.key)
    if own is None or session.starts_at <= now:
        return None
    return Lifted(problem, published, own, freed=_freed(problem, session))


def _own(published: Iterable[PlannedSession], key: str) -> PlannedSession | None:
    for planned in published:
        if planned.key == key:
            return planned
    return None


def _freed(problem: Problem, session: Session) -> Problem:
    """Return a problem without what was accepted of a session: that was for the place it leaves."""
    accepted = {}
    made_time = set()
    for key, override in overrides_of(session.cohort_id):
        if key == session.key:
            continue
        accepted[override.about] = override.reason
        if override.rule == Rule.RELATIVE_FREE:
            made_time.add(key)
    return replace(problem, accepted=accepted, made_time=frozenset(made_time))
