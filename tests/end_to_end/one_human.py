"""Clinics drawn at random in which several people are one human: mothers of two patients, and
patients who are another's brother. In each family a father without consent stands by.
"""

from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any

from tests.end_to_end.elm_street import MONDAY, clinic, hours, patient, relative

KINDS = ["family_therapy", "multi_family_group", "family_workshop"]
ZONES = ["America/New_York", "America/Chicago"]


def drawn_clinic(rng: Random) -> dict[str, Any]:
    """Draw a clinic of two or three cohorts whose weeks overlap, with three humans of two rows."""
    said = clinic()
    said["video_rooms"] = []
    program = said["programs"][0]
    program["weeks"] = 4
    program["rules"] |= {"group_cap": 12}
    program["groups"] = _groups(rng)
    for appointment in program["appointments"]:
        appointment["weeks"] = [1, 4]
    names = ["elm", "oak", "ash"][: rng.randint(2, 3)]
    first, *_ = said["clinicians"]
    for name in names:
        for group in program["groups"]:
            key = f"{name}-{group['key']}"
            said["clinicians"].append(first | {"key": key, "email": f"{key}@es.example"})
    said["cohorts"] = [_cohort(name, rng, program["groups"]) for name in names]
    said["patients"] = [
        _family(f"{name}{number}", name, rng) for name in names for number in range(3)
    ]
    for cohort in said["cohorts"]:
        for person in said["patients"]:
            if person["cohort"] == cohort["key"]:
                person["from"] = cohort["starts"]
    _one_human(said, rng)
    return said


def _groups(rng: Random) -> list[dict[str, Any]]:
    usual = {"minutes": 90, "weeks": [1, 4]}
    at = rng.choice(["16:00", "17:00", "18:00"])
    return [
        usual | {"key": "process", "kind": "group", "title": "Process", "days": ["mon"], "at": at},
        usual
        | {
            "key": "learn",
            "kind": "family_workshop",
            "title": "Learning",
            "days": ["mon"],
            "at": rng.choice(["17:00", "18:00"]),
        },
        usual
        | {
            "key": "mfg",
            "kind": "multi_family_group",
            "title": "Families",
            "days": ["wed"],
            "at": "18:00",
        },
    ]


def _cohort(name: str, rng: Random, groups: list[dict[str, Any]]) -> dict[str, Any]:
    starts = MONDAY + timedelta(weeks=rng.randint(0, 1))
    leads = {group["key"]: f"{name}-{group['key']}" for group in groups}
    return {
        "key": name,
        "program": "evening",
        "starts": str(starts),
        "zone": rng.choice(ZONES),
        "leads": leads,
    }


def _family(key: str, cohort: str, rng: Random) -> dict[str, Any]:
    free = hours("12:00", "20:00", *rng.sample(["tue", "wed", "thu", "fri"], 3))
    mother = relative(
        f"{key}-mother",
        "mother",
        KINDS,
        free=[hours("14:00", rng.choice(["17:00", "19:00"]), "tue", "thu")],
    )
    brother = relative(f"{key}-brother", "brother", rng.sample(KINDS, 2))
    for person in (mother, brother):
        for consent in person["consents"]:
            consent["others"] = True
    father = relative(f"{key}-father", "father", [])
    return patient(key, rng.choice(["moss", "adler"]), free) | {
        "cohort": cohort,
        "family": [mother, brother, father],
    }


def _one_human(said: dict[str, Any], rng: Random) -> None:
    """Let two mothers be one, a third of two more, and a brother be a patient."""
    families = rng.sample(said["patients"], 5)
    first, second, third, fourth, fifth = families
    second["family"][0]["same_as"] = first["family"][0]["key"]
    third["family"][0]["same_as"] = first["family"][0]["key"]
    fourth["family"][1]["same_as"] = fifth["key"]


def humans(said: dict[str, Any]) -> dict[str, str]:
    """Return by key whom each person of the file is, by the file's own words."""
    found = {}
    for family in said["patients"]:
        for person in (family, *family["family"]):
            found[person["key"]] = person.get("same_as", person["key"])
    return found


def overlaps(said: dict[str, Any], lines: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return each human in two of these exported sessions at once, minute by minute's meaning."""
    is_who = humans(said)
    found = []
    for one, other in combinations(lines, 2):
        if _begin(one) >= _end(other) or _begin(other) >= _end(one):
            continue
        both = _there(one, is_who) & _there(other, is_who)
        found += [(who, one["key"], other["key"]) for who in sorted(both)]
    return found


def _there(line: dict[str, Any], is_who: dict[str, str]) -> set[str]:
    return {is_who.get(key, key) for key in line["clinicians"] + line["patients"] + line["family"]}


def _begin(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["start"])


def _end(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["end"])
