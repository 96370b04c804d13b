"""A forgotten password: one row for every address, and a letter where there is somebody.

Whoever asks learns nothing: known and unknown addresses cost the same row, and the letter is made
by the worker.
"""

from datetime import datetime, timedelta
from html import escape

from sqlalchemy import delete, select

from scheduler import audit
from scheduler.i18n import N_, catalog
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox import Ground, MailWords, Posting, Sender, post
from scheduler.people.accounts.invite_staff import RESET_LASTS, new_password_link
from scheduler.people.accounts.models import PasswordAsk
from scheduler.people.models import Person
from scheduler.people.queries import people_by_address, practice, whom_to_ask

KEPT = timedelta(days=1)
AT_ONCE = 100
"""How many are answered in one transaction."""
SUBJECT = N_("Your password")
WORDS = N_(
    "Somebody asked for a new password for this address. If it was you, choose one here within "
    "half an hour; the address opens once:"
)
NOT_YOU = N_("If it was not you, nothing has changed, and nothing is to be done.")


def ask_for_reset(address: str, *, now: datetime) -> None:
    """Write down that somebody forgot the password of an address, whosever it is."""
    db.session.add(PasswordAsk(address=address.strip()[:254], asked_at=now))
    db.session.flush()


def answer_asks(front: str, *, now: datetime) -> int:
    """Write a letter to each member of staff with an open account who asked; return how many.

    `front` is the address of the first page, with its slash. One letter a person, however often
    they asked; what was asked too long ago is let go of.
    """
    waiting = select(PasswordAsk).where(PasswordAsk.done_at.is_(None))
    in_turn = waiting.order_by(PasswordAsk.asked_at).limit(AT_ONCE)
    rows = db.session.scalars(in_turn.with_for_update(skip_locked=True)).all()
    if not rows:
        return 0
    db.session.execute(delete(PasswordAsk).where(PasswordAsk.asked_at < now - KEPT))
    told = set()
    for row in rows:
        row.done_at = now
        if now - row.asked_at > RESET_LASTS:
            continue
        for person in people_by_address(row.address):
            if _is_open(person) and person.id not in told:
                told.add(person.id)
                _mail(person, front, now=now)
    db.session.flush()
    return len(told)


def _is_open(person: Person) -> bool:
    account = person.clinician
    return account is not None and account.ended_at is None


def _mail(person: Person, front: str, *, now: datetime) -> None:
    secret = new_password_link(person, lasts=RESET_LASTS, now=now)
    house = practice()
    sender = Sender(house.outward_name, house.outward_email)
    posting = Posting(
        kind="password",
        key=f"password:{new_id()}",
        recipient_id=person.id,
        address=person.email,
        ground=Ground(),
        due_at=now,
        not_after=now + RESET_LASTS,
    )
    link = f"{front}password/{secret}"
    words = _words(person.language, link, sender)
    post(
        posting,
        words,
        sender=sender,
        now=now,
    )
    audit.append(
        "people.password_link",
        f"person {person.key}",
        {},
        by=person.key,
        now=now,
    )


def _words(language: str | None, link: str, sender: Sender) -> MailWords:
    _ = catalog(language)
    words, not_you = _(WORDS), _(NOT_YOU)
    help_line = whom_to_ask()
    ask = ""
    if help_line is not None:
        whom = _("Whom to ask:")
        ask = f"{whom} {help_line.line(language)}"
    text = "\n\n".join(part for part in (words, link, not_you, sender.name, ask) if part)
    paragraphs = [
        escape(words),
        f'<a href="{escape(link)}">{escape(link)}</a>',
        escape(not_you),
        escape(sender.name),
        escape(ask),
    ]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    html = f"<!DOCTYPE html><html><body>{body}</body></html>"
    return MailWords(_(SUBJECT), text, html)
