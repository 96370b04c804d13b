"""What happens in a clinic's weeks after they are published: what need not move stays, and what
moves is named.

The father without a consent is in no change of anything.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from end_to_end.elm_street import MONDAY, Desk, day, hours, local_day, of_person, patient

Sessions = dict[str, dict[str, Any]]


@pytest.fixture
def desk(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Desk:
    return Desk(runner, tmp_path / "elm.json")


def moved(plan: dict[str, Any]) -> set[str]:
    """Every key that moves for anybody."""
    assert of_person(plan, "jordan-father") is None
    return {move["key"] for one in plan["changes"]["by_person"] for move in one["moved"]}


def others(sessions: Sessions, touched: set[str]) -> Sessions:
    return {key: one for key, one in sessions.items() if key not in touched}


def test_after_a_late_closure_only_what_fell_on_it_moves_and_is_named_by_person(desk: Desk) -> None:
    before = desk.begin()
    closed = local_day(before["elm.one.jordan.w3"])
    on_it = {key for key, one in before.items() if local_day(one) == closed}
    placed = {key for key in on_it if ".process." not in key}
    plan = desk.changed(
        lambda said: said["practice"]["closures"].append({"on": str(closed), "note": "storm"})
    )

    assert desk.sessions() == before
    assert moved(plan) == placed
    jordan = of_person(plan, "jordan")
    assert jordan is not None
    (move,) = [one for one in jordan["moved"] if one["key"] == "elm.one.jordan.w3"]
    assert move["from"].startswith(str(closed))

    desk.publish()
    after = desk.sessions()
    assert others(after, on_it) == others(before, on_it)
    assert {key for key in after if local_day(after[key]) == closed} == set()
    assert after["elm.one.jordan.w3"]["start"][:16] != before["elm.one.jordan.w3"]["start"][:16]


def test_a_clinicians_absence_moves_only_her_appointments_of_that_day(desk: Desk) -> None:
    before = desk.begin()
    gone = local_day(before["elm.one.noemie.w4"])
    hers = {
        key
        for key, one in before.items()
        if local_day(one) == gone and one["clinicians"] == ["adler"]
    }
    plan = desk.changed(
        lambda said: said["clinicians"][1].update(away=[{"from": str(gone), "to": str(gone)}])
    )

    assert moved(plan) == hers
    assert of_person(plan, "moss") is None
    desk.publish()
    assert others(desk.sessions(), hers) == others(before, hers)


def test_a_patient_who_comes_in_week_4_moves_nobody(desk: Desk) -> None:
    before = desk.begin()
    desk.now += timedelta(weeks=2, days=5)
    late = patient("late", "moss", hours("12:00", "17:00"), **{"from": str(day(4, 0))})
    plan = desk.changed(lambda said: said["patients"].append(late))

    new = of_person(plan, "late")
    assert new is not None
    assert (new["moved"], new["cancelled"]) == ([], [])
    own = {"elm.one.late.w4", "elm.one.late.w5", "elm.one.late.w6"}
    assert {one["key"] for one in new["new"] if ".one." in one["key"]} == own
    assert moved(plan) == set()
    desk.publish()
    after = desk.sessions()
    joined = {key for key, one in after.items() if "late" in one["patients"]}
    assert {key for key in joined if ".process." not in key} == own
    assert others(after, joined) == others(before, joined)
    assert {key: one["start"] for key, one in after.items() if key in before} == {
        key: one["start"] for key, one in before.items()
    }


def test_a_discharge_takes_out_what_was_still_to_come_and_nothing_else(desk: Desk) -> None:
    before = desk.begin()
    desk.now += timedelta(weeks=2)
    plan = desk.changed(lambda said: said["patients"][0].update(to=str(day(3, 6))))

    ahead = {
        key
        for key, one in before.items()
        if local_day(one) > day(3, 6) and "jordan" in one["patients"]
    }
    alone = {key for key in ahead if ".process." not in key}
    mother = of_person(plan, "jordan-mother")
    assert mother is not None
    assert {one["key"] for one in mother["cancelled"]} == {key for key in alone if ".fam." in key}
    assert (mother["new"], mother["moved"]) == ([], [])
    assert moved(plan) == set()
    desk.publish()
    after = desk.sessions()
    assert set(before) - set(after) == alone
    assert others(after, ahead) == others(before, ahead)


def test_a_lost_room_moves_only_what_has_no_room_left(desk: Desk) -> None:
    before = desk.begin()
    plan = desk.changed(lambda said: said["video_rooms"].pop())

    starts: dict[str, list[str]] = {}
    for key, one in before.items():
        starts.setdefault(one["start"], []).append(key)
    desk.publish()
    after = desk.sessions()
    assert {one["room"] for one in after.values()} == {"room-a"}
    assert set(after) == set(before)
    overlapped = {key for key in before if _overlaps(key, before)}
    kept = {key for key in before if after[key]["start"] == before[key]["start"]}
    assert set(before) - kept == moved(plan)
    assert moved(plan) <= overlapped


def test_a_mothers_new_hours_move_her_sessions_alone(desk: Desk) -> None:
    before = desk.begin()
    hers = {key for key in before if ".fam.jordan." in key}
    mondays = [hours("11:30", "16:00", "fri")]
    plan = desk.changed(lambda said: said["patients"][0]["family"][0].update(free=mondays))

    mother = of_person(plan, "jordan-mother")
    assert mother is not None
    assert {one["key"] for one in mother["moved"]} == hers
    desk.publish()
    after = desk.sessions()
    touched = moved(plan)
    assert others(after, touched) == others(before, touched)
    assert {local_day(after[key]).weekday() for key in hers} == {4}
    assert touched == hers


def test_planning_again_without_any_change_changes_nothing(desk: Desk) -> None:
    before = desk.begin()
    plan = desk.plan("--seed", "9")
    assert plan["changes"] == {
        "new": 0,
        "moved": 0,
        "changed": 0,
        "cancelled": 0,
        "kept": len(before),
        "by_person": [],
    }
    desk.publish()
    assert desk.sessions() == before


def _overlaps(key: str, sessions: Sessions) -> bool:
    one = sessions[key]
    return any(
        other["start"] < one["end"] and one["start"] < other["end"]
        for name, other in sessions.items()
        if name != key
    )


assert MONDAY.weekday() == 0
