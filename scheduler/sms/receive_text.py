"""A reply to a text message: STOP ends texting to that number at once; all else is for a person to
read.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler import tasks
from scheduler.kernel.database import db
from scheduler.outbox import stop_texts
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.sms.models import TextConsent
from scheduler.sms.opt_in import opt_out
from scheduler.sms.opt_out_keywords import is_opt_out

STOPPED = "{sender}: you will get no more text messages. Messages by mail go on."
READ = "Answered a text message: “{words}”. Nothing was changed by it; call if it matters."
ENDED = (
    "Asked for no more text messages. This is no withdrawal of a consent and no answer to an "
    "invitation: ask."
)
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """What follows from a reply: whether it stopped texting, the one confirming message, and
    letters held back.
    """

    stopped: bool
    answer: str | None
    held_back: tuple[str, ...] = ()


def receive_text(phone: str, words: str, *, reply_id: str, now: datetime) -> Reply:
    """Take a reply from a telephone number; `reply_id` is the gateway's, so that the same one twice
    is one.
    """
    people = list(
        db.session.scalars(
            select(Person).where(Person.phone == phone).order_by(Person.key)
        ).unique()
    )
    stop = is_opt_out(words)
    said = ENDED if stop else READ.format(words=" ".join(words.split())[:MOST_WORDS])
    for person in people:
        kind = "texts_stopped" if stop else "text_answered"
        tasks.raise_task(
            kind, f"{kind}:{reply_id}:{person.id}"[:255], said, about_id=person.id, now=now
        )
    if not stop:
        return Reply(False, None)
    wanted = select(TextConsent).where(TextConsent.phone == phone, TextConsent.ended_at.is_(None))
    for row in db.session.scalars(wanted).unique():
        opt_out(row, by="reply", now=now)
    held_back = tuple(stop_texts(phone))
    return Reply(True, STOPPED.format(sender=practice().outward_name), held_back)
