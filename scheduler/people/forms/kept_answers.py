"""The same call of the API sent twice is done once: what its key was answered is kept for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.people.accounts.models import ApiAnswer

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is known of a key: whether it is new, was of the same call, and what was answered."""

    is_new: bool
    is_same: bool
    answer: Any


def take_answer(token_id: str, key: str, *, call: str, now: datetime) -> KeptAnswer:
    """Lock a key of a token until the transaction ends, and return what is known of it; `call`
    tells the very same call from others. Forgets what is older than a day.
    """
    old = ApiAnswer.at < now - KEPT
    db.session.execute(delete(ApiAnswer).where(ApiAnswer.token_id == token_id, old))
    theirs = (ApiAnswer.token_id == token_id, ApiAnswer.key == key)
    question = select(ApiAnswer).where(*theirs).with_for_update()
    fresh = question.execution_options(populate_existing=True)
    known = db.session.scalars(fresh).one_or_none()
    if known is not None:
        return KeptAnswer(False, known.call_hash == call, known.answer)
    row = {"token_id": token_id, "key": key, "call_hash": call, "at": now, "answer": None}
    insert_absent(ApiAnswer, [row])
    ours = db.session.scalars(fresh).one()
    is_new = ours.call_hash == call and ours.answer is None and ours.at == now
    return KeptAnswer(
        is_new,
        ours.call_hash == call,
        ours.answer,
    )


def keep_answer(token_id: str, key: str, answer: Any) -> None:
    """Keep what a call was answered."""
    theirs = (ApiAnswer.token_id == token_id, ApiAnswer.key == key)
    db.session.execute(update(ApiAnswer).where(*theirs).values(answer=answer))
