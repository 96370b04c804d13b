"""What publishing would change: which sessions come, move and fall out, and for whom. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scheduler.planning.problem.plan import PlannedSession

ROLES = ("clinician", "patient", "relative")


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """A plan against what is published: new sessions, pairs of before and after, and what falls
    out.
    """

    added: tuple[PlannedSession, ...]
    moved: tuple[tuple[PlannedSession, PlannedSession], ...]
    """Sessions whose time or length changes."""
    changed: tuple[tuple[PlannedSession, PlannedSession], ...]
    """Sessions that stay in their time but change people, room or words."""
    cancelled: tuple[PlannedSession, ...]
    kept: int
    """How many stay as they are."""

    @property
    def is_empty(self) -> bool:
        """Whether publishing would change nothing."""
        return not (self.added or self.moved or self.changed or self.cancelled)

    @property
    def people(self) -> tuple[str, ...]:
        """The keys of all whom it touches, in order."""
        touched = [*self.added, *self.cancelled]
        touched += [one for pair in (*self.moved, *self.changed) for one in pair]
        return tuple(sorted({person for one in touched for person in one.people}))

    def of(self, person: str) -> "PlanDiff":
        """Return what it means for one person, by key: who joins a session that moves has a new
        one, not a moved one.
        """
        pairs = (*self.moved, *self.changed)
        joined = tuple(
            after
            for before, after in pairs
            if person in after.people and person not in before.people
        )
        left = tuple(
            before
            for before, after in pairs
            if person in before.people and person not in after.people
        )
        return PlanDiff(
            added=tuple(one for one in self.added if person in one.people) + joined,
            moved=tuple(pair for pair in self.moved if _stays(pair, person)),
            changed=tuple(pair for pair in self.changed if _stays(pair, person)),
            cancelled=tuple(one for one in self.cancelled if person in one.people) + left,
            kept=0,
        )


def by_person(changes: PlanDiff) -> Iterator[tuple[str, str, PlanDiff]]:
    """Return role, key and part of everybody concerned: each clinician, then each patient, then
    each relative.
    """
    roles: dict[str, str] = {}
    touched = [*changes.added, *changes.cancelled]
    touched += [one for pair in (*changes.moved, *changes.changed) for one in pair]
    for one in touched:
        for role, people in zip(ROLES, (one.clinicians, one.seated, one.relatives), strict=True):
            roles |= dict.fromkeys(people, role)
    for person in sorted(roles, key=lambda key: (ROLES.index(roles[key]), key)):
        yield roles[person], person, changes.of(person)


def with_guests(
    published: Iterable[PlannedSession], planned: Iterable[PlannedSession]
) -> tuple[PlannedSession, ...]:
    """Return published sessions with the relatives whom the plan they came from had in them."""
    guests = {one.key: one.relatives for one in planned}
    return tuple(replace(one, relatives=guests.get(one.key, ())) for one in published)


def plan_diff(published: Iterable[PlannedSession], proposed: Iterable[PlannedSession]) -> PlanDiff:
    """Compare by key what is published with what is proposed."""
    before = {one.key: one for one in published}
    after = {one.key: one for one in proposed}
    both = [(before[key], after[key]) for key in after if key in before]
    moved = [pair for pair in both if _time(pair[0]) != _time(pair[1])]
    changed = [
        pair
        for pair in both
        if _time(pair[0]) == _time(pair[1]) and _rest(pair[0]) != _rest(pair[1])
    ]
    return PlanDiff(
        added=tuple(after[key] for key in after if key not in before),
        moved=tuple(moved),
        changed=tuple(changed),
        cancelled=tuple(before[key] for key in before if key not in after),
        kept=len(both) - len(moved) - len(changed),
    )


def _stays(pair: tuple[PlannedSession, PlannedSession], person: str) -> bool:
    return all(person in one.people for one in pair)


def _time(session: PlannedSession) -> tuple[object, ...]:
    return session.start, session.minutes


def _rest(session: PlannedSession) -> tuple[object, ...]:
    people = (sorted(session.clinicians), sorted(session.patients))
    return people, session.room, session.title, session.topic, session.kind, session.seats
