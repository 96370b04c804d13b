"""Random lives of invitations: what happens in a clinic, one thing after another, and what each
calendar then shows.
"""

import random
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from calendar_client import CalendarClient, Span, Wrong
from household import MONDAY, NOW, TODAY, Household, stand_up
from scheduler import consents, invitations, outbox
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db
from scheduler.outbox import DeliveryStatus, Outcome
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment, Program
from scheduler.sessions.models import Session, Status

ZONES = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Cairo",
)
"""Both halves of the earth, half an hour of summer, none, half hours, and one that no VTIMEZONE of
ours can say.
"""
HOURS = ("16:00", "17:00", "17:30", "18:00", "19:15")
LENGTHS = (45, 60, 90)
TITLES = ("Appointment", "Meeting, weekly; yes", "Cita")
KINDS = (Kind.FAMILY_THERAPY, Kind.FAMILY_WORKSHOP)
FOR_GOOD = TODAY + timedelta(days=3000)


@dataclass
class Calendar:
    """One mail address of one person: the program behind it, and what it may no longer be held
    to.
    """

    client: CalendarClient
    past: list[Span] = field(default_factory=list)
    lost: bool = False
    """Its past is not known any more: it came later, or was left alone for a while."""
    left: dict[str, tuple[int, set[str]]] = field(default_factory=dict)
    """UIDs left as they were by a silent withdrawal: the SEQUENCE, and the ids of the sessions
    shown then.
    """

    def shown(self, wanted: Collection[Session] = ()) -> list[Span]:
        """Return what it shows, without what was left alone and is not wanted again."""
        shown = self.client.shows()
        for uid, (at, sessions) in self.left.items():
            kept = self.client.kept[uid]
            again = {_span(one) for one in wanted if one.id in sessions}
            if kept.sequence == at and not kept.gone:
                for span in kept.meetings.values():
                    if span not in again:
                        shown.remove(span)
        return shown


def _span(one: Session) -> Span:
    return one.starts_at, one.ends_at


def _read_in(one: Session, zone: str) -> None:
    """Let a session be of another zone where it is: wall time and instant always agree."""
    one.zone, one.starts_local = (
        zone,
        one.starts_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M"),
    )


class Life:
    """One clinic's life by a seed; each step is a few things that happen, and then everything is
    delivered.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = NOW
        self.home: Household = stand_up()
        self.said: list[str] = []
        self.may: dict[str, set[Kind]] = {one: set() for one in self._relatives()}
        self.calendars: dict[str, Calendar] = {}
        self.former: dict[str, list[Calendar]] = defaultdict(list)
        self.about: dict[str, set[str]] = defaultdict(
            set
        )  # sessions by UID, which no letter says; times may coincide
        self.last_day: dict[str, date | None] = {"p-1": None, "p-2": None}
        self.sessions: list[Session] = []
        self.count = 0
        for key, person in self._relatives().items():
            self.calendars[key] = Calendar(CalendarClient(person.email))
        self._consent("p-1-mother", *KINDS)
        self._consent("p-2-aunt", Kind.FAMILY_WORKSHOP)
        self.begin_series()
        self.begin_series()

    def step(self) -> None:
        """Let one to three things happen, each told at once and perhaps carried, then carry all and
        compare.
        """
        for _ in range(self.chance.randint(1, 3)):
            deed = self.chance.choice(self.DEEDS)
            self.said.append(f"{self.now:%m-%d %H:%M} {deed}")
            getattr(self, deed)()
            self.tell()
            if self.chance.random() < 0.4:
                self.carry()
        self.carry()
        self.compare()

    DEEDS = (
        *(
            "move_one",
            "move_one",
            "shorten_one",
            "cancel_one",
            "cancel_one",
            "move_from_here",
            "cancel_from_here",
        ),
        *(
            "add_one",
            "begin_series",
            "close_week",
            "bring_back",
            "withdraw",
            "withdraw_silently",
            "consent",
            "consent",
        ),
        *(
            "new_address",
            "new_zone",
            "discharge",
            "enrol_again",
            "rename",
            "time_passes",
            "time_passes",
            "weeks_pass",
        ),
    )

    # what happens

    def move_one(self) -> None:
        if one := self._some():
            self._put(
                one,
                self._local(one)
                + timedelta(days=self.chance.randint(-3, 3), minutes=self._minutes()),
            )

    def shorten_one(self) -> None:
        if one := self._some():
            self._put(one, self._local(one), self.chance.choice(LENGTHS))

    def cancel_one(self) -> None:
        if one := self._some():
            one.status = Status.CANCELLED

    def move_from_here(self) -> None:
        if one := self._some():
            shift = timedelta(days=self.chance.randint(-2, 2), minutes=self._minutes())
            self.count += 1
            parted = self.chance.random() < 0.5
            for each in self._from(one):
                self._put(each, self._local(each) + shift)
                each.series = (
                    f"{each.series.partition('~')[0]}~{self.count}" if parted else each.series
                )

    def cancel_from_here(self) -> None:
        if one := self._some():
            for each in self._from(one):
                each.status = Status.CANCELLED

    def add_one(self) -> None:
        if one := self._some():
            self._new(
                one.series.removeprefix("march."),
                one.kind,
                self._local(one) + timedelta(days=7),
                one.zone,
            )

    def begin_series(self) -> None:
        self.count += 1
        kind, zone = self.chance.choice(KINDS), self.chance.choice(ZONES)
        slot = f"s{self.count}" if kind is Kind.FAMILY_WORKSHOP else f"fam{self.count}.p-1"
        monday = max(MONDAY, self.now.date() + timedelta(days=7 - self.now.weekday()))
        first = datetime.combine(monday, time.fromisoformat(self.chance.choice(HOURS)))
        days = self.chance.sample(range(5), self.chance.choice((1, 1, 2, 3)))
        for week in range(self.chance.randint(1, 7)):
            for day in days:
                self._new(slot, kind, first + timedelta(weeks=week, days=day), zone)

    def close_week(self) -> None:
        if one := self._some():
            for each in self._ahead():
                if one.starts_at <= each.starts_at < one.starts_at + timedelta(days=7):
                    each.status = Status.CANCELLED

    def bring_back(self) -> None:
        gone = [
            each
            for each in self.sessions
            if each.status is Status.CANCELLED and each.starts_at > self.now
        ]
        if gone:
            self.chance.choice(gone).status = Status.SCHEDULED

    def withdraw(self, silent: bool = False) -> None:
        key = self.chance.choice(("p-1-mother", "p-2-aunt"))
        person = self._relatives()[key]
        kinds = self.chance.sample(
            sorted(self.may[key]), self.chance.randint(0, len(self.may[key]))
        )
        if not kinds:
            return
        patient = self.home.tess if key == "p-2-aunt" else self.home.jordan
        consents.revoke(
            person=person, patient=patient, purposes=kinds, silent=silent, by="sam", now=self.now
        )
        self.may[key] -= set(kinds)
        if silent:
            self.tell()
            for calendar in (self.calendars[key], *self.former[key]):
                self._leave(calendar, kinds)

    def _leave(self, calendar: Calendar, kinds: Collection[Kind]) -> None:
        """Note what stays in a calendar for good: silence also keeps back a cancellation that
        waited.
        """
        lost = {one.id for one in self.sessions if one.kind in kinds}
        calendar.lost = True
        for uid, kept in calendar.client.kept.items():
            if lost & self.about[uid]:
                calendar.left[uid] = kept.sequence, self.about[uid]

    def withdraw_silently(self) -> None:
        self.withdraw(silent=True)

    def consent(self) -> None:
        key = self.chance.choice(("p-1-mother", "p-2-aunt"))
        missing = sorted(set(KINDS) - self.may[key])
        if missing:
            self._consent(key, *self.chance.sample(missing, self.chance.randint(1, len(missing))))

    def new_address(self) -> None:
        key = self.chance.choice(("p-1-mother", "p-2-aunt"))
        self.count += 1
        self._relatives()[key].email = f"n{self.count}@family.example"
        db.session.flush()
        self.former[key].append(self.calendars[key])
        self.calendars[key] = Calendar(CalendarClient(f"n{self.count}@family.example"), lost=True)

    def new_zone(self) -> None:
        if one := self._some():
            zone = self.chance.choice(ZONES)
            for each in self._from(one):
                local = self._local(each)
                _read_in(each, zone)
                self._put(each, local)

    def discharge(self) -> None:
        stay = self._stay("p-1")
        stay.last = self.last_day["p-1"] = (
            self.now + timedelta(days=self.chance.randint(1, 40))
        ).date()

    def enrol_again(self) -> None:
        stay = self._stay("p-1")
        stay.last = self.last_day["p-1"] = None

    def rename(self) -> None:
        db.session.scalars(select(Program)).one().outward_title = self.chance.choice(TITLES)

    def time_passes(self) -> None:
        self._pass(timedelta(hours=self.chance.randint(1, 60)))

    def weeks_pass(self) -> None:
        self._pass(timedelta(days=self.chance.randint(5, 17)))

    # how it is told and carried

    def tell(self) -> None:
        """Tell what is different, some seconds later than before; no meeting begins just then."""
        later = self.now + timedelta(seconds=self.chance.randint(1, 90))
        if not any(self.now < one.starts_at <= later for one in self.sessions):
            self.now = later
        db.session.flush()
        invitations.announce(by="worker", now=self.now)
        for row in db.session.scalars(select(Invitation)):
            meetings = [
                *(row.told or {}).get("meetings", ()),
                *(row.shown or {}).get("meetings", ()),
            ]
            self.about[row.uid] |= {session for session, *_ in meetings}

    def carry(self) -> None:
        """Carry all that is due, through the real outbox and the database's gate, into the
        calendars.
        """
        while claimed := outbox.claim("life", now=self.now):
            for letter_id in claimed:
                letter = outbox.begin_handing(letter_id, "life")
                if letter is not None:
                    self._take(letter.address, letter.mime)
                    outbox.settle(letter, Outcome(DeliveryStatus.SENT, "250 ok"), now=self.now)

    def compare(self) -> None:
        """Hold every calendar to exactly what its person may know."""
        for key, calendar in self.calendars.items():
            should = self._should(key)
            shown = calendar.shown(self._wanted(key))
            ahead = [span for span in shown if span[0] > self.now]
            past = [span for span in shown if span[0] <= self.now]
            self._same(key, "ahead", ahead, should)
            if not calendar.lost:
                self._same(key, "past", past, sorted(calendar.past))
        for key, old in self.former.items():
            for each in old:
                self._same(
                    key, "at an old address", [one for one in each.shown() if one[0] > self.now], []
                )
        if broken := [
            *invitations.out_of_sync(now=self.now),
            *invitations.told_twice(now=self.now),
        ]:
            raise Wrong(f"the worker would take it for a broken promise: {broken}")

    # bookkeeping

    def _same(self, key: str, what: str, shown: list[Span], should: list[Span]) -> None:
        if shown != should:
            more = [f"{a:%m-%d %H:%M}-{b:%H:%M}" for a, b in shown if (a, b) not in should]
            less = [f"{a:%m-%d %H:%M}-{b:%H:%M}" for a, b in should if (a, b) not in shown]
            raise Wrong(
                f"{key} {what}: too much {more}, missing {less}, {len(shown)} of {len(should)}"
            )

    def _should(self, key: str) -> list[Span]:
        return sorted(_span(one) for one in self._wanted(key))

    def _wanted(self, key: str) -> list[Session]:
        """Read the truth without the product: consent by kind, family by patient, days by stay."""
        patient = "p-2" if key == "p-2-aunt" else "p-1"
        found = []
        for each in self._ahead():
            mine = each.kind in self.may[key] and (
                patient == "p-1" or each.kind is Kind.FAMILY_WORKSHOP
            )
            until = self.last_day[patient]
            day = each.starts_at.astimezone(ZoneInfo(each.zone)).date()
            if mine and (until is None or day <= until):
                found.append(each)
        return found

    def _pass(self, span: timedelta) -> None:
        self.tell()
        self.carry()
        before, self.now = self.now, self.now + span
        for key, calendar in self.calendars.items():
            calendar.past += self._between(key, before)
        for row in self.sessions:
            if (
                row.starts_at <= self.now
                and row.status is Status.SCHEDULED
                and row.ends_at < self.now
            ):
                row.status = self.chance.choice((Status.SCHEDULED, Status.HELD))

    def _between(self, key: str, before: datetime) -> list[Span]:
        now, self.now = self.now, before
        should = self._should(key)
        self.now = now
        return [span for span in should if span[0] <= now]

    def _take(self, address: str, mime: bytes) -> None:
        everybody = [
            *self.calendars.values(),
            *(one for old in self.former.values() for one in old),
        ]
        (mine,) = [one for one in everybody if one.client.address == address]
        mine.client.receive(mime)

    def _relatives(self) -> dict[str, Person]:
        return {one.key: one for one in (self.home.mother, self.home.father, self.home.aunt)}

    def _consent(self, key: str, *kinds: Kind) -> None:
        self.home.consent(self._relatives()[key], *kinds, expires=FOR_GOOD)
        self.may[key] |= set(kinds)

    def _stay(self, patient: str) -> Enrolment:
        rows = (
            select(Enrolment)
            .join(Person, Person.id == Enrolment.patient_id)
            .where(Person.key == patient)
        )
        return db.session.scalars(rows).one()

    def _ahead(self) -> list[Session]:
        return [
            one
            for one in self.sessions
            if one.starts_at > self.now and one.status is Status.SCHEDULED
        ]

    def _some(self) -> Session | None:
        ahead = sorted(self._ahead(), key=lambda one: one.starts_at)
        return self.chance.choice(ahead) if ahead else None

    def _from(self, one: Session) -> list[Session]:
        return [
            each
            for each in self._ahead()
            if each.series == one.series and each.starts_at >= one.starts_at
        ]

    def _minutes(self) -> int:
        return self.chance.choice((0, 0, 15, 30, 60, -60, 120))

    def _local(self, one: Session) -> datetime:
        return datetime.fromisoformat(one.starts_local)

    def _new(self, slot: str, kind: Kind, local: datetime, zone: str) -> None:
        self.count += 1
        said = {"kind": kind, "slot": slot, "tail": f"n{self.count}"}
        row = (
            self.home.slot(0, **said)
            if kind is Kind.FAMILY_WORKSHOP
            else self.home.appointment(0, **said)
        )
        _read_in(row, zone)
        self.sessions.append(row)
        if not self._put(row, local, self.chance.choice((60, 60, 90))):
            row.status = Status.CANCELLED

    def _put(self, row: Session, local: datetime, minutes: int = 0) -> bool:
        """Place a session as a planner would: ahead, by day, and never upon another of its
        series.
        """
        start = local.replace(tzinfo=ZoneInfo(row.zone)).astimezone(UTC)
        taken = {
            one.starts_at for one in self._ahead() if one is not row and one.series == row.series
        }
        if start <= self.now or start in taken or not 9 <= local.hour <= 22:
            return False
        row.starts_local, row.minutes = local.strftime("%Y-%m-%dT%H:%M"), minutes or row.minutes
        row.starts_at, row.ends_at = start, start + timedelta(minutes=row.minutes)
        db.session.flush()
        return True
