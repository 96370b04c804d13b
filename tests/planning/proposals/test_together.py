"""Several cohorts planned as one problem, each with a proposal of its own; the father without
consent is in none.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import person_by_key
from scheduler.people.availability import Window
from scheduler.planning import (
    Plan,
    begin_together,
    cohorts_starting,
    keep,
    plan_together,
    propose,
    publish,
    stored_plan,
)
from scheduler.programs.models import Cohort, VideoRoom
from tests.planning.rows import NOW, clinic, patient
from tests.planning.week_grid import WORKDAYS, at


def three_cohorts() -> None:
    """Evening, noon and late start together under the one clinician, who has little time."""
    evening = clinic()
    rivera = person_by_key("rivera")
    rivera.free = (Window(WORKDAYS, at("16:00"), at("21:00")),)
    db.session.add(VideoRoom(key="c", url="https://video.example/c"))
    for key in ("noon", "late"):
        row = Cohort(key=key, program_id=evening.program_id, starts=evening.starts, leads={})
        db.session.add(row)
        db.session.flush()
        for number in range(2):
            patient(f"{key}-{number}", row, rivera)
    db.session.commit()


def plan_all(*keys: str) -> dict[str, Plan]:
    tasks = begin_together(keys, now=NOW)
    plans = plan_together(tasks, seconds=2, seed=1)
    for task in tasks:
        keep(task, plans[task.problem.cohort], seed=1, by="command", now=NOW)
    db.session.commit()
    return plans


def clashes(plans: dict[str, Plan]) -> list[str]:
    """Return who or which room is in two sessions of any of the plans at a quarter of an hour."""
    met: Counter[tuple[str, object]] = Counter()
    for plan in plans.values():
        for session in plan.sessions:
            moment = session.start
            while moment < session.end:
                for who in (*session.people, f"room {session.room}"):
                    met[who, moment] += 1
                moment += timedelta(minutes=5)
    return sorted({who for (who, _), count in met.items() if count > 1})


def test_cohorts_planned_together_share_their_clinician_and_rooms(app: Flask) -> None:
    three_cohorts()

    plans = plan_all("evening", "noon", "late")

    assert list(plans) == ["evening", "late", "noon"]
    assert clashes(plans) == []
    assert [plan.broken for plan in plans.values()] == [(), (), ()]
    assert "jordan-father" not in {
        key for plan in plans.values() for session in plan.sessions for key in session.relatives
    }


def test_each_cohort_keeps_a_proposal_of_its_own(app: Flask) -> None:
    three_cohorts()

    plans = plan_all("evening", "noon")

    assert stored_plan("evening") == plans["evening"]
    assert stored_plan("noon") == plans["noon"]
    assert stored_plan("late") is None
    publish("noon", by="command", now=NOW)
    assert {session.key.split(".")[0] for session in plans["noon"].sessions} == {"noon"}


def test_planned_again_together_the_old_proposals_are_in_nobody_s_way(app: Flask) -> None:
    three_cohorts()
    first = plan_all("evening", "noon", "late")

    again = plan_all("evening", "noon", "late")

    assert {key: len(plan.placed) for key, plan in again.items()} == {
        key: len(plan.placed) for key, plan in first.items()
    }
    assert clashes(again) == []


def test_what_is_published_stays_and_the_others_are_planned_around_it(app: Flask) -> None:
    three_cohorts()
    propose("evening", seconds=2, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    db.session.commit()
    stands = stored_plan("evening")
    assert stands is not None

    plans = plan_all("evening", "noon", "late")

    assert {s.key: s.start for s in plans["evening"].sessions} == {
        s.key: s.start for s in stands.sessions
    }
    assert clashes(plans) == []


def test_cohorts_that_start_on_a_day_are_found_by_it(app: Flask) -> None:
    three_cohorts()

    assert cohorts_starting(date(2027, 3, 1)) == ("evening", "late", "noon")
    with pytest.raises(NotFound, match="no cohort starts on 2027-03-02"):
        cohorts_starting(date(2027, 3, 2))
