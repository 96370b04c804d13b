"""Carrying every letter that is due: claim, hand over, settle, each in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from scheduler import invitations, outbox, reminders
from scheduler.kernel import clock
from scheduler.outbox import Carrier, Fate, Outcome, PostOfficeClosed
from scheduler.outbox.models import Channel, Letter
from scheduler.people import practice
from scheduler.worker.transactions import whole


@dataclass(slots=True)
class Round:
    """What one round came to."""

    sent: int = 0
    later: int = 0
    set_aside: int = 0
    closed: str | None = None
    """Why the mail server could not be reached; the letters wait."""


def deliver_due(
    owner: str,
    smtp_url: str,
    *,
    stopping: Callable[[], bool] = lambda: False,
    alive: Callable[[], object] = lambda: None,
) -> Round:
    """Send all that is due now; stops between two letters when asked, giving back what was only claimed.

    Calls `alive` before each letter: a long round is no stalled one.
    """
    done = Round()
    sender = whole(lambda: practice().outward_email)
    with outbox.carrier(smtp_url) as carrier:
        while not stopping():
            whole(lambda: outbox.expire(now=clock.now()))
            claimed = whole(lambda: outbox.claim(owner, now=clock.now()))
            if not claimed:
                return done
            for letter_id in claimed:
                alive()
                if stopping() or not _deliver(letter_id, owner, sender, carrier, done):
                    whole(lambda: outbox.release(owner))
                    return done
    return done


def _deliver(letter_id: str, owner: str, sender: str, carrier: Carrier, done: Round) -> bool:
    """Deliver one letter; False when the mail server cannot be reached and the round is over."""
    try:
        carrier.open()  # before the letter is marked: a server that is away costs no try and leaves no doubt
        letter = whole(lambda: outbox.begin_handing(letter_id, owner))
        if letter is None:
            return True
        outcome = _hand_over(letter, sender, carrier)
    except PostOfficeClosed as error:
        done.closed = str(error)
        return False
    whole(lambda: _settle(letter, outcome))
    done.sent += outcome.fate is Fate.SENT
    done.later += outcome.fate in {Fate.LATER, Fate.UNKNOWN}
    done.set_aside += outcome.fate is Fate.REFUSED
    return True


def _settle(letter: Letter, outcome: Outcome) -> None:
    """Write down what became of it, and in the same transaction what follows: for a refused text the mail in its place,
    for a letter that cannot be delivered a task for staff."""
    ours = outbox.settle(letter, outcome, now=clock.now())
    if not ours or not outbox.gives_up(letter, outcome):
        return
    if letter.channel is Channel.TEXT:
        reminders.by_mail_instead(letter.id)
    else:
        invitations.note_returned(letter, outcome.words, now=clock.now())


def _hand_over(letter: Letter, sender: str, carrier: Carrier) -> Outcome:
    """Say what became of the attempt; puts the letter back before passing PostOfficeClosed on."""
    if letter.channel is Channel.TEXT:
        return outbox.hand_over_text(letter, now=clock.now())
    try:
        return carrier.hand_over(sender, letter.address, letter.mime)
    except PostOfficeClosed:
        whole(lambda: outbox.give_back(letter))
        raise
