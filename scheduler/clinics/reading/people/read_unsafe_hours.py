"""Reading the hours of a clinic file in which nothing may arrive at somebody. Pure."""

from collections.abc import Iterator

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.entry_fields import Entry
from scheduler.people import WEEKDAYS, Marking
from scheduler.people.safe_contact.models import Means

NAME = "unsafe_hours"


def read_unsafe_hours(owner: Entry) -> Iterator[Marking]:
    """Read weekly hours of wall time; one that ends no later than it begins ends the next day."""
    if not owner.has(NAME):
        return
    for entry in owner.children(NAME):
        days = entry.many("days", field_readers.choice(WEEKDAYS))
        begin = entry.need("from", field_readers.clock)
        end = entry.need("to", field_readers.closing)
        means = entry.maybe("means", field_readers.member(Means), Means.BOTH)
        if begin is not None and begin == end:
            entry.wrong("to", "must not be the same as from")
        if entry.done():
            numbers = frozenset(WEEKDAYS.index(day) for day in days)
            yield Marking(numbers, begin, end, means)
        else:
            owner.sound = False
