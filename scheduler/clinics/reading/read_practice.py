"""Reading the practice, its rooms and its clinicians from a clinic file. Pure."""

from collections.abc import Iterator
from datetime import date

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.entry_fields import Entry, Found
from scheduler.clinics.reading.key_index import KeyIndex
from scheduler.clinics.reading.read_room import read_room
from scheduler.clinics.values import (
    Clinician,
    Closure,
    CoveredBy,
    Practice,
    RoleForATime,
    VideoRoom,
)
from scheduler.i18n import lint
from scheduler.people import WEEKDAYS, Absence, Help, Licence, Window
from scheduler.people.models import Role


def read_practice(root: Entry) -> Practice | None:
    """Read the practice; None when anything about it is wrong."""
    entry = root.child("practice")
    closures = tuple(_closures(entry))
    practice = Practice(
        name=entry.need("name", field_readers.text),
        outward_name=entry.need("outward_name", field_readers.text),
        outward_email=entry.need("outward_email", field_readers.mail),
        zone=entry.need("zone", field_readers.zone),
        state=entry.need("state", field_readers.state),
        part2=entry.maybe("part2", field_readers.truth, True),
        closed_on_holidays=entry.maybe(
            "holidays", field_readers.choice(("closed", "open")), "closed"
        )
        == "closed",
        closures=closures,
        help=_help(entry),
    )
    return practice if entry.done() else None


def read_rooms(root: Entry, keys: KeyIndex) -> Iterator[Found[VideoRoom]]:
    """Read the video rooms that are sound; none when the file names none."""
    for entry in root.children("video_rooms", required=False):
        key = keys.claim(entry, "video room")
        room = read_room(entry, key)
        if entry.done():
            yield Found(entry.place, room)


def read_clinicians(root: Entry, keys: KeyIndex) -> Iterator[Found[Clinician]]:
    """Read the clinicians that are sound."""
    keys.expect(root, "clinicians", "clinician")
    for entry in root.children("clinicians"):
        clinician = Clinician(
            key=keys.claim(entry, "clinician", "person"),
            name=entry.need("name", field_readers.name),
            email=entry.need("email", field_readers.mail),
            roles=entry.many("roles", field_readers.member(Role))
            if entry.has("roles")
            else (Role.CLINICIAN,),
            licences=tuple(_licences(entry)),
            buffer=entry.maybe("buffer", field_readers.whole(0, 1440), 10),
            hours=tuple(read_windows(entry, "hours")),
            away=tuple(_absences(entry)),
            roles_for_a_time=_roles_for_a_time(entry),
            covered_by=_covered_by(entry),
        )
        if entry.done():
            yield Found(entry.place, clinician)


def read_windows(owner: Entry, name: str) -> Iterator[Window]:
    """Read weekly windows of wall time; one does not cross midnight, `"24:00"` may end it."""
    for entry in owner.children(name):
        days = entry.many("days", field_readers.choice(WEEKDAYS))
        start = entry.need("from", field_readers.clock)
        end = entry.need("to", field_readers.closing)
        if None not in (start, end) and start >= end:
            entry.wrong("to", "must be later than from, on the same day")
        if entry.done():
            yield Window(days, start, end)


def _licences(owner: Entry) -> Iterator[Licence]:
    for entry in owner.children("licences"):
        licence = Licence(
            entry.need("state", field_readers.state), entry.need("until", field_readers.day)
        )
        if entry.done():
            yield licence
        else:
            owner.sound = False


def _absences(owner: Entry) -> Iterator[Absence]:
    for entry in owner.children("away", required=False):
        first, last = read_days(entry)
        if entry.done():
            yield Absence(first, last)


def _roles_for_a_time(owner: Entry) -> tuple[RoleForATime, ...] | None:
    """Read the roles for a time; None where the entry does not speak of them."""
    if not owner.has("roles_for_a_time"):
        return None
    found = []
    for entry in owner.children("roles_for_a_time"):
        role = entry.need("role", field_readers.member(Role))
        first, last = read_days(entry)
        if entry.done():
            found.append(RoleForATime(role, first, last))
        else:
            owner.sound = False
    return tuple(found)


def _covered_by(owner: Entry) -> tuple[CoveredBy, ...] | None:
    """Read who stands in and when; who that is is judged when all are read."""
    if not owner.has("covered_by"):
        return None
    found = []
    for entry in owner.children("covered_by"):
        covering = entry.need("clinician", field_readers.key)
        first, last = read_days(entry)
        if entry.done():
            found.append(CoveredBy(covering, first, last))
        else:
            owner.sound = False
    return tuple(found)


def _help(practice: Entry) -> Help | None:
    """Read whom to ask; None when the practice names nobody."""
    if not practice.has("help"):
        return None
    entry = practice.child("help")
    said = Help(
        entry.maybe("phone", field_readers.phone, None),
        entry.maybe("hours", field_readers.text, None),
        entry.maybe("words", field_readers.text, None),
    )
    if entry.sound and not (said.phone or said.words):
        entry.wrong("", "write phone or words: whom people are to ask")
    if entry.sound:
        _refuse_inner_words(entry, said, practice)
    if not entry.done():
        practice.sound = False
    return said


def _refuse_inner_words(entry: Entry, said: Help, practice: Entry) -> None:
    """Note each word that must not be read outside, and the practice's legal name."""
    legal_name = practice.fields.get("name")
    secrets = [legal_name] if isinstance(legal_name, str) else []
    for name, text in (("hours", said.hours), ("words", said.words)):
        findings = lint(text, secrets) if text else []
        if findings:
            found = ", ".join(finding.word for finding in findings)
            entry.wrong(name, f"strangers will read this: say it without {found}")


def _closures(owner: Entry) -> Iterator[Closure]:
    for entry in owner.children("closures", required=False):
        if entry.has("on") and (entry.has("from") or entry.has("to")):
            entry.wrong("", "write either on, or from and to")
        if entry.has("on"):
            first = last = entry.need("on", field_readers.day)
        else:
            first, last = read_days(entry)
        note = entry.maybe("note", field_readers.note, None)
        if entry.done():
            yield Closure(first, last, note)


def read_days(entry: Entry) -> tuple[date, date]:
    """Read `from` and `to`: whole days, both included."""
    first = entry.need("from", field_readers.day)
    last = entry.need("to", field_readers.day)
    if first and last and last < first:
        entry.wrong("to", "must not be before from")
    return first, last
