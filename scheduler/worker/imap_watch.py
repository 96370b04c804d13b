"""The door for mailed replies in a mailbox: watched by IMAP, woken by IDLE where the server offers
it.

The watch is in one of three states: it dials, it looks, or it waits. Whatever a server does, it
ends in waiting and dialling again. What was dealt with is known by its UID, whoever opened it
first; it counts as dealt with only after what it says is committed.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from scheduler import invitations
from scheduler.kernel import clock
from scheduler.kernel.logs import Log
from scheduler.worker.imap_mailbox import TIMEOUT, Conversation, conversation
from scheduler.worker.lmtp_server import take_in
from scheduler.worker.mail_token import TokenCommand
from scheduler.worker.transactions import in_transaction

ROUND = 20.0
"""Seconds between two looks; IDLE wakes the watch before. What a server says in the same packet as
its consent to IDLE is found by the next look.
"""
BREATH = 1.0
"""Seconds after which a watch that is told to stop has stopped."""
LONGEST_PAUSE = 60.0
AT_ONCE = 50

log = Log(__name__)


@dataclass
class Progress:
    """How far one mailbox has been read under one UIDVALIDITY; `last` None: never to its end.

    `done` are those above `last` that have been dealt with, while one below could not be kept.
    """

    validity: str
    last: int | None
    done: set[int] = field(default_factory=set)

    def settle(self, uids: list[int], next_uid: int) -> None:
        """Move `last` up to the first of `uids` (all there are, in order) that is not done.

        At first nothing below `next_uid`, the mailbox's when it was opened, counts as read until
        all of it is.
        """
        if self.last is None:
            if not self.done.issuperset(uids):
                return
            self.last = next_uid - 1
        for uid in uids:
            if uid not in self.done:
                return
            self.last = max(uid, self.last)
        self.done.clear()


class Watch:
    """Watches one mailbox from a thread of its own; a server that is away is asked again, ever more
    slowly. `every` so many seconds it looks, whatever the server says.
    """

    def __init__(
        self,
        context: Callable[[], AbstractContextManager[object]],
        url: str,
        server: str | None = None,
        tokens: TokenCommand | None = None,
        *,
        every: float = ROUND,
    ) -> None:
        self.every = every
        self.context = context
        self.server = server
        self.url = url
        self.tokens = tokens
        self.watch_id = invitations.mailbox_id(url)
        self.pause = BREATH
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True, name="mailbox")

    def start(self) -> None:
        """Begin to watch."""
        self.thread.start()

    def stop(self) -> None:
        """End after the mail in hand."""
        self.ended.set()
        self.thread.join(TIMEOUT)

    def _run(self) -> None:
        while not self.ended.is_set():
            try:
                with conversation(self.url, self.tokens) as talk:
                    self._watch(talk)
            except Exception as error:
                # Servers hang up, speak nonsense and refuse; a watch that ends is what must not be.
                log.warning("mailbox_away", error=error, seconds=self.pause)
                self._note_away(error)
                self.ended.wait(self.pause)
                self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _watch(self, talk: Conversation) -> None:
        with self.context():
            progress = open_progress(self.watch_id, talk)
        idles = talk.knows_idle()
        while not self.ended.is_set():
            with self.context():
                left = take_new(talk, progress, self.server, stopping=self.ended.is_set)
                note_progress(self.watch_id, progress)
            self.pause = BREATH
            if left == 0:
                self._wait(talk, idles=idles)

    def _wait(self, talk: Conversation, *, idles: bool) -> None:
        if idles:
            self._idle(talk)
        else:
            self.ended.wait(self.every)

    def _idle(self, talk: Conversation) -> None:
        """Wait for news, at most one round, ending soon when asked to."""
        with talk.mailbox.idle as waiting:
            for _ in range(int(self.every / BREATH)):
                if self.ended.is_set() or waiting.poll(timeout=BREATH):
                    return

    def _note_away(self, error: Exception) -> None:
        words = str(error) or type(error).__name__
        try:
            with self.context():
                in_transaction(lambda: invitations.note_away(self.watch_id, words, now=clock.now()))
        except Exception as fault:
            log.error("mailbox_state_not_kept", error=fault)


def open_progress(watch_id: str, talk: Conversation) -> Progress:
    """Return how far this mailbox has been read."""
    last = in_transaction(lambda: invitations.read_up_to(watch_id, talk.validity))
    return Progress(talk.validity, last)


def note_progress(watch_id: str, progress: Progress) -> None:
    """Write down that a look has come to its end."""
    in_transaction(
        lambda: invitations.note_look(watch_id, progress.validity, progress.last, now=clock.now())
    )


def take_new(
    talk: Conversation,
    progress: Progress,
    server: str | None,
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Take in what has not been dealt with and mark each as seen once it is kept; return how many
    may be read at once. Those that could not be kept wait for the next look.
    """
    uids = _uids(talk, progress)
    failed = False
    for uid in _left(uids, progress)[:AT_ONCE]:
        if stopping():
            break
        if _is_dealt_with(talk, uid, server):
            progress.done.add(uid)
        else:
            failed = True
    left = len(_left(uids, progress))
    progress.settle(uids, talk.next_uid)
    return 0 if failed else left


def _uids(talk: Conversation, progress: Progress) -> list[int]:
    """Return the UIDs to look at, in order."""
    if progress.last is None:
        return talk.uids_at_first(clock.now().date())
    return talk.uids_after(progress.last)


def _left(uids: list[int], progress: Progress) -> list[int]:
    return [uid for uid in uids if uid not in progress.done]


def _is_dealt_with(talk: Conversation, uid: int, server: str | None) -> bool:
    """Take in one mail; False when it could not be kept and should be read again."""
    content = talk.fetched(uid)
    if content is None:
        return True
    if not take_in(content, server):
        return False
    talk.mark_seen(uid)
    return True
