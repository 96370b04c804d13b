"""How far patients can still see the topics they missed, in which groups, and which seats do it for
all of them together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.homes.own_timetable import place_of, rules_of, timetable_of
from scheduler.homes.topic_gaps import MissedTopic, missed_topics
from scheduler.people.models import Person
from scheduler.planning import TopicPlace, topics_ahead
from scheduler.sessions.models import Session


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What one patient missed; `proposed` has by missed session (id) the group that lets most be
    seen, and `can_see` says how many topics that is, those of own groups among them.
    """

    topics: tuple[MissedTopic, ...]
    proposed: Mapping[str, Session]
    can_see: int

    def offered(self, missed: MissedTopic, most: int) -> list[Session]:
        """Return at most so many groups for a topic, the one that is proposed before others."""
        first = self.proposed.get(missed.session.id)
        others = [group for group in missed.instead if group is not first]
        found = others if first is None else [first, *others]
        return found[:most]


def catch_up_of(patient: Person, *, now: datetime) -> CatchUp:
    """Return what a patient missed and how far it can still be seen, as if nobody else asked."""
    return catch_up_together([patient], now=now)[patient.id]


def catch_up_together(patients: Collection[Person], *, now: datetime) -> dict[str, CatchUp]:
    """Return the same by patient (id) for some patients: nobody is proposed another's only seat."""
    topics = {}
    places: list[TopicPlace] = []
    groups: dict[str, Session] = {}
    timetables = {}
    for patient in patients:
        missed = missed_topics(patient, now=now)
        topics[patient.id] = missed
        groups |= _groups_instead(missed)
        of_patient = _places(patient, missed)
        if of_patient:
            timetables[patient.id] = timetable_of(patient, without=None, now=now)
            places += of_patient
    found = topics_ahead(places, timetables, _left(groups))
    caught = {}
    for patient_id, gaps in topics.items():
        seats = {}
        for place in found.places:
            if place.patient == patient_id:
                seats[place.topic] = groups[place.group]
        own = [missed for missed in gaps if missed.again is not None]
        caught[patient_id] = CatchUp(tuple(gaps), seats, len(own) + len(seats))
    return caught


def _groups_instead(topics: Collection[MissedTopic]) -> dict[str, Session]:
    found: dict[str, Session] = {}
    for missed in topics:
        found |= {group.id: group for group in missed.instead}
    return found


def _places(patient: Person, topics: Collection[MissedTopic]) -> list[TopicPlace]:
    """Return where a patient could see what they missed, each topic named by the session."""
    rules = rules_of(patient)
    found = []
    for missed in topics:
        for group in missed.instead:
            found.append(place_of(group, patient, missed.session.id, rules))
    return found


def _left(groups: Mapping[str, Session]) -> dict[str, int]:
    """Return the places left in groups whose program says how many may sit there."""
    found = {}
    for group in groups.values():
        cap = group.cohort.program.template.rules.group_cap
        if cap is not None:
            found[group.id] = cap - len(group.patients)
    return found
