"""The demo's made-up clinic, with dates relative to the day it is loaded. All people and addresses
are invented.
"""

import json
from datetime import date
from typing import Any

from scheduler.cli.demo.demo_families import day_after, free_between, patients

ZONE = "America/New_York"
SIGN_INS = (
    ("okafor", "coordinator, plans and publishes"),
    ("lindqvist", "clinician"),
    ("p-201", "patient"),
    ("p-201-mother", "mother, invited to some of it"),
    ("abara", "clinician, another one"),
    ("p-205", "patient, reads Spanish"),
    ("p-205-wife", "wife, reads Brazilian Portuguese"),
    ("p-303", "patient who waits, reads Spanish"),
    ("p-304", "patient, reads Portuguese"),
)


def clinic_file(monday: date) -> bytes:
    """Return the clinic file of a practice whose first cohort starts on `monday`, the second three
    weeks later.
    """
    return json.dumps(
        {
            "version": 1,
            "practice": {
                "name": "Tidewater Family Behavioral Care",
                "outward_name": "TW Scheduling",
                "outward_email": "calendar@tw-sched.example",
                "zone": ZONE,
                "state": "MA",
                "closures": [{"on": day_after(monday, 28), "note": "staff day"}],
                "holidays": "open",
                "help": {"phone": "+16175550140", "hours": "Mon to Fri, 9:00 – 17:00"},
            },
            "video_rooms": [
                {
                    "key": "room-a",
                    "url": "https://video.example/tide-a",
                    "dial_in": "+16175550141",
                },
                {"key": "room-b", "url": "https://video.example/tide-b"},
                {"key": "room-c", "url": "https://video.example/tide-c"},
            ],
            "clinicians": _staff(monday),
            "programs": _programs(),
            "cohorts": [
                {
                    "key": "evening",
                    "program": "evening",
                    "starts": day_after(monday, 0),
                    "leads": {
                        "process": "lindqvist",
                        "skills": "abara",
                        "families": "lindqvist",
                        "together": "lindqvist",
                        "caregivers": "abara",
                    },
                },
                {
                    "key": "morning",
                    "program": "morning",
                    "starts": day_after(monday, 21),
                    "leads": {"circle": "abara", "tools": "lindqvist"},
                },
            ],
            "patients": patients(monday),
        },
        ensure_ascii=False,
    ).encode()


def _staff(monday: date) -> list[dict[str, Any]]:
    licence = [{"state": "MA", "until": day_after(monday, 900)}]
    return [
        {
            "key": "lindqvist",
            "name": "Maja Lindqvist",
            "email": "maja@tw-sched.example",
            "licences": licence,
            "hours": [free_between("08:30", "21:00")],
            "away": [{"from": day_after(monday, 25), "to": day_after(monday, 25)}],
        },
        {
            "key": "abara",
            "name": "Chidi Abara",
            "email": "chidi@tw-sched.example",
            "licences": licence,
            "hours": [
                free_between("09:00", "21:00", "mon", "wed", "thu"),
                free_between("09:00", "19:00", "tue", "fri"),
            ],
        },
        {
            "key": "okafor",
            "name": "Ruth Okafor",
            "email": "desk@tw-sched.example",
            "roles": ["coordinator", "administrator"],
            "licences": [],
            "hours": [free_between("09:00", "17:00")],
        },
    ]


def _programs() -> list[dict[str, Any]]:
    evening = ["mon", "wed", "thu"]
    morning = ["tue", "wed", "fri"]
    rules = {
        "week_hours": [9, 19],
        "week_days_min": 3,
        "day_hours_max": 4,
        "group_cap": 10,
    }
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
                _group(
                    "together", "multi_family_group", "Families together", ["tue"], "20:00", 60, 8
                )
                | {"weeks": [2, 8]},
                _group("caregivers", "caregiver_group", "Caregivers", ["fri"], "17:30", 60, 8),
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
                {
                    "key": "upd",
                    "kind": "progress_update",
                    "minutes": 20,
                    "in_weeks": [3, 7],
                },
            ],
        },
        {
            "key": "morning",
            "name": "Morning program",
            "outward_title": "Appointment",
            "weeks": 6,
            "rules": rules,
            "capacity": 4,
            "waitlist": True,
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
