"""One human behind several rows is at one place at a time, planned together or apart."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask

from tests.end_to_end.elm_street import Desk, clinic, hours, relative
from tests.end_to_end.one_human import drawn_clinic, overlaps

CLINICS = range(4)


def desk_of(app: Flask, tmp_path: Path, rng: Random) -> Desk:
    desk = Desk(app.test_cli_runner(), tmp_path / "clinic.json", drawn_clinic(rng))
    desk.load()
    return desk


def cohorts(desk: Desk, rng: Random) -> list[str]:
    keys = [cohort["key"] for cohort in desk.said["cohorts"]]
    rng.shuffle(keys)
    return keys


def plan(desk: Desk, key: str) -> dict[str, object]:
    said = desk.run("cohort", "plan", key, "--seconds", "0.5", "--json", ends=(0, 3))
    return dict(json.loads(said))


def publish_or_plan_again(desk: Desk, key: str) -> None:
    """Publish a proposal; one made before another cohort's is refused where it takes somebody that
    the other has taken since, and holds once it was planned again.
    """
    said = desk.run("cohort", "publish", key, ends=(0, 1))
    if not said:
        plan(desk, key)
        desk.run("cohort", "publish", key)


@pytest.mark.parametrize("number", CLINICS)
@pytest.mark.parametrize("apart", [True, False], ids=["apart", "together"])
def test_nobody_is_in_two_places_by_two_rows(
    app: Flask, tmp_path: Path, seed: int, number: int, apart: bool
) -> None:
    rng = Random(seed * 100 + number)
    desk = desk_of(app, tmp_path, rng)
    keys = cohorts(desk, rng)

    for key in keys:
        plan(desk, key)
        if apart:
            desk.run("cohort", "publish", key)
    for key in keys if not apart else ():
        publish_or_plan_again(desk, key)

    assert overlaps(desk.said, list(desk.sessions().values())) == []
    for key in keys:
        assert desk.run("cohort", "holds", key) == ""


def mother_of_two() -> dict[str, Any]:
    """Return a clinic of two cohorts in which one woman is the mother of Jordan and the aunt of
    Noemie, each family's appointments at the one hour she has; nobody says yet that she is one.
    """
    said = clinic()
    said["cohorts"].append(said["cohorts"][0] | {"key": "oak", "leads": {"process": "adler"}})
    jordan, noemie, *_ = said["patients"]
    noemie["cohort"] = "oak"
    for person, name in ((jordan, "jordan-mother"), (noemie, "noemie-aunt")):
        hour = [hours("14:00", "16:00", "tue")]
        father = relative(f"{person['key']}-father", "father", [])
        person["family"] = [relative(name, "mother", ["family_therapy"], free=hour), father]
    said["patients"] = [jordan, noemie]
    return said


def publish_all(desk: Desk) -> None:
    for cohort in desk.said["cohorts"]:
        plan(desk, cohort["key"])
        desk.run("cohort", "publish", cohort["key"])


def test_fact_that_comes_after_the_publication(app: Flask, tmp_path: Path) -> None:
    desk = Desk(app.test_cli_runner(), tmp_path / "clinic.json", mother_of_two())
    desk.load()
    publish_all(desk)
    desk.said["patients"][1]["family"][0]["same_as"] = "jordan-mother"
    before = overlaps(desk.said, list(desk.sessions().values()))
    desk.load()

    # From the load on she is told of one place; which appointment has to move, staff read.
    assert len(before) == 3
    assert overlaps(desk.said, list(desk.sessions().values())) == []
    broken = {key: desk.run("cohort", "holds", key, ends=(0, 3)) for key in ("elm", "oak")}
    assert "noemie" not in broken["elm"]
    assert "jordan" not in broken["oak"]
    assert (broken["elm"] + broken["oak"]).count("person-twice") == 6

    publish_all(desk)
    assert overlaps(desk.said, list(desk.sessions().values())) == []
    assert [desk.run("cohort", "holds", key) for key in ("elm", "oak")] == ["", ""]
    family = [line["family"] for line in desk.sessions().values() if line["family"]]
    assert sorted(map(len, family)) == [1] * 6


def test_refusals_and_reasons_of_one_family_name_nobody_of_the_other(
    app: Flask, tmp_path: Path
) -> None:
    desk = Desk(app.test_cli_runner(), tmp_path / "clinic.json", mother_of_two())
    for person in desk.said["patients"]:
        person["family"][0]["free"] = [hours("14:00", "15:00", "tue")]
    desk.said["programs"][0]["appointments"][1]["every_weeks"] = 1
    desk.said["patients"][1]["family"][0]["same_as"] = "jordan-mother"
    desk.load()
    said = {}
    for key in ("elm", "oak"):
        said[key] = desk.run("cohort", "plan", key, "--seconds", "0.5", ends=(0, 3))
        said[key] += desk.run("cohort", "plan", key, "--seconds", "0.5", "--json", ends=(0, 3))
        said[key] += desk.run("cohort", "publish", key)
        said[key] += desk.run("cohort", "holds", key, ends=(0, 3))

    # Six weeks with an hour each, and twelve appointments: every other one has no time.
    assert (said["elm"] + said["oak"]).count("not placed") == 6
    assert "free only Tue 2:00 PM to 3:00 PM" in said["elm"] + said["oak"]
    assert "noemie" not in said["elm"]
    assert "jordan" not in said["oak"]
