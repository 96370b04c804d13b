"""Mail that no machine can take: held for a person, with whatever of it can be read; and reports of
mail servers about letters of ours.
"""

from datetime import datetime

from scheduler import tasks
from scheduler.i18n import N_
from scheduler.ical import Reply
from scheduler.invitations.model.models import HeldKind, HeldReply, Invitation
from scheduler.invitations.reading.bounce_report import Report
from scheduler.invitations.reading.inbound_mail import Mail, Nature
from scheduler.invitations.replies.bounces import (
    letters_behind,
    letters_meant,
    letters_named,
    note_bounce,
)
from scheduler.invitations.replies.own_words import hold_words, writer_of
from scheduler.invitations.replies.review_queue import (
    Matter,
    hold_for_review,
    leads_to,
    task_key,
)
from scheduler.outbox.models import Letter

TOO_LARGE = "the mail is too large to be read to its end"
NO_INVITATION = N_("there is no such invitation")
NO_ANSWER = N_("it says neither yes, no nor maybe")
NO_SUCH_DATE = N_("it answers a date that the appointment does not have")
NO_REPORT = "a report about a letter that nobody could read"
REPORT_TASK = (
    "A mail server reports about a letter, and which one, or whether it arrived, cannot be read. "
    "Look at it under the answers that wait."
)


def is_for_a_reader(mail: Mail) -> bool:
    """True if a person wrote a mail, as far as it says; what comes through a list does where we
    know the writer, since a practice's own address may be a list.
    """
    if mail.nature is Nature.LISTED:
        return writer_of(mail).person_id is not None
    return mail.nature is Nature.PERSON


def hold_mail(mail: Mail, server: str | None, *, by: str, now: datetime) -> None:
    """Let a person read what is no answer that a machine can take, or is too large to be read to
    its end.
    """
    if mail.is_cut:
        hold_unreadable(mail.key, mail.sender, TOO_LARGE, by=by, now=now, words=mail.words)
    elif mail.answer_meant and not mail.replies:
        hold_unreadable(mail.key, mail.sender, mail.trouble, by=by, now=now, words=mail.words)
    else:
        hold_words(mail, server, by=by, now=now)


def hold_unreadable(
    key: str, sender: str, reason: str, *, by: str, now: datetime, words: str = ""
) -> HeldReply | None:
    """Let a person read what no machine can."""
    matter = Matter(HeldKind.UNREADABLE, key, sender, reason, comment=words)
    return hold_for_review(matter, by=by, now=now)


def hold_lost_answer(
    mail: Mail, reason: str, reply: Reply, row: Invitation | None, *, by: str, now: datetime
) -> None:
    """Let a person read an answer of somebody we know that no date of theirs is meant by."""
    if not is_for_a_reader(mail):
        return
    person_id = row.person_id if row is not None else writer_of(mail).person_id
    if person_id is None:
        return
    said = reply.comment or mail.words
    matter = Matter(
        HeldKind.UNREADABLE,
        mail.key,
        mail.sender,
        reason,
        row=row,
        person_id=person_id,
        comment=said,
    )
    hold_for_review(matter, by=by, now=now)


def take_report(mail: Mail, report: Report, *, by: str, now: datetime) -> None:
    """Raise a task for each of our letters that a report says did not arrive; its random name is
    what proves it. A report that cannot be understood is a task, too.
    """
    addressed = letters_behind(mail.came_to)
    named = letters_named(report)
    letters = addressed or letters_meant(report)
    if report.failed:
        for letter in letters:
            # Whoever knows an address could write a report about it: without a proof nothing stops.
            is_proven = letter in addressed or letter in named
            for_good = report.for_good and is_proven
            note_bounce(
                letter,
                report.status,
                for_good=for_good,
                now=now,
            )
    is_known = bool(letters or report.message_ids)
    if not report.understood or (report.failed and not is_known):
        _hold_report(mail, letters, by=by, now=now)


def _hold_report(mail: Mail, letters: list[Letter], *, by: str, now: datetime) -> None:
    held = hold_unreadable(mail.key, mail.sender, NO_REPORT, by=by, now=now, words=mail.words)
    if held is not None:
        about_id = letters[0].recipient_id if letters else None
        tasks.raise_task(
            "returned",
            task_key(held),
            REPORT_TASK,
            about_id=about_id,
            leads_to=leads_to(held),
            now=now,
        )
