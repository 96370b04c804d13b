"""Carrying every letter that is due: claim, hand over, settle.

That a letter is being handed over is committed before anything of it leaves. What became of it is
written down in the transaction that begins the next one: a letter then costs one commit, and what
is known of it at any moment is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from scheduler import invitations, outbox, reminders
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.logs import Log
from scheduler.outbox import DeliveryStatus, HandedLetter, Outcome, PostOfficeClosed, SmtpTransport
from scheduler.outbox.models import Channel, Letter
from scheduler.people import practice
from scheduler.worker.jobs import make_codes
from scheduler.worker.transactions import in_transaction

log = Log(__name__)

HELD_UP = {DeliveryStatus.LATER, DeliveryStatus.UNKNOWN}
MOST_LOST = 2


@dataclass(slots=True)
class Round:
    """What one round came to."""

    sent: int = 0
    later: int = 0
    set_aside: int = 0
    closed: str | None = None
    """Why the mail server could not be reached; the letters wait."""

    def count(self, fate: DeliveryStatus) -> None:
        """Count one letter."""
        self.sent += fate is DeliveryStatus.SENT
        self.later += fate in HELD_UP
        self.set_aside += fate is DeliveryStatus.REFUSED


@dataclass
class DeliveryLoop:
    """One worker on one round: what it carries mail with, and the letter whose fate is not written
    down yet.
    """

    owner: str
    stopping: Callable[[], bool]
    alive: Callable[[], object]
    done: Round = field(default_factory=Round)
    last: tuple[HandedLetter, Outcome] | None = None
    lost: int = 0
    """How often in a row the conversation broke off over a letter: two silences are waited for, not
    fifty.
    """

    def go(self, channel: Channel, carry: Callable[[str], bool]) -> None:
        """Claim and carry until nothing is due, `carry` says that it is no use, or the worker is to
        stop.
        """
        while not self.stopping():
            # Whoever waits for a code does not wait for all that is due besides.
            make_codes()
            in_transaction(lambda: outbox.expire(now=clock.now()))
            claimed = in_transaction(
                lambda: outbox.claim(
                    self.owner,
                    now=clock.now(),
                    channel=channel,
                )
            )
            if not claimed:
                return
            whole_batch = all(self._may_go_on() and carry(letter_id) for letter_id in claimed)
            self.settle()
            if not whole_batch:
                in_transaction(lambda: outbox.release(self.owner))
                return

    def _may_go_on(self) -> bool:
        self.alive()
        return not self.stopping()

    def mail(self, letter_id: str, sender: str, carrier: SmtpTransport, line: Connection) -> bool:
        """Carry one mail; False when the mail server cannot be reached, or has broken off twice in
        a row.
        """
        try:
            if not carrier.is_open:
                self.settle()  # dialling may take long: what has left is written down first
                # Before the letter is marked: a server that is away costs no try, leaves no doubt.
                carrier.open()
            letter = self._next(line, letter_id)
            if letter is not None:
                self.last = letter, _hand_over(letter, sender, carrier)
                self._count(*self.last)
                self.lost = (
                    0 if carrier.is_open or self.last[1].fate not in HELD_UP else self.lost + 1
                )
                if outbox.gives_up(*self.last):
                    self.settle()  # more is written then than the letter's own row
        except PostOfficeClosed as error:
            self.done.closed = str(error)
            log.warning("mail_server_away", error=error)
            return False
        return self.lost < MOST_LOST

    def _count(self, letter: HandedLetter, outcome: Outcome) -> None:
        self.done.count(outcome.fate)
        log.info(
            "letter",
            letter=letter.id,
            channel=letter.channel.value,
            fate=outcome.fate.value,
            attempts=letter.attempts,
        )

    def _next(self, line: Connection, letter_id: str) -> HandedLetter | None:
        """Settle the last letter and begin the next at once; one after the other when the two do
        not go together.
        """
        try:
            with line.begin():
                if self.last is not None:
                    outbox.settle(
                        *self.last,
                        now=clock.now(),
                        line=line,
                    )
                letter = outbox.begin_handing_on(line, letter_id, self.owner, now=clock.now())
            self.last = None
        except DatabaseError:
            # The gate refuses the next one, or the connection is gone: neither may keep the last
            # one's fate unwritten.
            self.settle()
            letter = self._begin(letter_id)
        return letter

    def _begin(self, letter_id: str) -> HandedLetter | None:
        return in_transaction(lambda: outbox.begin_handing(letter_id, self.owner, now=clock.now()))

    def settle(self) -> None:
        """Write down what became of the last letter, if that is still to be done."""
        if self.last is not None:
            last, self.last = self.last, None
            in_transaction(lambda: _settle(*last))

    def text(self, letter_id: str) -> bool:
        """Carry one text message; False when the gateway is busy or away: one silence is waited
        for, not fifty.
        """
        letter = self._begin(letter_id)
        if letter is None:
            return True
        outcome = outbox.hand_over_sms(letter, now=clock.now())
        in_transaction(lambda: _settle(letter, outcome))
        self._count(letter, outcome)
        return outcome.fate not in HELD_UP


def deliver_due(
    owner: str,
    smtp_url: str | None,
    *,
    stopping: Callable[[], bool] = lambda: False,
    alive: Callable[[], object] = lambda: None,
) -> Round:
    """Send all that is due now; stops between two letters when asked, giving back what was only
    claimed.

    Mail needs `smtp_url`, text messages the gateway; neither waits for the other. Calls `alive`
    before each letter: a long round is no stalled one.
    """
    loop = DeliveryLoop(owner, stopping, alive)
    in_transaction(lambda: outbox.release_unfinished(owner))
    if smtp_url is not None:
        sender = in_transaction(lambda: practice().outward_email)
        with outbox.smtp_transport(smtp_url) as carrier, db.engine.connect() as line:
            loop.go(Channel.MAIL, lambda letter_id: loop.mail(letter_id, sender, carrier, line))
    if outbox.gateway() is not None:
        loop.go(Channel.TEXT, loop.text)
    return loop.done


def _settle(letter: HandedLetter, outcome: Outcome) -> None:
    """Write down what became of it, and in the same transaction what follows: for a refused text
    the mail in its place, for a letter that cannot be delivered a task for staff.
    """
    ours = outbox.settle(letter, outcome, now=clock.now())
    if not ours or not outbox.gives_up(letter, outcome):
        return
    if letter.channel is Channel.TEXT:
        reminders.mail_instead(letter.id)
    elif (row := db.session.get(Letter, letter.id)) is not None:
        invitations.note_bounce(
            row,
            outcome.words,
            for_good=invitations.refused_for_good(outcome.words),
            now=clock.now(),
        )


def _hand_over(letter: HandedLetter, sender: str, carrier: SmtpTransport) -> Outcome:
    """Say what became of the attempt; puts the letter back before passing PostOfficeClosed on."""
    try:
        return carrier.hand_over(
            outbox.return_address(sender, letter.id),
            letter.address,
            letter.mime,
        )
    except PostOfficeClosed:
        in_transaction(lambda: outbox.release_handing(letter))
        raise
