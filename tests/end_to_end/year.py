"""A year of a clinic's changes: what staff do, what is carried, and what every relative's calendar
then shows.
"""

import email
import random
from collections import defaultdict
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

from sqlalchemy import select

from calendar_client import CalendarClient, Span
from foreign import accepted, readings
from scheduler import consents, invitations, outbox
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.outbox import DeliveryStatus, Outcome
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.sessions import cancel_sessions, close_days, edit_sessions
from scheduler.sessions.models import Session, Status


class Year:
    """Everything that leaves is read by every parser and shown in its recipient's calendar; `keep`
    writes it down.
    """

    def __init__(self, now: datetime, seed: int, keep: Path | None = None) -> None:
        self.now, self.chance, self.keep = now, random.Random(seed), keep
        self.calendars: dict[str, CalendarClient] = {}
        self.parts = 0
        self.changes = 0

    def tell(self) -> None:
        """Announce and carry everything, a minute later than before."""
        self.now += timedelta(minutes=1)
        invitations.announce(by="worker", now=self.now)
        while claimed := outbox.claim("year", now=self.now):
            for letter_id in claimed:
                letter = outbox.begin_handing(letter_id, "year")
                if letter is not None:
                    self._take(letter.address, letter.mime)
                    outbox.settle(letter, Outcome(DeliveryStatus.SENT, "250 ok"), now=self.now)

    def change(self) -> bool:
        """Do one thing that staff do, wherever it fits; say whether anything was changed."""
        rows = select(Session).where(
            Session.starts_at > self.now, Session.status == Status.SCHEDULED
        )
        ahead = list(
            db.session.scalars(
                rows.where(Session.kind.like("%family%")).order_by(Session.key)
            ).unique()
        )
        if not ahead:
            return False
        one, deed = self.chance.choice(ahead), self.chance.randrange(6)
        local = datetime.fromisoformat(one.starts_local)
        to = local + timedelta(
            days=self.chance.choice((-1, 1, 2)), minutes=self.chance.choice((0, 15, -30))
        )
        said = {"by": "sam", "now": self.now}
        try:
            with db.session.begin_nested():
                if deed < 3:
                    edit_sessions(one, to=to, onward=deed == 2, **said)  # type: ignore[arg-type]
                elif deed == 3:
                    edit_sessions(one, minutes=45, **said)  # type: ignore[arg-type]
                elif deed == 4:
                    cancel_sessions(one, onward=self.chance.random() < 0.2, **said)  # type: ignore[arg-type]
                else:
                    close_days(local, local + timedelta(days=6), **said)  # type: ignore[arg-type]
        except KinfoldError:
            return False
        self.changes += 1
        return True

    def should(self) -> dict[str, list[Span]]:
        """Return by address what each relative may know of what is still ahead."""
        rows = select(Session).where(
            Session.starts_at > self.now, Session.status == Status.SCHEDULED
        )
        sessions = list(db.session.scalars(rows).unique())
        found: dict[str, list[Span]] = defaultdict(list)
        for key, told in consents.audiences(sessions, now=self.now).items():
            (one,) = [each for each in sessions if each.id == key]
            for who in told:
                if who.role is PersonKind.RELATIVE:
                    found[who.person.email].append((one.starts_at, one.ends_at))
        return {address: sorted(spans) for address, spans in found.items()}

    def shown(self) -> dict[str, list[Span]]:
        """Return by address what each calendar shows of what is still ahead; nothing for those that
        show nothing.
        """
        found = {
            address: [span for span in client.shows() if span[0] > self.now]
            for address, client in self.calendars.items()
        }
        return {address: spans for address, spans in found.items() if spans}

    def relatives(self) -> list[Person]:
        """Return every relative who was sent something."""
        rows = select(Person).join(Relative, Relative.person_id == Person.id).order_by(Person.key)
        return [one for one in db.session.scalars(rows).unique() if one.email in self.calendars]

    def _take(self, address: str, mime: bytes) -> None:
        self.calendars.setdefault(address, CalendarClient(address)).receive(mime)
        for part in email.message_from_bytes(mime, policy=policy.default).walk():
            if part.get_content_type() == "text/calendar":
                data = bytes(part.get_payload(decode=True))
                self._judge(data, address)

    def _judge(self, data: bytes, address: str) -> None:
        self.parts += 1
        if self.keep is not None:
            (self.keep / f"{self.parts:04}.ics").write_bytes(data)
        accepted(data)
        if b"METHOD:REQUEST" in data:
            found = readings(data, address)
            assert all(each == found["vobject"] for each in found.values()), (found, data.decode())
