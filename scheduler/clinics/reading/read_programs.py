"""Reading programs and cohorts from a clinic file. Pure."""

from collections.abc import Iterator, Mapping

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.entry_fields import Entry, Found
from scheduler.clinics.reading.key_index import KeyIndex
from scheduler.clinics.reading.places import shown
from scheduler.clinics.reading.read_practice import read_days, read_windows
from scheduler.clinics.values import Cohort, Program
from scheduler.people import WEEKDAYS
from scheduler.programs import (
    Appointment,
    AttendanceRule,
    FixedSlot,
    HourCounts,
    Kept,
    Kind,
    Milestones,
    Phase,
    Rules,
    School,
    Seats,
    Template,
    Term,
)

MAX_WEEKS = 104
MAX_MINUTES = 1440
MAX_PATIENTS = 10_000
MAX_NOTICE = 24 * 365
"""Hours before a session: a year."""
MAX_MILESTONE = 366
"""Days between milestones: a year."""
MILESTONES = (
    "plan_review_days",
    "recertify_days",
    "discharge_planning_days",
    "cans_days",
    "aftercare_days",
)


def read_programs(
    root: Entry, keys: KeyIndex
) -> Iterator[tuple[Found[Program], tuple[Found[FixedSlot], ...]]]:
    """Read the programs that are sound, each with the places of those of its slots that are."""
    keys.expect(root, "programs", "program")
    for entry in root.children("programs"):
        program_key = keys.claim(entry, "program")
        name = entry.need("name", field_readers.text)
        title = entry.need("outward_title", field_readers.text)
        weeks = entry.need("weeks", field_readers.whole(1, MAX_WEEKS))
        last = weeks or 0
        rules = _rules(entry.child("rules"))
        slots = tuple(_slots(entry, last, keys, program_key))
        appointments = read_appointments(
            entry, last, keys, f"appointment of {program_key}" if program_key else ""
        )
        template = Template(
            weeks,
            rules,
            tuple(slot.value for slot in slots),
            tuple(appointments),
            tuple(_phases(entry, last)),
        )
        program = Program(
            program_key,
            name,
            title,
            template,
            entry.maybe("capacity", field_readers.whole(1, MAX_PATIENTS), None),
            entry.maybe("waitlist", field_readers.truth, False),
        )
        if entry.done():
            yield Found(entry.place, program), slots


def read_cohorts(root: Entry, keys: KeyIndex, kept: Mapping[str, Kept]) -> Iterator[Found[Cohort]]:
    """Read the cohorts that are sound; one that has `kept` an earlier version of its program may
    name who leads its slots, too.
    """
    keys.expect(root, "cohorts", "cohort")
    for entry in root.children("cohorts"):
        key = keys.claim(entry, "cohort")
        program = entry.need("program", keys.reference("program"))
        own = kept.get(key)
        if own is not None and own.program == program:
            slots = own.template.slots
        else:
            slots = ()
        cohort = Cohort(
            key=key,
            program=program,
            starts=entry.need("starts", field_readers.day),
            zone=entry.maybe("zone", field_readers.zone, None),
            leads=tuple(_leads(entry, keys, program, {slot.key for slot in slots})),
        )
        if entry.done():
            yield Found(entry.place, cohort)


def _rules(entry: Entry) -> Rules:
    least, most = _week_hours(entry)
    rules = Rules(
        week_hours_min=least,
        week_hours_max=most,
        day_hours_max=entry.need("day_hours_max", field_readers.hours(24)),
        week_days_min=entry.maybe("week_days_min", field_readers.whole(0, 7), None),
        day_minutes_min=entry.maybe("day_minutes_min", field_readers.whole(0, MAX_MINUTES), None),
        hour_counts=entry.maybe(
            "hour_counts",
            field_readers.member(HourCounts),
            HourCounts.CLOCK,
        ),
        group_cap=entry.maybe("group_cap", field_readers.whole(1, 10_000), None),
        start_every=entry.maybe("start_every", field_readers.whole(1, MAX_MINUTES), 15),
        days_gap_max=entry.maybe("days_gap_max", field_readers.whole(0, 366), None),
        once_a_day=entry.many("once_a_day", field_readers.member(Kind))
        if entry.has("once_a_day")
        else (),
        school=_school(entry.child("school")) if entry.has("school") else None,
        attendance=_attendance(entry.child("attendance")) if entry.has("attendance") else None,
        milestones=_milestones(entry.child("milestones")) if entry.has("milestones") else None,
    )
    entry.done()
    return rules


def _week_hours(entry: Entry) -> tuple[float, float]:
    """Read the least and the most hours of a week."""
    was_sound = entry.sound
    week = entry.list_of("week_hours", field_readers.hours(168))
    if was_sound and entry.sound and (len(week) != 2 or week[0] > week[1]):
        entry.wrong("week_hours", "write the least and the most hours a week, as [9, 19]")
    if entry.sound:
        return (week[0], week[1])
    return (0, 0)


def _attendance(entry: Entry) -> AttendanceRule:
    rule = AttendanceRule(
        entry.maybe("excused_hours_before", field_readers.whole(0, MAX_NOTICE), None),
        entry.maybe("missed_max", field_readers.whole(0, MAX_PATIENTS), None),
    )
    entry.done()
    return rule


def _milestones(entry: Entry) -> Milestones:
    days = {}
    for name in MILESTONES:
        days[name] = entry.maybe(name, field_readers.whole(1, MAX_MILESTONE), None)
    milestones = Milestones(
        plan_review_days=days["plan_review_days"],
        recertify_days=days["recertify_days"],
        discharge_planning_days=days["discharge_planning_days"],
        cans_days=days["cans_days"],
        aftercare_days=days["aftercare_days"],
    )
    entry.done()
    return milestones


def _phases(program: Entry, weeks: int) -> Iterator[Phase]:
    """Read the phases of a program; no week lies in two of them."""
    taken: dict[int, str] = {}
    for entry in program.children("phases", required=False):
        name = entry.need("name", field_readers.text)
        first, last = entry.weeks("weeks", weeks)
        least, most = _week_hours(entry)
        for week in range(first, last + 1) if entry.sound else ():
            earlier = taken.setdefault(week, entry.place)
            if earlier != entry.place:
                entry.wrong("weeks", f"week {week} lies in {earlier} already")
                break
        if entry.done():
            yield Phase(name, first, last, least, most)
        else:
            program.sound = False


def _school(entry: Entry) -> School:
    """Read when patients under 18 are at school: weekly hours, and the terms in which they hold."""
    hours = tuple(read_windows(entry, "hours"))
    terms = tuple(_terms(entry))
    for name in ("hours", "terms"):
        if entry.lists(name) and not entry.fields[name]:
            entry.wrong(name, "name at least one")
    entry.done()
    return School(hours, terms)


def _terms(owner: Entry) -> Iterator[Term]:
    for entry in owner.children("terms"):
        first, last = read_days(entry)
        if entry.done():
            yield Term(first, last)


def _slots(owner: Entry, weeks: int, keys: KeyIndex, program: str) -> Iterator[Found[FixedSlot]]:
    keys.expect(owner, "groups", f"slot of {program}")
    for entry in owner.children("groups"):
        key = keys.claim(entry, f"slot of {program}" if program else entry.place)
        first, last = entry.weeks("weeks", weeks)
        slot = FixedSlot(
            key=key,
            kind=entry.need("kind", field_readers.member(Kind)),
            title=entry.need("title", field_readers.text),
            days=entry.many("days", field_readers.choice(WEEKDAYS)),
            at=entry.need("at", field_readers.clock),
            minutes=entry.need("minutes", field_readers.whole(1, MAX_MINUTES)),
            first_week=first,
            last_week=last,
            topics=entry.list_of("topics", field_readers.text) if entry.has("topics") else (),
            seats_said=entry.maybe("seats", field_readers.member(Seats), None),
        )
        if entry.done():
            yield Found(entry.place, slot)


def read_appointments(
    owner: Entry, weeks: int, keys: KeyIndex, kind: str, *, required: bool = True
) -> Iterator[Appointment]:
    """Read the appointments of a program of `weeks` weeks, or of one patient in it; their keys are
    those of a `kind`, empty when nobody knows whose they are.
    """
    for entry in owner.children("appointments", required=required):
        key = keys.claim(entry, kind or entry.place)
        every, first, last, chosen = _cadence(entry, weeks)
        appointment = Appointment(
            key=key,
            kind=entry.need("kind", field_readers.member(Kind)),
            minutes=entry.need("minutes", field_readers.whole(1, MAX_MINUTES)),
            every_weeks=every,
            first_week=first,
            last_week=last,
            in_weeks=chosen,
            by=entry.maybe("by", keys.reference("clinician"), None),
        )
        if entry.done():
            yield appointment


def _cadence(
    entry: Entry, weeks: int
) -> tuple[int | None, int | None, int | None, tuple[int, ...]]:
    """Read either `every_weeks` with `weeks`, or `in_weeks`."""
    if entry.has("in_weeks") == (entry.has("every_weeks") or entry.has("weeks")):
        entry.wrong("", "write either every_weeks and weeks, or in_weeks")
        return None, None, None, ()
    if entry.has("in_weeks"):
        return None, None, None, entry.many("in_weeks", field_readers.whole(1, weeks or MAX_WEEKS))
    every = entry.need("every_weeks", field_readers.whole(1, MAX_WEEKS))
    return (every, *entry.weeks("weeks", weeks), ())


def _leads(
    owner: Entry, keys: KeyIndex, program: str, kept: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    entry = owner.child("leads")
    slot_kind = f"slot of {program}"
    clinician = keys.reference("clinician")
    for slot in entry.fields:
        if program and slot not in kept and not keys.knows(slot_kind, slot):
            entry.wrong(slot, f"the program has no group with the key {shown(slot)}")
        if isinstance(entry.fields[slot], list):
            leaders = entry.many(slot, clinician)
        else:
            leaders = (entry.need(slot, clinician),)
        if entry.sound:
            yield slot, leaders
    if not entry.done():
        owner.sound = False
