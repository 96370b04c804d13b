"""What a family takes part in, and what that makes of a program's appointments. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scheduler.programs import Appointment, Kind, week_of

PARTS = (
    Kind.FAMILY_THERAPY,
    Kind.MULTI_FAMILY_GROUP,
    Kind.FAMILY_WORKSHOP,
    Kind.CAREGIVER_GROUP,
    Kind.PROGRESS_UPDATE,
    Kind.DISCHARGE_PLANNING,
)
"""Kinds a family decides about, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was agreed about one kind. `every_weeks` None: as the program has it; `people` (ids)
    empty: whoever may; `since` None: from the beginning.
    """

    kind: Kind
    takes_part: bool
    every_weeks: int | None = None
    people: tuple[str, ...] = ()
    since: date | None = None


def leaves_out(parts: Iterable[Part], kind: Kind, person_id: str, day: date) -> bool:
    """True if a plan says of a relative that they do not come to sessions of a kind on a day; what
    it does not speak of leaves nobody out.
    """
    for part in parts:
        if part.kind is kind:
            is_named = not part.people or person_id in part.people
            has_begun = part.since is None or part.since <= day
            return not (part.takes_part and is_named and has_begun)
    return False


def adjusted_appointments(
    appointments: Sequence[Appointment], parts: Iterable[Part], starts: date
) -> tuple[tuple[str, ...], tuple[Appointment, ...]]:
    """Return the keys of a program's appointments that are not due as they stand, and those that
    are due in their place; `starts` is the day a cohort begins.
    """
    by_kind = {part.kind: part for part in parts}
    gone = []
    instead = []
    for appointment in appointments:
        part = by_kind.get(appointment.kind)
        if part is None:
            continue
        own = _adjusted(
            appointment,
            part,
            starts,
        )
        if own == appointment:
            continue
        gone.append(appointment.key)
        if own is not None:
            instead.append(own)
    return tuple(gone), tuple(instead)


def _adjusted(appointment: Appointment, part: Part, starts: date) -> Appointment | None:
    """Return an appointment as it was agreed; None where nothing of it is due."""
    if not part.takes_part:
        return None
    first = _first_week(part, starts)
    if appointment.in_weeks:
        weeks = tuple(week for week in appointment.in_weeks if week >= first)
        return replace(appointment, in_weeks=weeks) if weeks else None
    begins = max(first, appointment.first_week or 1)
    if appointment.last_week is not None and begins > appointment.last_week:
        return None
    every = part.every_weeks or appointment.every_weeks
    return replace(
        appointment,
        first_week=begins,
        every_weeks=every,
    )


def _first_week(part: Part, starts: date) -> int:
    """Return the cohort's week from which on somebody takes part."""
    if part.since is None or part.since <= starts:
        return 1
    return week_of(
        starts,
        part.since,
    )
