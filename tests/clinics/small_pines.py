"""A small good clinic, and variants of it with one change each."""

from datetime import UTC, datetime

from scheduler.clinics import Changes, load, read
from scheduler.kernel.errors import InvalidFile

SCHOOL = (
    '{hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "14:30"}], '
    "terms: [{from: 2027-01-04, to: 2027-06-18}]}"
)
SMALL_PINES = """\
version: 1
practice:
  name: Small Pines Practice
  outward_name: SP Calendar
  outward_email: calendar@sp-cal.example
  zone: America/New_York
  part2: true
  state: MA
  closures:
    - {on: 2027-03-15, note: staff day}
  holidays: closed
video_rooms:
  - {key: room-a, url: "https://video.example/a", dial_in: "+16175550100"}
clinicians:
  - key: rivera
    name: Ana Rivera
    email: rivera@sp-cal.example
    roles: [clinician]
    licences: [{state: MA, until: 2028-06-30}]
    buffer: 10
    hours: [{days: [mon, tue, wed, thu, fri], from: "12:00", to: "21:00"}]
    away: [{from: 2027-03-19, to: 2027-03-19}]
  - key: moss
    name: Kit Moss
    email: moss@sp-cal.example
    licences: [{state: MA, until: 2028-05-31}]
    hours: [{days: [mon, tue, wed, thu, fri], from: "12:00", to: "24:00"}]
programs:
  - key: evening
    name: Evening program
    outward_title: Appointment
    weeks: 4
    rules: {week_hours: [9, 19], day_hours_max: 4, group_cap: 10}
    groups:
      - {key: process, kind: group, title: Process, days: [mon, wed], at: "18:00", minutes: 90, weeks: [1, 4]}
      - {key: learn, kind: caregiver_group, title: Relatives, days: [tue], at: "19:00", minutes: 60, weeks: [1, 4]}
    appointments:
      - {key: one, kind: individual, minutes: 50, every_weeks: 1, weeks: [1, 4]}
      - {key: upd, kind: progress_update, minutes: 20, in_weeks: [2, 3], by: rivera}
cohorts:
  - {key: march, program: evening, starts: 2027-03-01, leads: {process: rivera, learn: [moss]}}
patients:
  - key: p-1
    name: Jordan Lee
    email: jordan@patient.example
    born: 1994-05-02
    cohort: march
    from: 2027-03-01
    clinician: moss
    free: [{days: [mon, tue, wed, thu, fri], from: "12:00", to: "21:00"}]
    family:
      - key: p-1-mother
        name: Dana Lee
        relationship: mother
        email: dana@family.example
        phone: "+16175550123"
        zone: America/Chicago
        language: es
        ready: true
        free: [{days: [tue, fri], from: "11:00", to: "20:00"}]
        consents:
          - {kinds: [family_therapy, caregiver_group], signed: 2027-02-20, expires: 2027-06-30, signed_by: patient}
      - key: p-1-father
        name: Miguel Lee
        relationship: father
        email: miguel@family.example
        consents: []
  - key: p-2
    name: Tess Upward
    email: tess@patient.example
    state: MA
    cohort: march
    from: 2027-03-01
    clinician: rivera
"""

PAPER = (
    "          - {kinds: [family_therapy, caregiver_group],"
    " signed: 2027-02-20, expires: 2027-06-30, signed_by: patient}\n"
)
NOW = datetime(2027, 2, 25, 12, tzinfo=UTC)
LATER = datetime(2027, 3, 5, 12, tzinfo=UTC)


def changed(before: str, after: str, file: str = SMALL_PINES) -> bytes:
    """Return the clinic with the first `before` written as `after`."""
    assert before in file
    return file.replace(before, after, 1).encode()


def problems(data: bytes) -> list[str]:
    """Return every problem of a file, a line each."""
    try:
        read(data)
    except InvalidFile as error:
        return [str(problem) for problem in error.problems]
    return []


def places(data: bytes) -> list[str]:
    """Return the places of all that is wrong with a file."""
    return [line.split(": ")[0] for line in problems(data)]


def load_bytes(data: bytes, now: datetime = NOW) -> Changes:
    """Read and load a file; the caller commits."""
    return load(read(data), by="command", now=now)


def lines(changes: Changes) -> list[str]:
    """Return what was changed, a line each."""
    return [str(change) for change in changes.made]
