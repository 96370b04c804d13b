"""What one person does not know of sessions: what they know, what stands, and both by title for a
letter.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.invitations.letters.what_changed import Changed
from scheduler.invitations.model.models import ChangeNotice
from scheduler.sessions.models import Session

Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What one person does not know of one session: `was` is what they know, `now_is` what stands;
    None: nothing on their calendar.
    """

    notice: ChangeNotice
    session: Session
    was: Times | None
    now_is: Times | None

    @property
    def starts(self) -> list[datetime]:
        """The old and the new start, in order."""
        return sorted(begins_at for begins_at, _ in self._places())

    @property
    def ends(self) -> list[datetime]:
        """The old and the new end, in order."""
        return sorted(ends_at for _, ends_at in self._places())

    @property
    def is_fewer(self) -> bool:
        """True if it stands, and they do not know that somebody takes part no longer."""
        return self.notice.is_fewer and self.now_is is not None

    @property
    def was_there_before(self) -> bool:
        """True if it stands where it was before they were told that it is off."""
        notice = self.notice
        if notice.told_at is None:
            return False
        before = (notice.was_at, notice.was_until)
        return self.now_is == before

    @property
    def is_known(self) -> bool:
        """True if it is as they know it."""
        return self.was == self.now_is and not self.is_fewer

    def _places(self) -> list[Times]:
        both = (self.was, self.now_is)
        return [times for times in both if times is not None]


def by_person(found: Iterable[Unknown]) -> dict[str, list[Unknown]]:
    """Return what each person (id) does not know, in the same order."""
    theirs: dict[str, list[Unknown]] = defaultdict(list)
    for each in found:
        theirs[each.notice.person_id].append(each)
    return theirs


def parts_of(theirs: Iterable[Unknown]) -> list[Changed]:
    """Return what one person does not know, by title and zone, the earliest first."""
    found: dict[tuple[str, str], Changed] = {}
    for each in theirs:
        session = each.session
        key = session.cohort.program.outward_title, session.zone
        part = found.setdefault(key, Changed(*key))
        _add(part, each)
    parts = [part.in_order() for part in found.values()]
    return sorted(parts, key=Changed.first)


def _add(part: Changed, each: Unknown) -> None:
    was = _span(each.was)
    now_is = _span(each.now_is)
    if now_is and each.is_fewer:
        part.fewer.append(now_is)
    if was == now_is:
        return
    if was and now_is:
        part.was.append(was)
        part.now.append(now_is)
    elif was:
        part.lost.append(was)
    elif now_is and each.was_there_before:
        part.back.append(now_is)
    elif now_is:
        part.added.append(now_is)


def _span(times: Times | None) -> tuple[datetime, int] | None:
    if times is None:
        return None
    begins_at, ends_at = times
    return begins_at, int((ends_at - begins_at).total_seconds()) // 60
