"""The nearest places at which sessions could be instead, all rules held. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from scheduler.planning.problem.plan import Finding, Plan, PlannedSession
from scheduler.planning.problem.problem import Clinician, Commitment, Problem
from scheduler.planning.problem.wall_time import instant, is_certain, is_covered
from scheduler.planning.rules.bending import about, about_words
from scheduler.planning.rules.judge import THE_PROGRAMS, judge

MOST = 3
"""Places offered."""
NEAR = 14
"""Days from the wish within which a place is still near."""
FIRST = 7 * 60
LAST = 22 * 60
"""Nobody is asked for the middle of the night: minutes after midnight of starts and ends."""
APART = timedelta(hours=1)
"""Places of one day closer than that are no two choices."""
TRIES = 40
"""As many places are judged at most; most of those that are not possible are seen before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was wished for: sessions (keys), the first of them to begin at `start` (naive wall
    time) and the rest by as much later, each `minutes` long (None: as now). Of them `absent` stand
    nowhere, and lay so before they were cancelled. With `other_days` places on days of their own
    come before a second one of a day, and before the day that was wished for.
    """

    keys: tuple[str, ...]
    start: datetime
    minutes: int | None = None
    absent: tuple[PlannedSession, ...] = ()
    other_days: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place, and the sessions as they would lie there."""

    start: datetime
    moved: list[PlannedSession]


def nearest_places(problem: Problem, standing: Plan, wish: Wish) -> tuple[datetime, ...]:
    """Return the places nearest to what was wished for at which nothing new would be broken, as
    wall time of the first session's zone, the nearest first.

    They differ in the day or by an hour, as long as there are so many: a quarter of an hour later
    is no other choice.
    """
    by_key = {session.key: session for session in (*wish.absent, *standing.sessions)}
    wished = [by_key[key] for key in wish.keys if key in by_key]
    if not wished:
        return ()
    others = [session for session in standing.sessions if session.key not in wish.keys]
    trial = Trial(problem, standing, others)
    if wish.other_days:
        trial.taken_days.add(wish.start.date())
        trial.other_days = True
    beside = trial.choose(possible(problem, others, wished, wish))
    trial.fill_up(beside)
    return tuple(sorted(trial.found, key=lambda start: (abs(start - wish.start), start)))


class Trial:
    """The places that were judged, and those found to work, at most so many."""

    def __init__(
        self,
        problem: Problem,
        standing: Plan,
        others: Sequence[PlannedSession],
        *,
        most: int = MOST,
    ) -> None:
        self.most = most
        self.problem = problem
        self.standing = standing
        self.others = others
        self.before = broken_rules_of(problem, judge(problem, standing))
        self.found: list[datetime] = []
        self.tries = 0
        self.other_days = False
        self.taken_days: set[date] = set()

    @property
    def is_over(self) -> bool:
        """True if enough was found, or enough was tried."""
        return len(self.found) == self.most or self.tries == TRIES

    def choose(self, places: Iterable[Place]) -> list[Place]:
        """Judge places until enough are found that differ; give those beside one of them."""
        beside: list[Place] = []
        for place in places:
            if self.is_over:
                break
            if self.is_beside_one(place.start):
                beside.append(place)
            else:
                self.judge(place)
        return beside

    def is_beside_one(self, start: datetime) -> bool:
        """True if a place is no other choice than one that was found, or than the wish itself."""
        if self.other_days and start.date() in self.taken_days:
            return True
        return any(is_beside(start, other) for other in self.found)

    def fill_up(self, places: Iterable[Place]) -> None:
        """Judge places until enough are found."""
        for place in places:
            if self.is_over:
                return
            self.judge(place)

    def judge(self, place: Place) -> None:
        """Keep a place at which nothing new would be broken."""
        self.tries += 1
        trial = replace(self.standing, sessions=(*self.others, *place.moved))
        if broken_rules_of(self.problem, judge(self.problem, trial)) <= self.before:
            self.found.append(place.start)
            self.taken_days.add(place.start.date())


def is_beside(start: datetime, other: datetime) -> bool:
    """True if two places lie on one day and less than an hour apart."""
    return start.date() == other.date() and abs(start - other) < APART


def possible(
    problem: Problem,
    others: Sequence[PlannedSession],
    wished: Sequence[PlannedSession],
    wish: Wish,
) -> Iterator[Place]:
    """Return the places near a wish, the nearest first, at which nothing seen at once is in the
    way, with the sessions as they would lie there.
    """
    look = _Look(problem, others)
    stands_at = None if wish.absent else (wished[0].day, wished[0].at)
    starts = _starts(problem, stands_at, wish.start)
    if wish.other_days:
        starts.sort(key=lambda start: days_away(start, wish.start))
    for start in starts:
        moved = _moved(
            wished,
            start,
            wish.minutes,
        )
        if all(look.could_be(session) for session in moved):
            yield Place(start, moved)


def broken_rules_of(problem: Problem, findings: Sequence[Finding]) -> set[tuple[object, ...]]:
    """Name what is broken and was accepted by nobody, but the program's own timetable."""
    found = set()
    for finding in findings:
        is_accepted = about_words(finding) in problem.accepted
        if finding.hard and not is_accepted and finding.rule not in THE_PROGRAMS:
            found.add(about(finding))
    return found


def _starts(problem: Problem, stands_at: tuple[date, int] | None, wish: datetime) -> list[datetime]:
    """Return the starts of the program's grid around a wish, the nearest first, save where the
    session stands.
    """
    first = max(problem.starts, wish.date() - timedelta(days=NEAR))
    last = min(problem.last, wish.date() + timedelta(days=NEAR))
    if last < first:
        # The wish is far from the cohort's weeks: the days of these that come next to it.
        first = max(problem.starts, problem.last - timedelta(days=NEAR))
        last = problem.last
    if wish.date() < problem.starts:
        first = problem.starts
        last = problem.starts + timedelta(days=NEAR)
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for minute in range(FIRST, LAST, problem.template.rules.start_every):
            if (day, minute) != stands_at:
                found.append(_at(day, minute))
    found.sort(key=lambda start: (abs(start - wish), start))
    return found


def days_away(start: datetime, wish: datetime) -> tuple[int, timedelta]:
    """Return how many days a place is from a wish, and how far from its time of the day."""
    days = (start.date() - wish.date()).days
    return abs(days), abs(start - timedelta(days=days) - wish)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))


def _moved(
    sessions: Sequence[PlannedSession], start: datetime, minutes: int | None
) -> list[PlannedSession]:
    """Return sessions moved by as much of wall time as brings the first of them to `start`."""
    first = sessions[0]
    shift = start - _at(first.day, first.at)
    found = []
    for session in sessions:
        wall = _at(session.day, session.at) + shift
        at = wall.hour * 60 + wall.minute
        length = minutes or session.minutes
        begin = instant(wall.date(), at, session.zone)
        found.append(
            replace(
                session,
                day=wall.date(),
                at=at,
                minutes=length,
                start=begin,
                end=begin + timedelta(minutes=length),
            )
        )
    return found


class _Look:
    """A quick look at a place, before all rules are asked."""

    def __init__(self, problem: Problem, others: Sequence[PlannedSession]) -> None:
        self.problem = problem
        self.by_day: dict[date, list[PlannedSession]] = defaultdict(list)
        for session in others:
            self.by_day[session.day].append(session)

    def could_be(self, session: PlannedSession) -> bool:
        """True if nothing seen at once is in the way."""
        problem = self.problem
        if session.at + session.minutes > LAST or session.day in problem.closed:
            return False
        if problem.now is not None and session.start <= problem.now:
            return False
        if not is_certain(session.day, session.at, session.zone):
            return False
        return self._is_everybody_there(session) and self._is_nobody_elsewhere(session)

    def _is_everybody_there(self, session: PlannedSession) -> bool:
        for key in session.clinicians:
            if not _works(self.problem.clinician_by_key[key], session):
                return False
        for key in session.seated:
            if not self.problem.patient_by_key[key].is_here(session.day):
                return False
        return session.fixed or all(self._free(session))

    def _free(self, session: PlannedSession) -> Iterator[bool]:
        """Say of each patient and relative whether they are free."""
        for key in session.seated:
            patient = self.problem.patient_by_key[key]
            yield is_covered(
                patient.free,
                patient.zone,
                session.start,
                session.end,
            )
        for key in session.relatives:
            relative = self.problem.relative_by_key[key]
            yield relative.is_free(session.start, session.end)

    def _is_nobody_elsewhere(self, session: PlannedSession) -> bool:
        people = set(session.people)
        near: list[PlannedSession | Commitment] = [*self.by_day[session.day]]
        near += self.problem.busy
        for taken in near:
            if taken.start >= session.end or session.start >= taken.end:
                continue
            if people.intersection(taken.people) or _is_same_room(taken.room, session.room):
                return False
        return True


def _is_same_room(room: str | None, other: str | None) -> bool:
    return room is not None and room == other


def _works(clinician: Clinician, session: PlannedSession) -> bool:
    if clinician.is_away(session.day):
        return False
    return is_covered(
        clinician.hours,
        clinician.zone,
        session.start,
        session.end,
    )
