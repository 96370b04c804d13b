"""A street of families, each a history of its own: what is written to them, which hours they mark,
and one worker who comes by for all. The observer reads nothing but the clock on each wall.
"""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from household import NOW, ZONE
from outbox.drafts import MIME
from outbox.safe_contact.clock_on_the_wall import DAY, Home, Mark
from scheduler import outbox
from scheduler.kernel.database import db
from scheduler.outbox import TEXT_TOO, HandedLetter, Outcome
from scheduler.outbox.leases import BATCH
from scheduler.outbox.models import Basis, Channel, Letter, LetterState
from scheduler.outbox.smtp import DeliveryStatus
from scheduler.people.models import Person, PersonKind
from scheduler.people.safe_contact.models import MarkedHours, Means
from scheduler.sms import opt_in
from scheduler.tasks.models import Task

SENT = Outcome(DeliveryStatus.SENT, "250 ok")
LATER = Outcome(DeliveryStatus.LATER, "451 later")
ZONES = (None, "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London")
KINDS = ("invitation", "update", "cancellation", "change", "reminder", "welcome")
QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
ROUNDS = 3000


def settle_in(many: int) -> list[Home]:
    """Let families move in; those in every second house agreed to text messages."""
    homes = []
    for number in range(many):
        person, other = _person(number, "a"), _person(number, "b")
        db.session.add_all((person, other))
        homes.append(Home(person, other))
    db.session.flush()
    for home in homes[::2]:
        opt_in(home.person, by="desk", now=NOW)
    db.session.flush()
    return homes


def _person(number: int, who: str) -> Person:
    return Person(
        key=f"{who}-{number}",
        kind=PersonKind.PATIENT,
        name=f"Lee {who} {number}",
        email=f"{who}{number}@street.example",
        phone=f"+1212555{number:04}" if who == "a" else None,
    )


class Street:
    """Some days of all these families at once."""

    def __init__(self, homes: list[Home], chance: random.Random) -> None:
        self.chance = chance
        self.homes = [Home(home.person, home.other) for home in homes]
        self.by_id = {home.person.id: home for home in self.homes}
        self.start = NOW.replace(minute=0, second=0) + timedelta(hours=chance.randrange(48, 17000))
        self.letters: dict[str, tuple[Home, Channel]] = {}
        self.patient: set[str] = set()
        """Letters that are good however late."""
        self.inside: list[str] = []
        self.first_due: dict[str, datetime] = {}
        self.late: set[str] = set()
        """Letters that were taken up and then could not leave any more."""
        self.put_off: set[str] = set()
        self.moments: list[tuple[datetime, Mark]] = []
        for home in self.homes:
            self._move_in(home)
        db.session.flush()
        for home in self.homes:
            self._write(home)
        db.session.flush()

    def _move_in(self, home: Home) -> None:
        """Throw whose clock it is, and who shares what with whom."""
        home.person.zone = self.chance.choice(ZONES)
        home.other.zone = self.chance.choice(ZONES)
        fate = self.chance.random()
        home.is_shared = fate < 0.4
        if fate < 0.2:
            home.other.email = home.person.email.upper()
            home.other.phone = home.person.phone
        elif fate < 0.4:
            home.person.body_id = home.other.body_id = home.person.id

    def _write(self, home: Home) -> None:
        """Write one to three letters, most of them into hours that somebody marks."""
        for number in range(self.chance.randint(1, 3)):
            due = self.start + QUARTER * self.chance.randrange(48)
            name = f"{home.person.key}-{number}"
            letter = self._letter(home, name, due)
            if letter.channel is Channel.MAIL and self.chance.random() < 0.2:
                self._twin(home, letter)
            if self.chance.random() < 0.8:
                self._mark(home, due)
        if self.chance.random() < 0.3:
            self._mark(home, self.start + QUARTER * self.chance.randrange(500))

    def _letter(self, home: Home, name: str, due: datetime) -> Letter:
        is_text = self.chance.random() < 0.3
        letter = Letter(
            id=f"{self.chance.getrandbits(128):032x}",
            dedupe_key=name,
            kind=self.chance.choice(KINDS),
            recipient_id=home.person.id,
            channel=Channel.TEXT if is_text else Channel.MAIL,
            address=home.person.phone if is_text else home.person.email,
            basis=Basis.SELF,
            mime=MIME,
            message_id=f"<{name}@sp-cal.example>",
            due_at=due,
            created_at=NOW,
        )
        soon = due + MINUTE * self.chance.randrange(1, 3000)
        until = self.chance.choice(("not_after", "needed_by", "covers_until"))
        setattr(letter, until, soon)
        if until != "not_after":
            self.patient.add(letter.id)
        self._keep(home, letter)
        return letter

    def _twin(self, home: Home, letter: Letter) -> None:
        """Write the same as a text message beside the mail, as reminders are."""
        twin = self._letter(home, letter.dedupe_key + TEXT_TOO, letter.due_at)
        twin.channel, twin.address = Channel.TEXT, home.person.phone or ""
        self.letters[twin.id] = home, Channel.TEXT

    def _keep(self, home: Home, letter: Letter) -> None:
        db.session.add(letter)
        self.letters[letter.id] = home, letter.channel
        self.first_due[letter.id] = letter.due_at

    def _mark(self, home: Home, around: datetime) -> None:
        """Let somebody of the house mark hours around a moment, before it or at it; they may end
        them.
        """
        owner = self.chance.choice((home.person, home.person, home.other))
        zone = owner.zone or ZONE
        wall = around.astimezone(ZoneInfo(zone))
        minute = wall.hour * 60 + wall.minute
        days = {wall.weekday(), *self.chance.sample(range(7), self.chance.randint(0, 6))}
        before = self.chance.choice((15 * self.chance.randrange(16), -self.chance.randrange(40)))
        begin = (minute - before) % DAY
        end = (minute + 15 * self.chance.randrange(48)) % DAY or DAY
        if self.chance.random() < 0.05:
            days, begin, end = set(range(7)), 0, DAY
        means = self.chance.choice((*Means, Means.BOTH))
        marked = self.chance.choice((self.start, self.start, around - QUARTER, around))
        mark = Mark(owner, zone, frozenset(days), begin, end, means, marked)
        if self.chance.random() < 0.1:
            mark.until = marked + QUARTER * self.chance.randrange(1, 100)
        home.marks.append(mark)
        self.moments.append((marked, mark))
        if mark.until is not None:
            self.moments.append((mark.until, mark))

    def live(self) -> None:
        """Let time pass from one thing that happens to the next until nothing is open."""
        self.moments.sort(key=lambda each: each[0])
        moment = self.start
        for _round in range(ROUNDS):
            self._let_happen(moment)
            self._work(moment)
            following = self._next(moment)
            if following is None:
                return
            moment = following
        raise AssertionError("letters are open for ever")

    def _next(self, moment: datetime) -> datetime | None:
        open_ = Letter.state.in_((LetterState.WAITING, LetterState.RETRY))
        soonest = select(Letter.due_at).where(open_).order_by(Letter.due_at).limit(1)
        due = db.session.scalar(soonest)
        if due is None:
            return None
        if self.moments:
            due = min(due, self.moments[0][0])
        return max(due, moment + MINUTE)

    def _let_happen(self, moment: datetime) -> None:
        """Keep the marks that are made by now, and end those that are ended."""
        while self.moments and self.moments[0][0] <= moment:
            _when, mark = self.moments.pop(0)
            if mark.row is None:
                mark.row = _row_of(mark)
                db.session.add(mark.row)
            else:
                mark.row.ended_at, mark.row.ended_by = moment, mark.owner.key
        db.session.flush()

    def _work(self, moment: datetime) -> None:
        """A worker comes by; mail servers put off what does not expire, workers dawdle."""
        outbox.expire(now=moment)
        for channel in Channel:
            is_more = True
            while is_more:
                claimed = outbox.claim("a", now=moment, channel=channel)
                is_more = len(claimed) == BATCH
                for letter_id in claimed:
                    self._carry(letter_id, moment)
        outbox.release("a")

    def _carry(self, letter_id: str, moment: datetime) -> None:
        at = moment + MINUTE * self.chance.choice((0, 0, 0, 1, 4, 30))
        handed = outbox.begin_handing(letter_id, "a", now=at)
        if handed is None:
            self.late.add(letter_id)
        else:
            self._hand(handed, at)

    def _hand(self, handed: HandedLetter, at: datetime) -> None:
        """Carry a letter, which may take some minutes; the observer looks when it arrives."""
        home, channel = self._known(handed.id)
        arrives = at + MINUTE * self.chance.randrange(5)
        if home.is_watched(channel, at) or home.is_watched(channel, arrives):
            self.inside.append(handed.id)
        is_put_off = handed.id in self.patient and self.chance.random() < 0.1
        outbox.settle(handed, LATER if is_put_off else SENT, now=at)
        if is_put_off:
            self.put_off.add(handed.id)

    def _known(self, letter_id: str) -> tuple[Home, Channel]:
        """Return whose letter it is; of what was written on the way it is read."""
        if letter_id not in self.letters:
            letter = db.session.get_one(Letter, letter_id)
            self.letters[letter_id] = self.by_id[letter.recipient_id], letter.channel
        return self.letters[letter_id]

    def waited(self) -> int:
        """Return how many letters left later than they were due, for the hours' sake."""
        found = 0
        sent = select(Letter.id, Letter.due_at).where(Letter.state == LetterState.SENT)
        for letter_id, due in db.session.execute(sent):
            first = self.first_due.get(letter_id, due)
            found += due > first and letter_id not in self.put_off
        return found

    def lost(self) -> list[str]:
        """Return what did not leave, was not said by another way, and stands in no task."""
        raised = set(db.session.scalars(select(Task.key)))
        letters = list(db.session.execute(select(*_OUTCOME)))
        known = set()
        for letter in letters:
            if letter.state is LetterState.SENT or f"unsafe_hours:{letter.id}" in raised:
                known.add(letter.dedupe_key)
        lost = []
        for letter in letters:
            texted = [key for key in known if key.startswith(f"{_home_of(letter.dedupe_key)}-")]
            elsewhere = [key for key in texted if key.endswith(":otherwise")]
            by_mail = letter.dedupe_key.removesuffix(TEXT_TOO) in known
            if letter.dedupe_key not in known and not elsewhere and not by_mail:
                lost.append(letter.dedupe_key)
        return lost


_OUTCOME = (Letter.id, Letter.dedupe_key, Letter.state)


def _home_of(key: str) -> str:
    return "-".join(key.split("-")[:2])


def _row_of(mark: Mark) -> MarkedHours:
    return MarkedHours(
        person_id=mark.owner.id,
        means=mark.means,
        days="".join(str(day) for day in sorted(mark.days)),
        begin=mark.begin % DAY,
        end=mark.end,
        marked_at=mark.from_moment.astimezone(UTC),
        marked_by=mark.owner.key,
    )
