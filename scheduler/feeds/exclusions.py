"""What already stands in a person's calendar by invitation: their feed leaves it out, so nothing
shows twice (H15).

Feeds and invitations do not know each other: the factory brings them together.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

Ask = Callable[[Collection[str]], tuple[set[str], set[tuple[str, str]]]]
"""Asked of people (ids): the UIDs told to them by invitation, and (person, session) of what was
told.
"""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What invitations told some people."""

    uids: frozenset[str] = frozenset()
    sessions: frozenset[tuple[str, str]] = frozenset()

    def name_for(self, person_id: str, session_id: str, uid: str, *, begun: bool) -> str | None:
        """Return the name (UID) under which a feed tells a session; None where the person has it
        from an invitation.

        What had `begun` before an invitation took its series' name is in no invitation: it goes by
        a name of its own.
        """
        if (person_id, session_id) in self.sessions or (uid in self.uids and not begun):
            return None
        name, at, host = uid.partition("@")
        if uid in self.uids:
            return f"{name}-begun{at}{host}"
        return uid


_ask: Ask | None = None


def exclude_from_feeds(ask: Ask) -> None:
    """Tell this process whom to ask what invitations said; done by the factory, once."""
    global _ask
    _ask = ask


def excluded(people: Collection[str]) -> Exclusion:
    """Return what these people (ids) were told by invitation; nothing before `leave_out`."""
    if _ask is None:
        return Exclusion()
    uids, sessions = _ask(people)
    return Exclusion(frozenset(uids), frozenset(sessions))
