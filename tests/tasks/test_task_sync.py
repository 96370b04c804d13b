"""Tasks that the program keeps: raised once, closed when the matter is over, left alone once a
person has decided.
"""

from datetime import timedelta

from sqlalchemy import select

from household import NOW, Household
from scheduler import tasks
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.tasks.models import Task

MINUTE = timedelta(minutes=1)


def keep(home: Household, *keys: str, minute: int = 0) -> int:
    matters = [tasks.Matter(key, f"about {key}", home.jordan.id) for key in keys]
    return tasks.sync_tasks("odd", matters, by="worker", now=NOW + minute * MINUTE)


def open_keys() -> list[str]:
    return [task.key for task in tasks.open_tasks(kind="odd")]


def test_matter_is_raised_once_however_often_it_is_seen(home: Household) -> None:
    assert (keep(home, "a", "b"), keep(home, "a", "b", minute=5)) == (2, 0)
    assert sorted(open_keys()) == ["a", "b"]


def test_matter_that_is_over_is_closed_and_noted(home: Household) -> None:
    keep(home, "a", "b")
    keep(home, "b", minute=5)

    closed = db.session.scalars(select(Task).where(Task.key == "a")).one()
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "finish")).one()
    assert open_keys() == ["b"]
    assert (closed.done_by, closed.done_at, noted.details) == (
        "worker",
        NOW + 5 * MINUTE,
        {"task": closed.id},
    )


def test_matter_that_comes_back_is_opened_again(home: Household) -> None:
    keep(home, "a")
    keep(home, minute=5)

    assert (keep(home, "a", minute=10), open_keys()) == (1, ["a"])
    assert tasks.open_tasks()[0].made_at == NOW + 10 * MINUTE


def test_what_a_person_marked_as_done_stays_done(home: Household) -> None:
    keep(home, "a")
    tasks.finish_task(tasks.open_tasks()[0].id, by="sam", now=NOW)

    assert (keep(home, "a", minute=5), open_keys()) == (0, [])


def test_tasks_of_another_kind_are_left_alone(home: Household) -> None:
    tasks.raise_task("returned", "r", "A letter came back.", about_id=home.mother.id, now=NOW)
    keep(home, "a")
    keep(home, minute=5)

    assert [task.key for task in tasks.open_tasks()] == ["r"]
