"""Mails, text messages and busy calendars of the corpus, changed by chance: nothing crashes, and
nothing is lost in silence. Each is counted, held, refused in words or a task.

The mother is invited and agreed to texts; the father, without consent, stands by. With `--long`
these are 300,000.
"""

import codecs
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from household import NOW, Household, stand_up
from scheduler import sms
from scheduler.ical import Busy, Unreadable, read_busy
from scheduler.ical.busy_times import STRETCHES
from scheduler.invitations import Outcome, Received, announce, receive
from scheduler.invitations.model.models import AnswerGiven, HeldReply, Invitation
from scheduler.invitations.reading.inbound_mail import Mail, Nature, read_mail
from scheduler.invitations.replies.receive_reply import take_in
from scheduler.kernel.database import db
from scheduler.kernel.untrusted.plain import from_plain, to_plain
from scheduler.kernel.untrusted.sandbox import SECONDS, Overrun, at_most
from scheduler.outbox.models import Letter, LetterState
from scheduler.tasks.models import Task
from tests.invitations.programs import Said, mailed

MAILS = sorted((Path(__file__).parent / "mail").glob("*.eml"))
TEXTS = sorted((Path(__file__).parent / "text").glob("*.jsonl"))
CALENDARS = sorted((Path(__file__).parent / "busy").glob("*.ics"))
LARGEST_CHANGED = 40 * 1024
"""Octets of a calendar that is changed: what is larger says the same more often."""
READ_AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
SOUND = datetime(2027, 5, 4, 13, tzinfo=UTC), datetime(2027, 5, 4, 14, tzinfo=UTC)
BESIDE = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:sound@x.example\r\n"
    b"DTSTAMP:20270101T000000Z\r\nDTSTART:20270504T130000Z\r\nDTEND:20270504T140000Z\r\n"
    b"SUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
PROGRAMS = ("gmail", "outlook", "apple", "thunderbird")
TOLD = {Outcome.REFUSED, Outcome.OLDER, Outcome.OUTDATED, Outcome.TOLD_AGAIN, Outcome.HELD}

Change = tuple[str, float, int, bytes]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["cut", "twice", "put", "flip", "end", "swap"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 60),
        st.binary(min_size=1, max_size=12),
    ),
    max_size=5,
)


@pytest.fixture
def home(sqlite_app: Flask) -> Household:
    home = stand_up()
    home.consent()
    for week in range(3):
        home.appointment(1 + 7 * week, week=week)
    home.mother.phone = "+16175550123"
    sms.opt_in(home.mother, by="desk", now=NOW)
    announce(by="command", now=NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT, sent_at=NOW))
    db.session.commit()
    return home


def changed(data: bytes, changes: list[Change]) -> bytes:
    """The same after some accidents."""
    for kind, place, length, octets in changes:
        at = int(place * len(data))
        before, piece, after = data[:at], data[at : at + length], data[at + length :]
        data = {
            "cut": before + after,
            "twice": before + piece + piece + after,
            "put": before + octets + piece + after,
            "flip": before + bytes(sign ^ octets[0] for sign in piece) + after,
            "end": before,
            "swap": after + piece + before,
        }[kind]
    return data


def corpus() -> list[bytes]:
    """The mails of the corpus, and answers of the usual programs, about the mother's letter."""
    letter = db.session.scalars(select(Letter)).one()
    row = db.session.scalars(select(Invitation)).one()
    found = []
    for file in MAILS:
        data = file.read_bytes().replace(b"{uid}", row.uid.encode())
        found.append(data.replace(b"{message_id}", letter.message_id.encode()))
    for program in PROGRAMS:
        said = Said(row.uid, NOW, NOW, who="m@family.example")
        found.append(mailed(program, said))
    return found


def rows() -> int:
    """How many answers, held replies and tasks there are."""
    counted = [db.session.scalar(select(func.count()).select_from(model)) for model in KEPT]
    return sum(count or 0 for count in counted)


KEPT = (AnswerGiven, HeldReply, Task)


def is_for_nobody(mail: Mail) -> bool:
    """True for what machines say: automatic answers, and reports that a letter waits or arrived."""
    if mail.report is not None:
        return mail.report.understood
    return mail.nature is not Nature.PERSON


def is_lost(data: bytes, received: Received, before: int) -> bool:
    if rows() > before or received.outcome in TOLD or received.answer_id is not None:
        return False
    return not is_for_nobody(read_mail(data))


def read_here(data: bytes) -> Mail | None:
    """What a child process says of a mail, without the child; None for what only one survives."""
    try:
        with at_most(SECONDS):
            said = json.dumps(to_plain(read_mail(data)))
    except Exception:
        return None
    mail = from_plain(Mail, json.loads(said))
    assert isinstance(mail, Mail)
    return mail


def taken(data: bytes) -> Received:
    """The same as `receive`, at a tenth of its cost: a hundred thousand children take long."""
    mail = read_here(data)
    if mail is None:
        return receive(data, by="reply", now=NOW)
    return take_in(mail, by="reply", now=NOW)


def received(data: bytes) -> Received:
    return receive(data, by="reply", now=NOW)


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("take", "every_day", "full"), [(received, 50, 1_000), (taken, 200, 100_000)]
)
def test_no_changed_mail_crashes_or_is_lost(
    take: Callable[[bytes], Received],
    every_day: int,
    full: int,
    home: Household,
    trials: Callable[[int, int], int],
    seed: int,
) -> None:
    mails = corpus()
    before = rows()
    db.session.commit()

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=trials(every_day, full), database=None, deadline=None)
    @hypothesis.given(st.sampled_from(mails), CHANGES)
    def hold(mail: bytes, changes: list[Change]) -> None:
        data = changed(mail, changes)
        try:
            outcome = take(data)
            assert not is_lost(data, outcome, before), outcome
        finally:
            db.session.rollback()

    hold()


@pytest.mark.timeout(7200)
def test_no_changed_text_message_crashes_or_is_lost(
    home: Household, trials: Callable[[int, int], int], seed: int
) -> None:
    posts = []
    for file in TEXTS:
        for line in file.read_text(encoding="utf-8").splitlines():
            posts.append(json.loads(line))

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=trials(300, 100_000), database=None, deadline=None)
    @hypothesis.given(st.sampled_from(posts), CHANGES)
    def hold(post: dict[str, str], changes: list[Change]) -> None:
        words = changed(post["text"].encode(), changes).decode("utf-8", "replace")
        try:
            reply = sms.receive_text(post["from"], words, reply_id="r", now=NOW)
            has_ended = sms.standing_agreement(home.mother) is None
            is_task = db.session.scalar(select(func.count()).select_from(Task))
            assert reply.answer is not None or has_ended or is_task, words
        finally:
            db.session.rollback()

    hold()


def read_changed(data: bytes) -> Busy | None:
    """What a calendar says; None when it is refused in words."""
    try:
        return read_busy(
            data,
            zone="America/New_York",
            first=READ_AT - timedelta(days=7),
            last=READ_AT + timedelta(days=400),
            ours="sp-cal.example",
        )
    except (Unreadable, Overrun) as refused:
        assert str(refused)
        return None


@pytest.mark.timeout(7200)
def test_no_changed_calendar_crashes_or_hides_the_sound_one_beside_it(
    trials: Callable[[int, int], int], seed: int
) -> None:
    read = [file.read_bytes() for file in CALENDARS]
    # What is in UTF-16 has nothing in UTF-8 beside it.
    small = [data for data in read if len(data) <= LARGEST_CHANGED]
    calendars = [data for data in small if not data.startswith(codecs.BOM_UTF16)]

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=trials(150, 100_000), database=None, deadline=None)
    @hypothesis.given(st.sampled_from(calendars), CHANGES)
    def hold(calendar: bytes, changes: list[Change]) -> None:
        before = time.process_time()
        found = read_changed(changed(calendar, changes) + b"\r\n" + BESIDE)
        assert time.process_time() - before < SECONDS
        if found is None:
            return
        assert len(found.stretches) <= STRETCHES
        begin, end = SOUND
        covered = any(first <= begin and end <= last for first, last in found.stretches)
        assert covered or found.unread, found

    hold()
