"""What stands, kept naively: a table of sessions, and what each deed is documented to do to it.

It knows nothing of the product but the plan a command printed, and never asks a row.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

from end_to_end.elm_street import MONDAY, ZONE

Place = tuple[datetime, int]
"""Wall time where the clinic is, and minutes."""
WEEK = timedelta(days=7)
SHORT_BREAK = 30
"""Minutes of a break that count as hours by the clock."""


@dataclass
class Entry:
    """One session: where it lies, who is in it, and what people decided about it."""

    place: Place
    leads: frozenset[str]
    patients: frozenset[str]
    before: Place | None = None
    """Where it lay before it was moved first, until it lies there again."""
    published: Place | None = None
    """Where the last publication had it, if a person moved it since."""
    is_off: bool = False
    by_hand: bool = False
    """Whether a person called it off."""

    @property
    def starts(self) -> datetime:
        return self.place[0].replace(tzinfo=ZONE).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.place[1])

    @property
    def day(self) -> date:
        return self.place[0].date()

    @property
    def day_over(self) -> datetime:
        midnight = datetime.combine(self.day + timedelta(days=1), datetime.min.time(), ZONE)
        return max(midnight.astimezone(UTC), self.ends)

    def put(self, place: Place) -> None:
        """Lay it somewhere; it stands there."""
        if place == self.before:
            self.before = None
        elif self.before is None and place != self.place:
            self.before = self.place
        self.place = place
        self.is_off = self.by_hand = False


@dataclass
class Standing:
    """Every session by key, the proposal that waits, and who left when."""

    entries: dict[str, Entry] = field(default_factory=dict)
    proposal: dict[str, Entry] | None = None
    stood: dict[str, Place] = field(default_factory=dict)
    """Where everything stood as the proposal was made: what lies elsewhere since is a person's
    doing, what was moved and put back is as if nothing had been.
    """
    last: dict[str, date] = field(default_factory=dict)
    left: dict[tuple[str, str], Place] = field(default_factory=dict)
    """By patient and session: where a group lay that they left."""
    fewer: set[tuple[str, str]] = field(default_factory=set)
    """Who leads which session, of which they are not told yet that somebody left it."""

    # deeds

    def plan(self, document: dict[str, Any]) -> None:
        """Keep what was proposed; nothing that stands is other than before."""
        self.stood = {key: entry.place for key, entry in self.standing().items()}
        self.proposal = None
        if document["is_proposed"]:
            self.proposal = {row["key"]: _proposed(row) for row in document["sessions"]}

    def publish(self, now: datetime) -> None:
        """Let the proposal be true, but for what a person decided and what has begun."""
        if self.proposal is None:
            return
        for key, wanted in self.proposal.items():
            entry = self.entries.setdefault(key, wanted)
            if entry is not wanted and self._is_open(key, now):
                entry.put(wanted.place)
                entry.leads, entry.patients = wanted.leads, wanted.patients
            elif entry.starts > now and not entry.is_off:
                entry.leads, entry.patients = wanted.leads, wanted.patients
        for key in self.entries.keys() - self.proposal.keys():
            if self._is_open(key, now):
                self.entries[key].is_off = True
        self.proposal = None

    def _is_open(self, key: str, now: datetime) -> bool:
        """True if a publication may change where a session lies."""
        entry = self.entries[key]
        is_decided = entry.by_hand or entry.published is not None
        lies_at = None if entry.is_off else entry.place
        is_as_it_stood = self.stood.get(key) == lies_at
        return entry.starts > now and is_as_it_stood and not is_decided

    def cancel(self, key: str) -> None:
        self.entries[key].is_off = self.entries[key].by_hand = True

    def move(self, key: str, place: Place) -> None:
        entry = self.entries[key]
        origin = entry.published or entry.place
        entry.put(place)
        entry.published = None if place == origin else origin

    def put_back(self, key: str) -> None:
        entry = self.entries[key]
        before = entry.place if entry.is_off else entry.before
        assert before is not None
        self.move(key, before)

    def discharge(self, patient: str, last: date, now: datetime) -> None:
        """End a stay: what was for this patient alone is off; of groups only they are out."""
        self.last[patient] = last
        for key, entry in self.entries.items():
            is_own = entry.patients == {patient} and ".process." not in key
            is_after = entry.starts > now and entry.day > last and not entry.is_off
            if is_own and is_after:
                self.cancel(key)
            elif is_after and patient in entry.patients:
                self.left[patient, key] = entry.place
                self.fewer |= {(leader, key) for leader in entry.leads}

    def left_by(self, patient: str) -> list[Entry]:
        """Return what goes on without a patient where they knew it."""
        found = []
        for (leaver, key), place in self.left.items():
            entry = self.entries[key]
            is_gone = leaver == patient and not self.concerns(patient, entry, key)
            if is_gone and entry.place == place:
                found.append(entry)
        return found

    # what is to be seen of it

    def standing(self) -> dict[str, Entry]:
        return {key: entry for key, entry in self.entries.items() if not entry.is_off}

    def concerns(self, person: str, entry: Entry, key: str) -> bool:
        """True if somebody leads it, sits in it, or is the mother of who has it alone."""
        if person == "jordan-mother":
            return ".fam.jordan." in key and self.concerns("jordan", entry, key)
        if person in entry.leads:
            return True
        return person in entry.patients and entry.day <= self.last.get(person, date.max)

    def of_person(self, person: str) -> dict[str, Entry]:
        """Everything of somebody that is not over for good: what stands, and what is off."""
        found = {}
        for key, entry in self.entries.items():
            if self.concerns(person, entry, key):
                found[key] = entry
        return found

    def hours(self, patient: str, week: int) -> float:
        """Count a patient's hours in a week by the clock, short breaks included."""
        days: dict[date, list[Entry]] = defaultdict(list)
        monday = MONDAY + (week - 1) * WEEK
        for entry in self.of_person(patient).values():
            if not entry.is_off and monday <= entry.day < monday + WEEK:
                days[entry.day].append(entry)
        return sum(_minutes(entries) for entries in days.values()) / 60

    def doubles(self) -> list[tuple[str, str]]:
        """Return the pairs of sessions that need somebody twice at once."""
        found = []
        for (one, first), (two, second) in combinations(self.standing().items(), 2):
            shared = (first.leads & second.leads) | (first.patients & second.patients)
            if shared and first.starts < second.ends and second.starts < first.ends:
                found.append((one, two))
        return found


def _proposed(row: dict[str, Any]) -> Entry:
    start = datetime.fromisoformat(row["start"]).astimezone(ZONE).replace(tzinfo=None)
    place = start, row["minutes"]
    return Entry(place, frozenset(row["clinicians"]), frozenset(row["patients"]))


def _minutes(entries: Iterable[Entry]) -> float:
    ordered = sorted(entries, key=lambda entry: entry.starts)
    total = sum(entry.place[1] for entry in ordered)
    for first, second in pairwise(ordered):
        pause = int((second.starts - first.ends).total_seconds()) // 60
        total += pause if 0 < pause <= SHORT_BREAK else 0
    return total


class Belief:
    """What one person thinks of their sessions, told by letters of a change and nothing else."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.believed: dict[str, datetime] = {}

    def learn(self, standing: Standing) -> None:
        """Take everything for known, as after the first publication."""
        self.believed = self._truth(standing)

    def _truth(self, standing: Standing) -> dict[str, datetime]:
        theirs = standing.of_person(self.person)
        return {key: entry.starts for key, entry in theirs.items() if not entry.is_off}

    def should_hear(self, standing: Standing, now: datetime) -> bool:
        """Say whether the next seven days are other than believed, or a group of them lacks
        somebody, and believe it from now on.
        """
        truth = self._truth(standing)
        heard = False
        for key in truth.keys() | self.believed.keys():
            was, is_now = self.believed.get(key), truth.get(key)
            times = [at for at in (was, is_now) if at is not None]
            lacks_one = is_now is not None and (self.person, key) in standing.fewer
            is_known = was == is_now and not lacks_one
            if is_known or min(times) > now + WEEK:
                continue
            heard = heard or max(times) > now
            standing.fewer.discard((self.person, key))
            self.believed.pop(key, None)
            if is_now is not None:
                self.believed[key] = is_now
        return heard
