"""What the people of the sessions on a board say to them, many sessions at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler.consents import audiences
from scheduler.i18n import N_, catalog
from scheduler.invitations import standing_answers
from scheduler.invitations.model.models import Answer
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.answer_words import THEIR_WORDS

UNANSWERED = N_("no answer yet")


def answers_on_board(
    sessions: Sequence[Session], names: Mapping[str, str], *, now: datetime
) -> dict[str, list[tuple[str, str]]]:
    """Return by session (key) who is invited to it and what each says, by name."""
    standing = [session for session in sessions if session.status is not Status.CANCELLED]
    if not standing:
        return {}
    said = standing_answers(audiences(standing, now=now), standing)
    _ = catalog(reader_language())
    words = {answer.value.lower(): _(THEIR_WORDS[answer]) for answer in Answer}
    unanswered = _(UNANSWERED)
    found = {}
    for session in standing:
        lines = []
        for person, answer in said[session.id].items():
            lines.append((names.get(person, person), words.get(answer, unanswered)))
        found[session.key] = sorted(lines)
    return found
