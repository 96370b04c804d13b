"""`cohort plan KEY --assume FILE`: what would be if a file held; the house stays as it was, to the
last row.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Table, select

from end_to_end.elm_street import Desk, day, hours, local_day
from scheduler.kernel.database import Base, db


@pytest.fixture
def desk(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Desk:
    return Desk(runner, tmp_path / "elm.json")


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, the audit's too."""
    db.session.remove()
    tables: list[Table] = list(Base.metadata.tables.values())
    found = {
        one.name: sorted((tuple(row) for row in db.session.execute(select(one))), key=repr)
        for one in tables
    }
    db.session.remove()
    return found


def suppose(desk: Desk, said: dict[str, Any], *words: str) -> str:
    """Ask what if the clinic file were `said`."""
    file = desk.file.with_name("supposed.json")
    file.write_text(json.dumps(said))
    return desk.run(
        "cohort", "plan", "elm", "--seconds", "1", "--assume", str(file), *words, ends=(0, 3)
    )


def test_nothing_in_the_house_changes(desk: Desk) -> None:
    desk.begin()
    desk.plan("--seed", "4")
    before = everything()
    said = desk.copy()
    said["practice"]["closures"] = [{"on": str(day(2, 1))}]
    said["patients"][0]["family"][0]["consents"] = []
    said["patients"].pop()
    suppose(desk, said)

    assert everything() == before
    assert len(before["audit_entries"]) > 0


def test_it_says_what_is_assumed_and_whom_it_would_move(desk: Desk) -> None:
    before = desk.begin()
    closed = local_day(before["elm.one.sam.w2"])
    said = desk.copy()
    said["practice"]["closures"] = [{"on": str(closed), "note": "boiler"}]
    lines = suppose(desk, said).splitlines()

    assert lines[0].endswith(
        "supposed.json held? This is an assumption: nothing of it is kept, the stored plan stays."
    )
    assert [line for line in lines if line.startswith("assumed: ")] == [
        "assumed: closures: changed"
    ]
    assert "against the stored plan: 30 appointments placed instead of 30" in lines
    (at,) = [number for number, line in enumerate(lines) if line.startswith("for sam (patient): ")]
    assert "1 moved" in lines[at]
    assert "father" not in "\n".join(lines)


def test_what_would_be_lost_is_named(desk: Desk) -> None:
    desk.begin()
    said = desk.copy()
    said["patients"][2]["free"] = [hours("12:00", "12:30")]
    answer = json.loads(suppose(desk, said, "--json"))

    assert answer["assumption"]["changes"] == ["patient sam: changed (free)"]
    assert answer["stored"]["lost"] == [f"elm.one.sam.w{week}" for week in range(1, 7)]
    assert answer["stored"]["won"] == []
    assert answer["stored"]["placed"] == answer["stored"]["placed_before"] - 6
    people = {one["person"]: len(one["cancelled"]) for one in answer["changes"]["by_person"]}
    assert people == {"moss": 6, "sam": 6}


def test_a_cohort_that_is_only_assumed_can_be_planned(desk: Desk) -> None:
    before = everything()
    file = desk.file
    file.write_text(json.dumps(desk.copy()))
    said = desk.run("cohort", "plan", "elm", "--seconds", "1", "--assume", str(file))

    assert "there is no stored plan to compare with" in said
    assert everything() == before


def test_a_file_that_cannot_be_loaded_names_the_place_and_plans_nothing(desk: Desk) -> None:
    desk.begin()
    before = everything()
    file = desk.file.with_name("wrong.json")
    said = desk.copy()
    said["programs"][0]["rules"]["week_hours"] = [19, 9]
    file.write_text(json.dumps(said))
    assert desk.run("cohort", "plan", "elm", "--assume", str(file), ends=(2,)) == ""
    assert everything() == before
