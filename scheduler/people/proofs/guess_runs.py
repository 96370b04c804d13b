"""Wrong codes in a row for one person, from browsers they never used: after a hundred a person of
the staff is needed (NIST SP 800-63B 5.2.2). Browsers they used before, and passkeys, go on.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from scheduler import audit, tasks
from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.people.models import Person
from scheduler.people.proofs.models import GuessRun

MOST_GUESSES = 100
TASK = "codes_stopped"
WORDS = (
    "{count} wrong codes in a row were typed for {name}, from browsers they never used. No code "
    "opens a new browser of theirs until you let it: ring them first, at the number you have."
)


def stopped_among(people: Iterable[Person]) -> set[str]:
    """Return the ids of those whose codes open no unknown browser until somebody lets them."""
    ids = [person.id for person in people]
    wanted = select(GuessRun.person_id).where(
        GuessRun.person_id.in_(ids),
        GuessRun.stopped_at.is_not(None),
    )
    return set(db.session.scalars(wanted))


def note_wrong_code(person: Person, *, now: datetime) -> None:
    """Count a wrong code that was typed for a person in a browser they never used; the hundredth
    in a row stops their codes there and is a task for the staff.
    """
    insert_absent(GuessRun, [{"person_id": person.id, "failures": 0, "last_at": now}])
    mine = GuessRun.person_id == person.id
    one_more = {"failures": GuessRun.failures + 1, "last_at": now}
    db.session.execute(update(GuessRun).where(mine).values(one_more))
    reached = update(GuessRun).where(
        mine,
        GuessRun.failures >= MOST_GUESSES,
        GuessRun.stopped_at.is_(None),
    )
    stopped = db.session.connection().execute(reached.values(stopped_at=now))
    if stopped.rowcount == 1:
        _tell_staff(person, now)


def note_nobodys_code() -> None:
    """Do for nobody what counting a wrong code costs, so that known and unknown look alike."""
    for _ in range(3):
        db.session.execute(update(GuessRun).where(GuessRun.person_id == "").values(failures=0))


def note_right_code(person: Person) -> None:
    """End a run of wrong codes: this one was right. What is stopped stays so."""
    mine = (GuessRun.person_id == person.id, GuessRun.stopped_at.is_(None), GuessRun.failures > 0)
    db.session.execute(update(GuessRun).where(*mine).values(failures=0))


def let_codes_open(person: Person, *, by: str, now: datetime) -> bool:
    """Let codes open unknown browsers again, as somebody of the staff says who knows that it is
    they; False where nothing was stopped.
    """
    stopped = update(GuessRun).where(
        GuessRun.person_id == person.id,
        GuessRun.stopped_at.is_not(None),
    )
    done = db.session.connection().execute(stopped.values(failures=0, stopped_at=None))
    if done.rowcount == 0:
        return False
    audit.append(
        "people.codes_let",
        f"person {person.id}",
        by=by,
        now=now,
    )
    tasks.finish_matter(
        f"{TASK}:{person.id}",
        by=by,
        now=now,
    )
    return True


def _tell_staff(person: Person, now: datetime) -> None:
    details = {"wrong codes": MOST_GUESSES}
    audit.append(
        "people.codes_stopped",
        f"person {person.id}",
        details,
        by="somebody",
        now=now,
    )
    matter = f"{TASK}:{person.id}"
    raised = tasks.raise_task(
        TASK,
        matter,
        WORDS.format(count=MOST_GUESSES, name=person.name),
        about_id=person.id,
        leads_to=f"codes:{_patient_key(person)}/{person.key}",
        now=now,
    )
    if raised is None:
        tasks.raise_again(matter, now=now)


def _patient_key(person: Person) -> str:
    if person.relative is not None:
        return person.relative.patient.key
    return person.key
