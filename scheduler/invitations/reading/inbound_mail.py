"""One mail that came in, read with suspicion: from whom, by what machine, and the answers in it.
Pure.

This runs in a child process: nothing here may be believed to end.
"""

import email
import hashlib
import re
from dataclasses import dataclass, replace
from email import policy
from email.message import EmailMessage
from email.utils import getaddresses
from enum import StrEnum

from scheduler import ical
from scheduler.i18n import N_
from scheduler.ical import Reply, Unreadable
from scheduler.invitations.reading.bounce_report import Report, is_report, read_report
from scheduler.invitations.reading.large_mail import without_attachments
from scheduler.invitations.reading.mail_parts import calendars, field, fields, is_outlooks_own
from scheduler.invitations.reading.written_words import printable, quoted_words, written_words

LARGEST = 256 * 1024
"""Octets of a mail that are read at all (G13), attachments left out; of a larger one the
beginning.
"""
LARGEST_WHOLE = 6 * 1024 * 1024
"""Octets of a mail with all its attachments that are looked through."""
ANSWERS = frozenset({"REPLY", "COUNTER", "REFRESH"})
LISTED = frozenset({"bulk", "junk", "list", "auto_reply"})
ROBOT_FIELDS = ("X-Autoreply", "X-Autorespond")
DELIVERED = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "Original-Recipient",
    "To",
)
WRITTEN_ADDRESS = re.compile(r"[^\s<>,;:\"]{1,64}@[^\s<>,;:\"]{1,255}")
LOOKS_TAGGED = re.compile(r"(?i)[-+=][a-z2-7]{34}@")
"""What the return address of a letter looks like; whether it is one is for its key to say."""
MOST_FIELD = 2_000
MOST_ADDRESSES = 20
AWAY = re.compile(
    r"(?i)^\W*(auto(matic|mated)?[ -]?(reply|response|antwort)|out of( the)? office|away from"
    r"|respuesta autom|fuera de (la )?oficina|resposta autom|ausente|ausencia|vacation)"
)
"""Subjects of automatic answers that say so nowhere else."""


class Nature(StrEnum):
    """What wrote a mail, as far as it says so (RFC 3834)."""

    PERSON = "a person or their calendar"
    MACHINE = "an automatic answer"
    BOUNCE = "a report about a letter of ours"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as far as answers go; `sender` is the one bare address of From, "" for none or
    several.

    `server` and `dmarc` are what the topmost Authentication-Results says (RFC 8601): who judged,
    and the verdict. `key` is the same for the same mail, however often it comes. `trouble` says in
    words for staff why there is none.
    """

    sender: str
    nature: Nature
    server: str
    dmarc: str
    key: str
    replies: tuple[Reply, ...] = ()
    trouble: str = ""
    answer_meant: bool = False
    """Whether a calendar answer was meant, readable or not."""
    report: Report | None = None
    """What a report says, when it is one."""
    words: str = ""
    """What the sender wrote, without quotes."""
    quoted: str = ""
    """What stands beside it: of our letter, or a signature."""
    answers_to: tuple[str, ...] = ()
    """Message-IDs of the letters it answers (RFC 5322 3.6.4), the nearest first."""
    came_to: tuple[str, ...] = ()
    """The addresses it was delivered to, as far as it says so."""
    is_cut: bool = False
    """Whether not all of it that may say something was read."""


def read_mail(data: bytes) -> Mail:
    """Read one mail, whatever it is; raises nothing for what is in it that a child process would
    not survive.
    """
    whole = without_attachments(data, LARGEST)
    data = whole[:LARGEST]
    is_cut = len(whole) > LARGEST
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    mail = _calendar_answer(message, _envelope(message, data))
    mail = replace(
        mail,
        words=_words(message),
        quoted=quoted_words(message),
        answers_to=_answers_to(message),
        came_to=_came_to(message),
        is_cut=is_cut,
    )
    if any(reply.method in ANSWERS for reply in mail.replies):
        return mail  # whatever its return path says
    report = _report(message, data)
    if report is None:
        return mail
    return replace(mail, nature=Nature.BOUNCE, replies=(), trouble=report.status, report=report)


def sender_doubt(mail: Mail, server: str | None) -> str:
    """Return why From may be forged, "" where nothing speaks for it; `server` is the name under
    which our own mail server judges (RFC 8601).
    """
    if server is not None and (mail.server, mail.dmarc) != (server.lower(), "pass"):
        return N_("our mail server did not confirm who sent it")
    if mail.dmarc == "fail":
        return N_("a mail server found the sender forged")
    return ""


def _report(message: EmailMessage, data: bytes) -> Report | None:
    """Return what a report says, None for what is none.

    Reports come from no mailbox (RFC 5321 4.5.5), but so do answers of some programs; and to the
    return address of a letter nobody writes but machines. Those in no known shape are for a person
    to read.
    """
    if is_report(message):
        return read_report(message, data)
    if field(message, "Return-Path").strip() == "<>" or _came_to_a_return_address(message):
        report = read_report(message, data)
        return report if report.understood else None
    return None


def _words(message: EmailMessage) -> str:
    """Return what the sender wrote; where the body says nothing, its subject may."""
    return written_words(message) or printable(field(message, "Subject"))


def _envelope(message: EmailMessage, data: bytes) -> Mail:
    server, dmarc = _judged(message)
    return Mail(_sender(message), _nature(message), server, dmarc, _key(message, data))


def _calendar_answer(message: EmailMessage, mail: Mail) -> Mail:
    """Add the best answer of all calendar parts: one that can be read and is an answer."""
    other: tuple[Reply, ...] = ()
    trouble = ""
    meant = False
    for method, content in calendars(message):
        meant = True
        try:
            replies = ical.parse_replies(ical.in_utc(content), method=method)
        except Unreadable as error:
            trouble = trouble or str(error)
            continue
        if any(reply.method in ANSWERS for reply in replies):
            return replace(mail, replies=replies, answer_meant=True)
        other = other or replies
    if meant:
        return replace(mail, replies=other, trouble=trouble, answer_meant=True)
    if is_outlooks_own(message):
        trouble = "an answer in Outlook's own format (winmail.dat), which only Outlook reads"
        return replace(mail, trouble=trouble, answer_meant=True)
    return replace(mail, trouble="the mail has no calendar part")


def _sender(message: EmailMessage) -> str:
    named = getaddresses(fields(message, "From"))
    found = {ical.bare_address(address) for _, address in named}
    return found.pop() if len(found) == 1 else ""


def _nature(message: EmailMessage) -> Nature:
    """Tell machines from people; calendar programs of people say auto-generated, only auto-replied
    is nobody's.
    """
    said = (field(message, "Auto-Submitted") or "no").partition(";")[0].strip().lower()
    if said not in {"no", "auto-generated", ""}:
        return Nature.MACHINE
    if field(message, "Precedence").strip().lower() in LISTED or "List-Id" in message:
        return Nature.MACHINE
    if message.get_content_type() == "multipart/report":
        return Nature.MACHINE
    is_robot = any(field in message for field in ROBOT_FIELDS)
    if is_robot or AWAY.match(field(message, "Subject")):
        return Nature.MACHINE
    return Nature.PERSON


def _answers_to(message: EmailMessage) -> tuple[str, ...]:
    nearest = field(message, "In-Reply-To")
    chain = field(message, "References").split()
    ids = [*nearest.split(), *reversed(chain)]
    return tuple(dict.fromkeys(name.strip("<>,") for name in ids))[:20]


def _came_to(message: EmailMessage) -> tuple[str, ...]:
    """Return the addresses a mail was delivered to; mail servers say it in one field or another."""
    found: list[str] = []
    for name in DELIVERED:
        for value in fields(message, name):
            found += WRITTEN_ADDRESS.findall(value[:MOST_FIELD])
    return tuple(dict.fromkeys(found))[:MOST_ADDRESSES]


def _came_to_a_return_address(message: EmailMessage) -> bool:
    return any(LOOKS_TAGGED.search(address) for address in _came_to(message))


def _judged(message: EmailMessage) -> tuple[str, str]:
    """Return judge and DMARC verdict of the topmost Authentication-Results: those below may be the
    sender's own.
    """
    first, *results = field(message, "Authentication-Results").split(";")
    judge = first.split()
    verdict = ""
    for result in results:
        said = result.strip().lower()
        if said.startswith("dmarc="):
            verdict = verdict or said.removeprefix("dmarc=").split()[0]
    return (judge[0].lower() if judge else ""), verdict


def _key(message: EmailMessage, data: bytes) -> str:
    known = field(message, "Message-ID").strip()
    return hashlib.sha256(known.encode(errors="replace") if known else data).hexdigest()
