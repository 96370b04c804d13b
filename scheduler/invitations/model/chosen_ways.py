"""By which way each person's sessions come to them: what they chose, as far as it can be.

A relative is invited until they chose otherwise, and until there is a calendar address that could
show it. What a change of mind leaves where it is stays by the way it came, so that changing it
sends at most one letter.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from scheduler.consents import Recipient, is_placed
from scheduler.people import calendar_choices, kept_entries
from scheduler.people.models import PersonKind, Way
from scheduler.sessions.models import Session

Ask = Callable[[Collection[str]], set[str]]
"""Asked of people (ids): those with a calendar address that works."""

_ask: Ask | None = None


def ask_who_subscribes(ask: Ask) -> None:
    """Tell this process whom to ask who has a calendar address; done by the factory, once."""
    global _ask
    _ask = ask


def subscribers(people: Collection[str]) -> set[str]:
    """Return those of `people` (ids) with a calendar address that works."""
    if _ask is not None and people:
        return _ask(people)
    return set()


@dataclass(frozen=True, slots=True)
class ChosenWays:
    """What people chose: `ways` by person (id), `subscribed` who has an address, `kept` the names
    of entries that stay as they came.
    """

    ways: Mapping[str, Way] = field(default_factory=dict)
    subscribed: frozenset[str] = frozenset()
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def invites(self, recipient: Recipient, session: Session) -> bool:
        """True if somebody who may know of a session is to be invited to it, by what they chose."""
        return _is_invited(self.way_of(recipient), session)

    def way_of(self, recipient: Recipient) -> Way:
        """Return by which way sessions come to a recipient."""
        person_id = recipient.person.id
        if recipient.role is PersonKind.RELATIVE:
            chosen = self.ways.get(person_id, Way.INVITATIONS)
            if person_id in self.subscribed:
                return chosen
            return Way.INVITATIONS
        return self.ways.get(person_id, Way.FEED)

    def stays(self, person_id: str, uid: str) -> bool:
        """True if an entry stays as it came, whatever was chosen since; nothing stays at an address
        that has ended.
        """
        return person_id in self.subscribed and uid in self.kept.get(person_id, frozenset())


def chosen_ways(people: Collection[str] | None = None) -> ChosenWays:
    """Return what these people (ids; None: all) chose."""
    rows = calendar_choices(people)
    ways = {}
    kept = {}
    for person_id, choice in rows.items():
        ways[person_id] = choice.way
        kept[person_id] = kept_entries(choice)
    return ChosenWays(ways, frozenset(subscribers(list(rows))), kept)


def _is_invited(way: Way, session: Session) -> bool:
    return way is Way.INVITATIONS or (way is Way.BOTH and is_placed(session))
