"""A clinic whose plans change: four patients, two clinicians, two rooms, families near and far,
weeks ahead of today.

Each change is made as a coordinator makes it: in the clinic file, loaded again, planned, looked at
and published.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import Result
from flask.testing import FlaskCliRunner

from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db

ZONE = ZoneInfo("America/New_York")
TODAY = datetime.now(UTC).astimezone(ZONE).date()
MONDAY = TODAY + timedelta(days=28 - TODAY.weekday())
BEFORE = datetime.combine(MONDAY - timedelta(days=4), datetime.min.time(), ZONE).replace(hour=15)
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def day(week: int, weekday: int) -> date:
    """Return the date of a weekday (0 is Monday) of a week of the cohort."""
    return MONDAY + timedelta(weeks=week - 1, days=weekday)


def hours(start: str, end: str, *days: str) -> dict[str, Any]:
    return {"days": list(days) or WORKDAYS, "from": start, "to": end}


def patient(key: str, clinician: str, *free: dict[str, Any], **said: Any) -> dict[str, Any]:
    usual = {
        "key": key,
        "name": key.title(),
        "email": f"{key}@patient.example",
        "born": "1990-01-01",
        "cohort": "elm",
        "from": str(MONDAY),
        "clinician": clinician,
        "free": list(free),
    }
    return usual | said


def relative(key: str, what: str, kinds: list[str], **said: Any) -> dict[str, Any]:
    consent = {
        "kinds": kinds,
        "signed": str(TODAY - timedelta(days=30)),
        "expires": str(TODAY + timedelta(days=300)),
        "signed_by": "patient",
    }
    usual = {
        "key": key,
        "name": key.title(),
        "relationship": what,
        "email": f"{key}@family.example",
        "ready": True,
    }
    return usual | {"consents": [consent] if kinds else []} | said


def clinic() -> dict[str, Any]:
    """Return the clinic file: an evening cohort of six weeks that nothing has happened to yet."""
    licence = [{"state": "MA", "until": str(MONDAY + timedelta(days=900))}]
    rules = {"week_hours": [1, 19], "day_hours_max": 4, "group_cap": 10}
    group = {"kind": "group", "days": ["mon", "wed"], "minutes": 90, "weeks": [1, 6]}
    therapy = "family_therapy"
    return {
        "version": 1,
        "practice": {
            "name": "Elm Street Recovery",
            "outward_name": "ES Scheduling",
            "outward_email": "es@es.example",
            "zone": "America/New_York",
            "state": "MA",
            "closures": [],
            "holidays": "open",
        },
        "video_rooms": [
            {"key": f"room-{one}", "url": f"https://video.example/{one}"} for one in "ab"
        ],
        "clinicians": [
            {
                "key": key,
                "name": key.title(),
                "email": f"{key}@es.example",
                "licences": licence,
                "away": [],
                "hours": [hours("12:00", "21:00")],
            }
            for key in ("moss", "adler")
        ],
        "programs": [
            {
                "key": "evening",
                "name": "Evening",
                "outward_title": "Appointment",
                "weeks": 6,
                "rules": rules,
                "groups": [group | {"key": "process", "title": "Process", "at": "18:00"}],
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
                        "kind": therapy,
                        "minutes": 60,
                        "every_weeks": 2,
                        "weeks": [1, 6],
                    },
                ],
            }
        ],
        "cohorts": [
            {
                "key": "elm",
                "program": "evening",
                "starts": str(MONDAY),
                "leads": {"process": "moss"},
            }
        ],
        "patients": [
            patient("jordan", "moss", hours("12:00", "17:30"))
            | {
                "family": [
                    relative(
                        "jordan-mother",
                        "mother",
                        [therapy],
                        zone="America/Chicago",
                        free=[hours("12:00", "16:00", "tue", "thu")],
                    ),
                    relative("jordan-father", "father", []),
                ]
            },
            patient("noemie", "adler", hours("13:00", "17:30"))
            | {
                "family": [
                    relative(
                        "noemie-uncle",
                        "uncle",
                        [therapy],
                        zone="Europe/London",
                        free=[hours("18:00", "22:00")],
                    )
                ]
            },
            patient("sam", "moss", hours("12:00", "17:00", "tue", "thu", "fri")),
            patient("ines", "adler", hours("14:00", "20:00", "tue", "thu", "fri")),
        ],
    }


@dataclass
class Desk:
    """A coordinator at the command line, with the clock of the day."""

    runner: FlaskCliRunner
    file: Path
    said: dict[str, Any] = field(default_factory=clinic)
    now: datetime = BEFORE

    def run(self, *words: str, ends: tuple[int, ...] = (0,)) -> str:
        """Run a command, which must end with one of these codes; give what it printed."""
        db.session.remove()
        with turned_to(lambda: self.now.astimezone(UTC)):
            result = self.runner.invoke(args=list(words))
        assert isinstance(result, Result)
        assert result.exit_code in ends, result.output
        return str(result.stdout)

    def load(self) -> None:
        """Load the clinic file as it is now."""
        self.file.write_text(json.dumps(self.said))
        self.run("clinic", "load", str(self.file))

    def plan(self, *words: str) -> dict[str, Any]:
        """Propose a plan; give it as the command tells programs."""
        answer: dict[str, Any] = json.loads(
            self.run("cohort", "plan", "elm", "--seconds", "1", "--json", *words)
        )
        return answer

    def publish(self) -> None:
        self.run("cohort", "publish", "elm")

    def sessions(self) -> dict[str, dict[str, Any]]:
        """Everything that stands, as the export has it, by key."""
        lines = [json.loads(line) for line in self.run("sessions", "export").splitlines()]
        return {one["key"]: one for one in lines if one["status"] == "scheduled"}

    def begin(self) -> dict[str, dict[str, Any]]:
        """Load, plan and publish the clinic as it is; give its sessions."""
        self.load()
        self.plan()
        self.publish()
        return self.sessions()

    def changed(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Change the clinic file, load it and plan again; give the plan, nothing of it published
        yet.
        """
        change(self.said)
        self.load()
        return self.plan()

    def copy(self) -> dict[str, Any]:
        """Return the clinic file to change for an assumption."""
        return deepcopy(self.said)


def local_day(session: dict[str, Any]) -> date:
    """Return the day of a session where the clinic is."""
    return datetime.fromisoformat(session["start"]).astimezone(ZONE).date()


def of_person(plan: dict[str, Any], person: str) -> dict[str, Any] | None:
    """Return what a plan would change for one person; None: nothing."""
    return next((one for one in plan["changes"]["by_person"] if one["person"] == person), None)
