"""What somebody tells of their device is kept as their newest word, and becomes a task where the
clinician should act.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble
from scheduler.kernel.database import db
from scheduler.tasks import open_tasks
from scheduler.tech_checks import Outcome, TechResult, tell_clinic, told_checks, who_will_phone
from scheduler.tech_checks.models import TechCheck

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
ALL_WELL = TechResult(*[Outcome.WORKS] * 5)


@pytest.fixture
def stage(app: Flask) -> Cast:
    return assemble()


def test_newest_word_counts(stage: Cast) -> None:
    tell_clinic(stage.dana, TechResult(will_phone=True), by="dana", now=NOW)
    later = NOW + timedelta(hours=1)
    tell_clinic(stage.dana, ALL_WELL, by="dana", now=later)

    row = db.session.scalars(select(TechCheck)).one()
    assert (row.person_id, row.told_at, row.result) == (stage.dana.id, later, ALL_WELL)
    assert who_will_phone([stage.dana.id]) == []


def test_what_does_not_work_is_a_task_for_the_clinician(stage: Cast) -> None:
    result = TechResult(camera=Outcome.FAILS, microphone=Outcome.FAILS, speakers=Outcome.WORKS)
    tell_clinic(stage.dana, result, by="dana", now=NOW)

    (task,) = open_tasks()
    assert (task.words, task.about_id, task.for_id) == (
        "Their own check found that this does not work: the camera, the microphone.",
        stage.dana.id,
        stage.rivera.id,
    )


def test_who_phones_is_a_task_and_is_named(stage: Cast) -> None:
    tell_clinic(stage.jordan, TechResult(will_phone=True), by="jordan", now=NOW)

    assert [task.words for task in open_tasks()] == ["Will phone instead of coming by video."]
    assert who_will_phone([stage.jordan.id, stage.dana.id]) == [stage.jordan]


def test_what_works_is_kept_and_no_task(stage: Cast) -> None:
    tell_clinic(stage.dana, ALL_WELL, by="dana", now=NOW)

    assert ([row.person for row in told_checks([stage.dana.id])], open_tasks()) == (
        [stage.dana],
        [],
    )
