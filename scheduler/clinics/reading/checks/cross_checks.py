"""What single entries cannot show: hours that do not exist, people and leaders in two places,
stays, licences. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.clinics.reading.entry_fields import Found
from scheduler.clinics.reading.key_index import KeyIndex, Same
from scheduler.clinics.reading.places import shown
from scheduler.clinics.values import Clinician, Cohort, Patient, Program
from scheduler.kernel.errors import Problem
from scheduler.people import WEEKDAYS
from scheduler.programs import FixedSlot, Seats

DAY = 1440
MOST_SLOTS = 500
MOST_MEETINGS = 500_000
"""A hundred times what a large practice holds in a year; comparing more would take minutes."""


Stretch = tuple[datetime, datetime, str]
"""From when to when (UTC) somebody leads, and the place in the file that says so."""


@dataclass(frozen=True, slots=True)
class Run:
    """A cohort with its program and the fixed slots that could be read, each with its place."""

    place: str
    cohort: Cohort
    program_place: str
    program: Program
    slots: tuple[Found[FixedSlot], ...]
    zone: str

    @property
    def monday(self) -> date:
        """The Monday of week 1."""
        return self.cohort.starts - timedelta(days=self.cohort.starts.weekday())

    @property
    def last_day(self) -> date:
        """The Sunday of the last week."""
        return self.monday + timedelta(weeks=self.program.template.weeks, days=-1)

    def starts_of(self, slot: FixedSlot) -> Iterator[datetime]:
        """Return each start of `slot` as wall time, from the cohort's first day on; closed days are
        not left out.
        """
        for week in range(slot.first_week, slot.last_week + 1):
            for name in slot.days:
                on = self.monday + timedelta(weeks=week - 1, days=WEEKDAYS.index(name))
                if on >= self.cohort.starts:
                    yield datetime(
                        on.year,
                        on.month,
                        on.day,
                        slot.at // 60,
                        slot.at % 60,
                        tzinfo=ZoneInfo(self.zone),
                    )


def too_much(
    programs: Iterable[tuple[str, Sequence[Found[FixedSlot]]]], runs: Iterable[Run]
) -> Iterator[Problem]:
    """Name what is too large to compare: a program (by its place) with its slots, or all cohorts
    together.
    """
    meetings: dict[str, int] = {}
    for place, slots in programs:
        if len(slots) > MOST_SLOTS:
            yield Problem(f"{place}.groups", f"{len(slots)} groups; at most {MOST_SLOTS} a program")
        spans = (
            len(slot.value.days) * (slot.value.last_week - slot.value.first_week + 1)
            for slot in slots
        )
        meetings[place] = sum(spans)
    if sum(meetings[run.program_place] for run in runs) > MOST_MEETINGS:
        yield Problem(
            "cohorts", f"more than {MOST_MEETINGS} meetings of groups in all; load fewer at once"
        )


def slot_overlaps(slots: Sequence[Found[FixedSlot]]) -> Iterator[Problem]:
    """Name each slot that begins while an earlier one of the same program seats the same people."""
    for number, later in enumerate(slots):
        for earlier in slots[:number]:
            if _seat_the_same(earlier.value, later.value) and _meet_at_once(
                earlier.value, later.value
            ):
                yield Problem(
                    later.place, f"seats the same people at the same time as {earlier.place}"
                )
                break


def unreal_starts(runs: Iterable[Run]) -> Iterator[Problem]:
    """Name each slot with a start inside an hour that its cohort's clocks skip or repeat, once for
    each slot.
    """
    named: set[str] = set()
    for run in runs:
        for slot in run.slots:
            if slot.place in named:
                continue
            for start in run.starts_of(slot.value):
                if start.utcoffset() != start.replace(fold=1).utcoffset():
                    named.add(slot.place)
                    when = f"{start:%H:%M} on {start:%Y-%m-%d}"
                    yield Problem(
                        f"{slot.place}.at",
                        f"{when}: clocks in {run.zone} change then; choose another time",
                    )
                    break


def leader_overlaps(runs: Iterable[Run]) -> Iterator[Problem]:
    """Name each slot whose leader still leads another one when it starts."""
    led: dict[str, list[Stretch]] = {}
    for run in runs:
        for leader, stretch in _led(run):
            led.setdefault(leader, []).append(stretch)
    for leader, stretches in led.items():
        yield from _overlaps(leader, sorted(stretches))


def _led(run: Run) -> Iterator[tuple[str, Stretch]]:
    """Return each leader of a cohort with each stretch of time they lead in it."""
    places = {slot.value.key: slot.value for slot in run.slots}
    for key, leaders in run.cohort.leads:
        if key not in places:
            continue
        place = f"{run.place}.leads.{key}"
        for leader in leaders:
            for stretch in _stretches(run, places[key], place):
                yield leader, stretch


def _overlaps(leader: str, stretches: Sequence[Stretch]) -> Iterator[Problem]:
    """Name each two slots of one leader that overlap, once; `stretches` are in order."""
    told: set[tuple[str, str]] = set()
    longest: Stretch | None = None
    for stretch in stretches:
        begins, ends, place = stretch
        if longest is None:
            longest = stretch
            continue
        _, longest_ends, longest_place = longest
        pair = (longest_place, place)
        if begins < longest_ends and pair not in told:
            told.add(pair)
            yield Problem(
                place, f"{leader} leads {longest_place} at the same time, on {begins:%Y-%m-%d}"
            )
        if ends > longest_ends:
            longest = stretch


def _seat_the_same(first: FixedSlot, other: FixedSlot) -> bool:
    return first.seats == other.seats or Seats.BOTH in {first.seats, other.seats}


def _meet_at_once(first: FixedSlot, other: FixedSlot) -> bool:
    """Compare wall times week by week; a slot that runs past midnight on Sunday reaches into the
    next week.
    """
    for shift in (-1, 0, 1):
        last = min(first.last_week, other.last_week - shift)
        if max(first.first_week, other.first_week - shift) > last:
            continue
        for day in first.days:
            for other_day in other.days:
                days = WEEKDAYS.index(other_day) - WEEKDAYS.index(day) + 7 * shift
                if -other.minutes < days * DAY + other.at - first.at < first.minutes:
                    return True
    return False


def _stretches(run: Run, slot: FixedSlot, place: str) -> Iterator[Stretch]:
    for start in run.starts_of(slot):
        begins = start.astimezone(UTC)
        yield begins, begins + timedelta(minutes=slot.minutes), place


def people_named(
    keys: KeyIndex, clinicians: Iterable[Found[Clinician]], patients: Iterable[Found[Patient]]
) -> Iterator[Problem]:
    """Name each cover and each `same_as` that is of nobody, or of somebody it cannot be."""
    yield from covers(keys, clinicians)
    yield from same_humans(keys, patients)


def covers(keys: KeyIndex, clinicians: Iterable[Found[Clinician]]) -> Iterator[Problem]:
    """Name each cover by nobody of staff, or by the very one who is covered."""
    for found in clinicians:
        for n, cover in enumerate(found.value.covered_by or ()):
            place = f"{found.place}.covered_by[{n}].clinician"
            if cover.clinician == found.value.key:
                yield Problem(place, "names this very person; name another")
            elif not keys.knows("clinician", cover.clinician):
                yield Problem(place, f"there is no clinician with the key {shown(cover.clinician)}")


def same_humans(keys: KeyIndex, patients: Iterable[Found[Patient]]) -> Iterator[Problem]:
    """Name each `same_as` that is of nobody, of the person itself, of somebody who has one too, or
    within one family.
    """
    said = keys.same
    for own, same in said.items():
        other = same.other
        if not keys.knows_person(other):
            yield Problem(
                same.place,
                f"there is nobody with the key {shown(other)}",
            )
        elif other == own:
            yield Problem(
                same.place,
                "names this very person; name another, or leave it out",
            )
        elif other in said:
            yield Problem(
                same.place,
                _not_the_first(
                    said,
                    own,
                ),
            )
    for found in patients:
        yield from _within_a_family(
            keys,
            found.value,
        )


def _not_the_first(said: Mapping[str, Same], own: str) -> str:
    """Say whom to name instead of somebody who is said to be the same as a third."""
    way = [own]
    while way[-1] in said and said[way[-1]].other not in way:
        way.append(said[way[-1]].other)
    if way[-1] in said:
        return f"goes round in a circle ({', '.join(way)}); leave one of them out"
    return f"{shown(way[1])} has a same_as of its own; name {shown(way[-1])} here as well"


def _within_a_family(keys: KeyIndex, patient: Patient) -> Iterator[Problem]:
    """Nobody is a relative of their own."""
    own = _human(
        keys,
        patient.key,
    )
    for relative in patient.family:
        if (
            _human(
                keys,
                relative.key,
            )
            == own
        ):
            same = keys.same.get(relative.key) or keys.same[patient.key]
            said = f"{shown(relative.key)} is a relative of {shown(patient.key)}: two people"
            yield Problem(
                same.place,
                said,
            )


def _human(keys: KeyIndex, own: str) -> str:
    same = keys.same.get(own)
    return same.other if same else own
