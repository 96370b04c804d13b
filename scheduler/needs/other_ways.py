"""What could not arrive in hours that are safe, and cannot wait: told by another way that is
allowed, else a task for staff. Never lost.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from scheduler import outbox, reminders, sms, tasks
from scheduler.i18n import N_, clock, full_date, zone
from scheduler.invitations import soon_text, undisturbed, way_in
from scheduler.kernel.database import db
from scheduler.outbox import TEXT_TOO, Ground, Posting, Sender, post
from scheduler.outbox.models import Channel, Letter, LetterState
from scheduler.people import people_by_id, practice
from scheduler.people.models import Person

KIND = "unsafe_hours"
STAFF = "en"
"""What the desk reads."""
TASK = N_(
    "A message to {name} could not go in time: nothing may arrive there in hours that were marked. "
    "It is about {when}. Call only if you know that it is safe."
)
TASK_BARE = N_(
    "A message to {name} could not go: nothing may arrive there in hours that were marked. Call "
    "only if you know that it is safe."
)
OTHERWISE = ":otherwise"
"""What the key of a text message in place of a letter ends with."""
AN_HOUR = timedelta(hours=1)
ENDED = (LetterState.SUPPRESSED, LetterState.EXPIRED, LetterState.SET_ASIDE)


def tell_otherwise(letter: Letter, now: datetime) -> None:
    """Tell what `letter` would have told by another way, or raise a task."""
    if letter.channel is Channel.TEXT:
        is_told = reminders.mail_instead(letter.id) or _is_told_by_mail(letter)
    else:
        is_told = _text(letter, now)
    if not is_told:
        _raise(letter, now)


def _is_told_by_mail(letter: Letter) -> bool:
    """True if a letter by mail says what a text message would have said."""
    key = letter.dedupe_key.removesuffix(TEXT_TOO)
    mail = db.session.scalar(select(Letter).where(Letter.dedupe_key == key))
    if mail is None or mail.id == letter.id:
        return False
    return mail.state not in ENDED


def _text(letter: Letter, now: datetime) -> bool:
    """Queue a text message in place of a letter; False where none may go now. One says it for all
    letters of an hour.
    """
    person = people_by_id([letter.recipient_id]).get(letter.recipient_id)
    if person is None or person.phone is None or outbox.gateway() is None:
        return False
    if _was_texted_lately(person, now):
        return True
    house = practice()
    own_zone = person.zone or house.zone
    if undisturbed(now, own_zone) != now or not sms.may_text(person, own_zone, now=now):
        return False
    hours = outbox.hours_for([(person.id, person.phone)], Channel.TEXT)
    if outbox.safe_from(now, hours.get((person.id, person.phone), [])) != now:
        return False
    sender = Sender(house.outward_name, house.outward_email)
    try:
        with db.session.begin_nested():
            text = post(_posting(letter, person, now), _words(person), sender=sender, now=now)
    except IntegrityError:
        return False  # the consent gate: nothing of it may be told by any way
    return text is not None


def _was_texted_lately(person: Person, now: datetime) -> bool:
    one = select(Letter.id).where(
        Letter.recipient_id == person.id,
        Letter.channel == Channel.TEXT,
        Letter.dedupe_key.endswith(OTHERWISE),
        Letter.created_at > now - AN_HOUR,
        Letter.state.not_in(ENDED),
    )
    return db.session.scalar(one.limit(1)) is not None


def _posting(letter: Letter, person: Person, now: datetime) -> Posting:
    ground = Ground(
        letter.basis,
        grant_id=letter.grant_id,
        subject_id=letter.subject_id,
        purpose=letter.purpose,
        covers_until=letter.covers_until,
    )
    return Posting(
        kind=letter.kind,
        key=f"{letter.dedupe_key}{OTHERWISE}",
        recipient_id=person.id,
        address=person.phone or "",
        ground=ground,
        due_at=now,
        not_after=letter.not_after,
    )


def _words(person: Person) -> str:
    sender = practice().outward_name
    return soon_text(sender=sender, link=way_in(person), language=person.language)


def _raise(letter: Letter, now: datetime) -> None:
    person = people_by_id([letter.recipient_id]).get(letter.recipient_id)
    if person is None:
        return
    words = TASK_BARE.format(name=person.name)
    if letter.covers_until is not None:
        words = TASK.format(name=person.name, when=_when(letter.covers_until))
    patient = person.relative.patient if person.relative is not None else person
    tasks.raise_task(
        KIND,
        f"{KIND}:{letter.id}",
        words,
        about_id=patient.id,
        leads_to=f"patient:{patient.key}",
        now=now,
    )


def _when(ends_at: datetime) -> str:
    house = practice()
    local = ends_at.astimezone(ZoneInfo(house.zone))
    day = full_date(local.date(), STAFF)
    return f"{day}, until {clock(local, STAFF)}, {zone(house.zone, STAFF)}"
