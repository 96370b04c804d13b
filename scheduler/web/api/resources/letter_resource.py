"""/letters: where every letter is, and why; never what it says."""

from datetime import datetime

from scheduler.outbox import letters_page
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import Deed, Scope, people_by_id
from scheduler.web.api.door.api_routes import Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    ID,
    KEY,
    LINE,
    MOMENT,
    list_schema,
    one_of,
    or_null,
    record,
)

LETTER = record(
    {
        "id": ID,
        "kind": LINE,
        "recipient": or_null(KEY),
        "channel": one_of(Channel),
        "address": LINE,
        "state": one_of(LetterState),
        "written_at": MOMENT,
        "due_at": MOMENT,
        "sent_at": or_null(MOMENT),
        "tries": COUNT,
        "may_have_arrived_twice": COUNT,
        "why": or_null(LINE),
    }
)


@route(
    "GET",
    "/letters",
    deed=Deed.LETTERS,
    scope=Scope.READ,
    asks={"state": one_of(LetterState)},
    gives=list_schema(LETTER),
    is_list=True,
)
def list_letters(call: Call) -> Answered:
    """List the letters, the newest first, all or of one state."""
    before = None
    if call.after:
        written, letter_id = call.after
        before = datetime.fromisoformat(written), letter_id
    states = None
    if "state" in call.args:
        states = [LetterState(call.args["state"])]
    rows = letters_page(states, before=before, limit=call.limit + 1)
    readers = people_by_id({letter.recipient_id for letter in rows})
    keys = {person.id: person.key for person in readers.values()}
    return page_of(
        call,
        rows,
        place=lambda letter: [letter.created_at.isoformat(), letter.id],
        document=lambda letter: letter_document(letter, keys.get(letter.recipient_id)),
    )


def letter_document(letter: Letter, recipient: str | None) -> Document:
    """Return what the API says of a letter; `recipient` is a key, None for somebody gone."""
    return {
        "id": letter.id,
        "kind": letter.kind,
        "recipient": recipient,
        "channel": letter.channel.value,
        "address": letter.address,
        "state": letter.state.value,
        "written_at": letter.created_at.isoformat(),
        "due_at": letter.due_at.isoformat(),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "tries": letter.attempts,
        "may_have_arrived_twice": letter.ambiguous,
        "why": letter.reason,
    }
