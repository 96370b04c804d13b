"""The door for mailed replies in a mailbox: watched by IMAP, woken by IDLE where the server offers
it.

A mail is marked as seen only after what it says is committed: a crash between the two reads it
again, and what was noted once is not noted twice.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError

from scheduler.kernel.logs import Log
from scheduler.worker.lmtp_server import MOST_BYTES, take_in

TIMEOUT = 30.0
"""Seconds a server may take to answer anything."""
POLL = 30.0
"""Seconds between two looks where the server knows no IDLE."""
IDLE = 300.0
"""Seconds of one IDLE: well below the half hour after which servers hang up (RFC 2177)."""
BREATH = 1.0
"""Seconds after which a watch that is told to stop has stopped."""
LONGEST_PAUSE = 300.0
AT_ONCE = 50

log = Log(__name__)


class Watch:
    """Watches one mailbox from a thread of its own; a server that is away is asked again, ever more
    slowly.
    """

    def __init__(
        self,
        context: Callable[[], AbstractContextManager[object]],
        url: str,
        server: str | None = None,
    ) -> None:
        self.context = context
        self.server = server
        self.url = url
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
        pause = 1.0
        while not self.ended.is_set():
            try:
                with open_mailbox(self.url) as mailbox:
                    pause = 1.0
                    self._watch(mailbox)
            except (OSError, ImapToolsError) as error:
                log.warning("mailbox_away", error=error, seconds=pause)
                self.ended.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _watch(self, mailbox: BaseMailBox) -> None:
        idle = "IDLE" in mailbox.client.capabilities
        while not self.ended.is_set():
            with self.context():
                left = take_new(
                    mailbox,
                    self.server,
                    stopping=self.ended.is_set,
                )
            if left:
                self.ended.wait(POLL)
            elif idle:
                self._idle(mailbox)
            else:
                self.ended.wait(POLL)

    def _idle(self, mailbox: BaseMailBox) -> None:
        """Wait for news, at most IDLE seconds, ending soon when asked to."""
        with mailbox.idle as waiting:
            for _ in range(int(IDLE / BREATH)):
                if self.ended.is_set() or waiting.poll(timeout=BREATH):
                    return


def open_mailbox(url: str) -> BaseMailBox:
    """Sign in to the mailbox of `imaps://user:password@host:port/FOLDER`; INBOX when no folder is
    named.
    """
    parts = urlsplit(url)
    host, folder = parts.hostname or "", unquote(parts.path.strip("/")) or "INBOX"
    mailbox: BaseMailBox
    if parts.scheme == "imaps":
        mailbox = MailBox(host, parts.port or 993, timeout=TIMEOUT)
    else:
        mailbox = MailBoxUnencrypted(host, parts.port or 143, timeout=TIMEOUT)
    try:
        return mailbox.login(
            unquote(parts.username or ""), unquote(parts.password or ""), initial_folder=folder
        )
    except BaseException:
        mailbox.client.shutdown()
        raise


def take_new(
    mailbox: BaseMailBox, server: str | None, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Take in what nobody has seen and mark each as seen once it is kept; return how many are left
    for later.
    """
    unseen = mailbox.uids("UNSEEN")
    left = max(0, len(unseen) - AT_ONCE)
    for uid in unseen[:AT_ONCE]:
        if stopping():
            return left
        content = fetched(mailbox, uid)
        if content is not None and not take_in(content, server):
            left += 1
            continue
        mailbox.flag(uid, MailMessageFlags.SEEN, True)
    return left


def fetched(mailbox: BaseMailBox, uid: str) -> bytes | None:
    """Return the bytes of one mail without marking it; None when it is far too large to be an
    answer, or gone.
    """
    _, told = mailbox.client.uid("FETCH", uid, "(RFC822.SIZE)")
    size = next(
        (int(word) for line in told if line for word in bytes(line).rstrip(b")").split()[-1:]),
        MOST_BYTES + 1,
    )
    if size > MOST_BYTES:
        log.warning("mail_left_unread", octets=size)
        return None
    _, parts = mailbox.client.uid("FETCH", uid, "(BODY.PEEK[])")
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), None)
