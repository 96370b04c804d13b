"""A small clinic whose weeks lie ahead of today, because the database's gate goes by its own
clock.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TODAY = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")).date()
MONDAY = TODAY + timedelta(days=28 - TODAY.weekday())
SIGNED, EXPIRES = TODAY - timedelta(days=30), TODAY + timedelta(days=300)

CANARIES = (
    "Brookhouse Recovery",
    "Quellandrix",
    "Jordan",
    "Zephyrine",
    "Miguelito",
    "Ferncombe",
    "Evening IOP",
    "Family therapy",
    "Kin evening",
    "Process circle",
    "family_therapy",
    "video.example",
)
"""The legal name, every name, program and title: none of it may leave."""

BROOK_HOUSE = f"""\
version: 1
practice:
  name: Brookhouse Recovery
  outward_name: BH Scheduling
  outward_email: calendar@bh-sched.example
  zone: America/New_York
  state: MA
  holidays: open
video_rooms:
  - {{key: room-a, url: "https://video.example/a"}}
  - {{key: room-b, url: "https://video.example/b"}}
clinicians:
  - key: moss
    name: Ana Ferncombe
    email: moss@bh-sched.example
    licences: [{{state: MA, until: {EXPIRES}}}]
    hours: [{{days: [mon, tue, wed, thu, fri], from: "12:00", to: "21:00"}}]
programs:
  - key: evening
    name: Evening IOP
    outward_title: Appointment
    weeks: 4
    rules: {{week_hours: [1, 19], day_hours_max: 4}}
    groups:
      - {{key: process, kind: group, title: Process circle, days: [mon, wed], at: "18:00", minutes: 90, weeks: [1, 4]}}
      - {{key: kin, kind: family_workshop, title: Kin evening, days: [tue], at: "19:00", minutes: 60, weeks: [1, 4]}}
    appointments:
      - {{key: fam, kind: family_therapy, minutes: 60, every_weeks: 2, weeks: [1, 4]}}
cohorts:
  - {{key: brook, program: evening, starts: {MONDAY}, leads: {{process: moss, kin: moss}}}}
patients:
  - key: p-1
    name: Jordan Quellandrix
    email: one@patient.example
    born: 1994-05-02
    cohort: brook
    from: {MONDAY}
    clinician: moss
    family:
      - key: p-1-mother
        name: Zephyrine Quellandrix
        relationship: mother
        email: mother@family.example
        zone: America/Chicago
        ready: true
        consents:
          - {{kinds: [family_therapy, family_workshop], signed: {SIGNED}, expires: {EXPIRES}, signed_by: patient}}
      - key: p-1-father
        name: Miguelito Quellandrix
        relationship: father
        email: father@family.example
        ready: true
        consents: []
"""
