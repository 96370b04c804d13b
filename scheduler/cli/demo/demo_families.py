"""The demo's made-up patients and their families, with dates relative to a Monday. All people and
addresses are invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

THERAPY = "family_therapy"
WORKSHOP = "family_workshop"
UPDATE = "progress_update"
TOGETHER = "multi_family_group"
CAREGIVERS = "caregiver_group"
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


def day_after(monday: date, days: int) -> str:
    """Return the day (ISO) that many days after a Monday."""
    return (monday + timedelta(days=days)).isoformat()


def free_between(start: str, end: str, *days: str) -> dict[str, Any]:
    """Return hours of wall time, on workdays unless other days are named."""
    return {"days": list(days) or WORKDAYS, "from": start, "to": end}


@dataclass(frozen=True, slots=True)
class _Since:
    """Entries whose dates count from a Monday."""

    monday: date

    def patient(
        self,
        key: str,
        name: str,
        cohort: str,
        clinician: str,
        first: int,
        free: dict[str, Any],
        family: Sequence[dict[str, Any]] = (),
        **more: Any,
    ) -> dict[str, Any]:
        entry = {
            "key": key,
            "name": name,
            "email": f"{key}@patient.example",
            "cohort": cohort,
            "clinician": clinician,
            "from": day_after(self.monday, first),
            "free": [free],
        }
        if family:
            entry["family"] = list(family)
        return entry | more

    def relative(
        self, key: str, name: str, what: str, kinds: list[str], days: int = 120, **more: Any
    ) -> dict[str, Any]:
        consent = {
            "kinds": kinds,
            "signed": day_after(self.monday, -12),
            "expires": day_after(self.monday, days),
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


def patients(monday: date) -> list[dict[str, Any]]:
    """Return the entries of all patients with their families, for a clinic file."""
    since = _Since(monday)
    return [*_evening_patients(since), *_morning_patients(since)]


def _evening_patients(since: _Since) -> list[dict[str, Any]]:
    relative = since.relative
    free = free_between("15:30", "21:00")
    carvajal = [
        relative(
            "p-201-mother",
            "Pilar Carvajal",
            "mother",
            [THERAPY, WORKSHOP, CAREGIVERS],
            zone="America/Chicago",
            phone="+16175550142",
            free=[free_between("15:00", "20:00", "tue", "thu", "fri")],
        ),
        relative("p-201-father", "Tomás Ibarra", "father", []),
    ]
    haddad = [
        relative("p-202-husband", "Elias Haddad", "husband", [THERAPY, WORKSHOP, UPDATE, TOGETHER])
    ]
    mbeki = [
        relative("p-204-sister", "Hope Mbeki", "sister", [THERAPY], 34, zone="Europe/London"),
        relative("p-204-brother", "Joseph Mbeki", "brother", [THERAPY], ready=False),
    ]
    rocha = [
        relative(
            "p-205-wife",
            "Beatriz Rocha",
            "wife",
            [THERAPY, WORKSHOP, TOGETHER, CAREGIVERS],
            language="pt-BR",
        ),
        relative("p-205-father", "Julio Rocha", "father", []),
    ]
    return [
        since.patient("p-201", "Inés Carvajal", "evening", "lindqvist", 0, free, carvajal),
        since.patient("p-202", "Noor Haddad", "evening", "abara", 0, free, haddad),
        since.patient("p-203", "Sven Aaltonen", "evening", "lindqvist", 0, free),
        since.patient("p-204", "Grace Mbeki", "evening", "abara", 21, free, mbeki),
        since.patient("p-205", "Mateo Rocha", "evening", "abara", 0, free, rocha, language="es"),
    ]


def _morning_patients(since: _Since) -> list[dict[str, Any]]:
    relative = since.relative
    free = free_between("08:30", "14:00")
    noon = free_between("12:00", "14:00", "tue", "thu")
    saturday = free_between("09:00", "12:00", "sat")
    fischer = [relative("p-301-partner", "Kim Fischer", "partner", [THERAPY])]
    reuben = [
        relative("p-302-son", "Daniel Reuben", "son", [THERAPY], free=[noon]),
        relative("p-302-aunt", "Miriam Reuben", "aunt", []),
    ]
    moreira = [
        relative("p-304-husband", "Caio Moreira", "husband", [THERAPY], language="pt-BR"),
        relative("p-304-father", "Davi Moreira", "father", []),
    ]
    delgado = [
        relative(
            "p-303-mother",
            "Carmen Delgado",
            "mother",
            [THERAPY],
            zone="America/Los_Angeles",
            language="es",
            free=[saturday],
        ),
        relative("p-303-father", "Luis Delgado", "father", []),
    ]
    return [
        since.patient("p-301", "Lena Fischer", "morning", "abara", 21, free, fischer),
        since.patient("p-302", "Amos Reuben", "morning", "lindqvist", 21, free, reuben),
        since.patient(
            "p-303", "Rosa Delgado", "morning", "abara", 49, free, delgado, language="es"
        ),
        since.patient(
            "p-304", "Lívia Moreira", "morning", "abara", 21, free, moreira, language="pt-BR"
        ),
        since.patient("p-305", "Owen Tran", "morning", "lindqvist", 21, free),
    ]
