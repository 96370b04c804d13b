"""Letters that were set aside: somebody has to see why."""

from scheduler import outbox
from scheduler.i18n import N_
from scheduler.kernel.mail_address import compared_form
from scheduler.outbox.models import LetterState
from scheduler.tasks import Matter

MOST = 50
WORDS = N_("A letter to {address} was set aside and does not leave.")


def set_aside_letters() -> list[Matter]:
    """Return a matter for each recipient and address with letters set aside, newest first; an
    address that is closed has a task of its own.
    """
    rows = outbox.letters([LetterState.SET_ASIDE], limit=MOST)
    closed = {compared_form(row.address) for row in outbox.closed_addresses()}
    found = {}
    for letter in rows:
        has_its_own_task = letter.reason == outbox.NOT_SAFE
        if has_its_own_task or compared_form(letter.address) in closed:
            continue
        key = f"set_aside:{letter.recipient_id}:{letter.address}"[:255]
        words = WORDS.format(address=letter.address)
        found[key] = Matter(key, words, letter.recipient_id, leads_to="letters:set_aside")
    return list(found.values())
