"""A house of 5,000 patients (20 in the everyday run), from its clinic file: loaded and planned in
bounded memory.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from conftest import KEY
from end_to_end.elm_street import MONDAY, hours, patient, relative

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 1_500 * 1024
"""Kilobytes a process may take at the most."""
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
raise SystemExit(code)
"""


def house(patients: int) -> dict[str, Any]:
    """Return a clinic file of cohorts of ten with a clinician each, all in the same six weeks."""
    count = patients // 10
    licence = [{"state": "MA", "until": str(MONDAY + timedelta(days=900))}]
    return {
        "version": 1,
        "practice": {
            "name": "Wide House",
            "outward_name": "WH",
            "outward_email": "wh@wh.example",
            "zone": "America/New_York",
            "state": "MA",
            "closures": [],
            "holidays": "open",
        },
        "clinicians": [
            {
                "key": f"c-{n}",
                "name": f"C {n}",
                "email": f"c-{n}@wh.example",
                "licences": licence,
                "hours": [hours("09:00", "18:00")],
            }
            for n in range(count)
        ],
        "programs": [
            {
                "key": "day",
                "name": "Day",
                "outward_title": "Appointment",
                "weeks": 6,
                "rules": {"week_hours": [1, 19], "day_hours_max": 4},
                "groups": [
                    {
                        "key": "talk",
                        "kind": "group",
                        "title": "Talk",
                        "days": ["mon", "wed"],
                        "at": "10:00",
                        "minutes": 90,
                        "weeks": [1, 6],
                    }
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
            }
        ],
        "cohorts": [
            {"key": f"k-{n}", "program": "day", "starts": str(MONDAY), "leads": {"talk": f"c-{n}"}}
            for n in range(count)
        ],
        "patients": [
            patient(
                f"p-{n}",
                f"c-{n // 10}",
                hours(f"{9 + n % 4:02d}:00", f"{14 + n % 4}:00"),
                cohort=f"k-{n // 10}",
            )
            | {
                "family": [
                    relative(
                        f"p-{n}-kin", "kin", ["family_therapy"], free=[hours("09:00", "17:00")]
                    ),
                    relative(f"p-{n}-father", "father", []),
                ]
            }
            for n in range(patients)
        ],
    }


def test_a_house_of_thousands_is_loaded_and_planned_in_bounded_memory(
    trials: Callable[[int, int], int], sqlite_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "house.json"
    file.write_text(json.dumps(house(trials(20, 5000))))
    told = {"DATABASE_URL": sqlite_url, "DATABASE_KEY": KEY, "SECRET_KEY": "a secret of the tests"}
    told |= {"KINFOLD_INSTANCE": str(tmp_path / "instance")}

    def run(*words: str) -> str:
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *flask],
            cwd=ROOT,
            env=dict(os.environ) | told,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert int(done.stderr.split()[-1]) < MOST_MEMORY
        return done.stdout

    run("clinic", "load", str(file))
    said = run("cohort", "plan", "k-0", "--seconds", str(trials(2, 20)))
    assert said.startswith("k-0: 12 group sessions, 90 of 90 appointments placed, ")
    assert "father" not in said
