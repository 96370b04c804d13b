"""The demo's made-up clinic, with dates relative to the day it is loaded. All people and addresses
are invented.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

ZONE = "America/New_York"
SIGN_INS = (
    ("okafor", "coordinator, plans and publishes"),
    ("lindqvist", "clinician"),
    ("p-201", "patient"),
    ("p-201-mother", "mother, invited to some of it"),
)
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def clinic_file(monday: date) -> bytes:
    """Return the clinic file of a practice whose cohorts start on `monday`."""
    return json.dumps(
        {
            "version": 1,
            "practice": {
                "name": "Tidewater Family Behavioral Care",
                "outward_name": "TW Scheduling",
                "outward_email": "calendar@tw-sched.example",
                "zone": ZONE,
                "state": "MA",
                "closures": [{"on": _day(monday, 14), "note": "staff day"}],
                "holidays": "closed",
            },
            "video_rooms": [
                {"key": "room-a", "url": "https://video.example/tide-a", "dial_in": "+16175550141"},
                {"key": "room-b", "url": "https://video.example/tide-b"},
                {"key": "room-c", "url": "https://video.example/tide-c"},
            ],
            "clinicians": _staff(monday),
            "programs": _programs(),
            "cohorts": [
                {
                    "key": "evening",
                    "program": "evening",
                    "starts": _day(monday, 0),
                    "leads": {"process": "lindqvist", "skills": "abara", "families": "lindqvist"},
                },
                {
                    "key": "morning",
                    "program": "morning",
                    "starts": _day(monday, 7),
                    "leads": {"circle": "abara", "tools": "lindqvist"},
                },
            ],
            "patients": _patients(monday),
        },
        ensure_ascii=False,
    ).encode()


def _day(monday: date, days: int) -> str:
    return (monday + timedelta(days=days)).isoformat()


def _free(start: str, end: str, *days: str) -> dict[str, Any]:
    return {"days": list(days) or WORKDAYS, "from": start, "to": end}


def _staff(monday: date) -> list[dict[str, Any]]:
    licence = [{"state": "MA", "until": _day(monday, 900)}]
    return [
        {
            "key": "lindqvist",
            "name": "Maja Lindqvist",
            "email": "maja@tw-sched.example",
            "licences": licence,
            "hours": [_free("08:30", "21:00")],
            "away": [{"from": _day(monday, 18), "to": _day(monday, 18)}],
        },
        {
            "key": "abara",
            "name": "Chidi Abara",
            "email": "chidi@tw-sched.example",
            "licences": licence,
            "hours": [
                _free("09:00", "21:00", "mon", "wed", "thu"),
                _free("09:00", "19:00", "tue", "fri"),
            ],
        },
        {
            "key": "okafor",
            "name": "Ruth Okafor",
            "email": "desk@tw-sched.example",
            "roles": ["coordinator", "administrator"],
            "licences": [],
            "hours": [_free("09:00", "17:00")],
        },
    ]


def _programs() -> list[dict[str, Any]]:
    evening, morning = ["mon", "wed", "thu"], ["tue", "wed", "fri"]
    rules = {"week_hours": [9, 19], "week_days_min": 3, "day_hours_max": 4, "group_cap": 10}
    return [
        {
            "key": "evening",
            "name": "Evening program",
            "outward_title": "Appointment",
            "weeks": 8,
            "rules": rules,
            "groups": [
                _group("process", "group", "Process group", evening, "18:00", 90, 8),
                _group("skills", "group", "Skills", evening, "19:30", 90, 8)
                | {"topics": ["Rest", "Cravings", "Repair"]},
                _group("families", "family_workshop", "Family evening", ["tue"], "19:00", 60, 4),
            ],
            "appointments": [
                {
                    "key": "one",
                    "kind": "individual",
                    "minutes": 50,
                    "every_weeks": 1,
                    "weeks": [1, 8],
                },
                {
                    "key": "fam",
                    "kind": "family_therapy",
                    "minutes": 60,
                    "every_weeks": 2,
                    "weeks": [2, 8],
                },
                {"key": "upd", "kind": "progress_update", "minutes": 20, "in_weeks": [3, 7]},
            ],
        },
        {
            "key": "morning",
            "name": "Morning program",
            "outward_title": "Appointment",
            "weeks": 6,
            "rules": rules,
            "groups": [
                _group("circle", "group", "Opening circle", morning, "09:30", 90, 6),
                _group("tools", "psychoeducation", "Tools for the week", morning, "11:15", 90, 6),
            ],
            "appointments": [
                {
                    "key": "one",
                    "kind": "individual",
                    "minutes": 50,
                    "every_weeks": 1,
                    "weeks": [1, 6],
                },
                {
                    "key": "fam",
                    "kind": "family_therapy",
                    "minutes": 50,
                    "every_weeks": 2,
                    "weeks": [1, 6],
                },
            ],
        },
    ]


def _group(
    key: str, kind: str, title: str, days: list[str], at: str, minutes: int, weeks: int
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "title": title,
        "days": days,
        "at": at,
        "minutes": minutes,
        "weeks": [1, weeks],
    }


@dataclass(frozen=True, slots=True)
class _Since:
    """Entries whose dates count from a Monday."""

    monday: date

    def patient(
        self, key: str, name: str, cohort: str, clinician: str, first: int, *free: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "key": key,
            "name": name,
            "email": f"{key}@patient.example",
            "cohort": cohort,
            "clinician": clinician,
            "from": _day(self.monday, first),
            "free": list(free),
        }

    def relative(
        self, key: str, name: str, what: str, kinds: list[str], days: int = 120, **more: Any
    ) -> dict[str, Any]:
        consent = {
            "kinds": kinds,
            "signed": _day(self.monday, -12),
            "expires": _day(self.monday, days),
            "signed_by": "patient",
        }
        return {
            "key": key,
            "name": name,
            "relationship": what,
            "email": f"{key}@family.example",
            "ready": True,
            "consents": [consent] if kinds else [],
        } | more


def _patients(monday: date) -> list[dict[str, Any]]:
    patient, relative = _Since(monday).patient, _Since(monday).relative
    therapy, workshop, update = "family_therapy", "family_workshop", "progress_update"
    late, early = _free("15:30", "21:00"), _free("08:30", "14:00")
    return [
        patient("p-201", "Inés Carvajal", "evening", "lindqvist", 0, late)
        | {
            "family": [
                relative(
                    "p-201-mother",
                    "Pilar Carvajal",
                    "mother",
                    [therapy, workshop],
                    zone="America/Chicago",
                    phone="+16175550142",
                    free=[_free("15:00", "20:00", "tue", "thu", "fri")],
                ),
                relative("p-201-father", "Tomás Ibarra", "father", []),
            ]
        },
        patient("p-202", "Noor Haddad", "evening", "abara", 0, late)
        | {
            "family": [
                relative("p-202-husband", "Elias Haddad", "husband", [therapy, workshop, update])
            ]
        },
        patient("p-203", "Sven Aaltonen", "evening", "lindqvist", 0, late),
        patient("p-204", "Grace Mbeki", "evening", "abara", 21, late)
        | {
            "family": [
                relative(
                    "p-204-sister", "Hope Mbeki", "sister", [therapy], 34, zone="Europe/London"
                ),
                relative("p-204-brother", "Joseph Mbeki", "brother", [therapy], ready=False),
            ]
        },
        patient("p-301", "Lena Fischer", "morning", "abara", 7, early)
        | {"family": [relative("p-301-partner", "Kim Fischer", "partner", [therapy])]},
        patient("p-302", "Amos Reuben", "morning", "lindqvist", 7, early)
        | {
            "family": [
                relative(
                    "p-302-son",
                    "Daniel Reuben",
                    "son",
                    [therapy],
                    free=[_free("12:00", "14:00", "tue", "thu")],
                ),
                relative("p-302-aunt", "Miriam Reuben", "aunt", []),
            ]
        },
        patient("p-303", "Rosa Delgado", "morning", "abara", 35, early)
        | {
            "family": [
                relative(
                    "p-303-mother",
                    "Carmen Delgado",
                    "mother",
                    [therapy],
                    zone="America/Los_Angeles",
                    free=[_free("09:00", "12:00", "sat")],
                ),
                relative("p-303-father", "Luis Delgado", "father", []),
            ]
        },
    ]
