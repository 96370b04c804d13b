"""What publishing would change: which sessions come, move and are cancelled, and for whom. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from scheduler.planning.problem.plan import PlannedSession

ROLES = ("clinician", "patient", "relative")

Pair = tuple[PlannedSession, PlannedSession]
"""A session before and after."""
ByKey = Mapping[str, PlannedSession]


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """A plan against what is published: new sessions, pairs of before and after, and what falls
    out.
    """

    added: tuple[PlannedSession, ...]
    moved: tuple[Pair, ...]
    """Sessions whose time or length changes."""
    changed: tuple[Pair, ...]
    """Sessions that stay in their time but change people, room or words."""
    cancelled: tuple[PlannedSession, ...]
    kept: int
    """How many stay as they are."""

    @property
    def is_empty(self) -> bool:
        """True if publishing would change nothing."""
        return not (self.added or self.moved or self.changed or self.cancelled)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every session that moves or changes, before and after."""
        return self.moved + self.changed

    @property
    def joined(self) -> tuple[Pair, ...]:
        """The changed sessions that only gain people: for all who are in them they stay as they
        are.
        """
        found = []
        for before, after in self.changed:
            is_same = _rest(replace(before, patients=after.patients)) == _rest(after)
            if is_same and set(before.patients) < set(after.patients):
                found.append((before, after))
        return tuple(found)

    @property
    def sessions(self) -> Iterator[PlannedSession]:
        """Every session it touches, before and after."""
        yield from self.added
        yield from self.cancelled
        for before, after in self.pairs:
            yield before
            yield after

    @property
    def people(self) -> tuple[str, ...]:
        """The keys of all whom it touches, in order."""
        found: set[str] = set()
        for session in self.sessions:
            found.update(session.people)
        return tuple(sorted(found))

    def of(self, person: str) -> "PlanDiff":
        """Return what it means for one person, by key: who joins a session that moves has a new
        one, not a moved one.
        """
        joined = []
        left = []
        for before, after in self.pairs:
            was_in = person in before.people
            is_in = person in after.people
            if is_in and not was_in:
                joined.append(after)
            if was_in and not is_in:
                left.append(before)
        return PlanDiff(
            added=_with(person, self.added) + tuple(joined),
            moved=_staying(person, self.moved),
            changed=_staying(person, self.changed),
            cancelled=_with(person, self.cancelled) + tuple(left),
            kept=0,
        )


def _with(person: str, sessions: Iterable[PlannedSession]) -> tuple[PlannedSession, ...]:
    return tuple(session for session in sessions if person in session.people)


def _staying(person: str, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(
        (before, after)
        for before, after in pairs
        if person in before.people and person in after.people
    )


def by_person(changes: PlanDiff) -> Iterator[tuple[str, str, PlanDiff]]:
    """Return role, key and part of everybody concerned: each clinician, then each patient, then
    each relative.
    """
    roles: dict[str, str] = {}
    for session in changes.sessions:
        roles |= dict.fromkeys(session.clinicians, "clinician")
        roles |= dict.fromkeys(session.seated, "patient")
        roles |= dict.fromkeys(session.relatives, "relative")
    for role in ROLES:
        for person in sorted(roles):
            if roles[person] == role:
                yield role, person, changes.of(person)


def with_guests(
    published: Iterable[PlannedSession], planned: Iterable[PlannedSession]
) -> tuple[PlannedSession, ...]:
    """Return published sessions with the relatives whom the plan they came from had in them."""
    guests = {session.key: session.relatives for session in planned}
    found = []
    for session in published:
        relatives = guests.get(session.key, ())
        found.append(replace(session, relatives=relatives))
    return tuple(found)


def plan_diff(published: Iterable[PlannedSession], proposed: Iterable[PlannedSession]) -> PlanDiff:
    """Compare by key what is published with what is proposed."""
    before = {session.key: session for session in published}
    after = {session.key: session for session in proposed}
    moved = []
    changed = []
    kept = 0
    for key, session in after.items():
        known = before.get(key)
        if known is None:
            continue
        if _time(known) != _time(session):
            moved.append((known, session))
        elif _rest(known) != _rest(session):
            changed.append((known, session))
        else:
            kept += 1
    return PlanDiff(
        added=_beyond(after, before),
        moved=tuple(moved),
        changed=tuple(changed),
        cancelled=_beyond(before, after),
        kept=kept,
    )


def _beyond(sessions: ByKey, known: ByKey) -> tuple[PlannedSession, ...]:
    return tuple(session for key, session in sessions.items() if key not in known)


def _time(session: PlannedSession) -> tuple[object, ...]:
    return session.start, session.minutes


def _rest(session: PlannedSession) -> tuple[object, ...]:
    return (
        sorted(session.clinicians),
        sorted(session.patients),
        session.room,
        session.title,
        session.topic,
        session.kind,
        session.seats,
    )
