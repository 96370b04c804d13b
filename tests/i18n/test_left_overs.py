"""No word of a letter or a text message has passed the catalogs by."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from pseudo import TAG, accented, left_over, left_over_on, pseudo_language
from scheduler.feeds.render import Known, render
from scheduler.invitations import code_words, reminder_text
from scheduler.invitations.letters.change_summary import Role, changes_between
from scheduler.invitations.letters.message_body import (
    Envelope,
    Notice,
    Reader,
    bare,
    cancellation,
    declined,
    invitation,
)
from scheduler.invitations.letters.reminder_words import Near, reminder
from scheduler.invitations.model.itip import Content, Meeting, Message, Method, News
from scheduler.sms import first_words

FIRST = datetime(2027, 3, 9, 23, tzinfo=UTC)
SECOND = datetime(2027, 3, 16, 22, tzinfo=UTC)
NAMES = ("HL Scheduling", "New York", "Chicago", "STOP", "…")
LINK = "https://hl-sched.example/i/abc"


@pytest.fixture(autouse=True, scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("pseudo")
    with pseudo_language(folder):
        yield


READERS = [Reader(TAG, zone) for zone in ("America/New_York", "America/Chicago")]


def notice(many: int) -> Notice:
    spans = ((FIRST, 60), (SECOND, 60))[:many]
    return Notice("Appointment", "HL Scheduling", "America/New_York", LINK, spans, spans)


def left(letter: Envelope) -> list[str]:
    return [
        *left_over(letter.subject, NAMES),
        *left_over(letter.text, NAMES),
        *left_over_on(letter.html, NAMES),
    ]


def test_pseudo_language_keeps_placeholders() -> None:
    assert accented("%(num)s times, {day}") == "%(num)s ţîɱéŝ, {day}"


def test_plain_words_are_found() -> None:
    assert left_over("Ñô, this ŵâš not") == ["this", "not"]
    assert left_over_on('<html lang="en-XA"><p title="Seen">ñô</p><b lang="es">sí</b>') == ["Seen"]


@pytest.mark.parametrize(("reader", "many"), list(product(READERS, (1, 2))))
def test_letters_about_times_have_no_left_overs(reader: Reader, many: int) -> None:
    letters = [
        invitation(notice(many), reader),
        cancellation(notice(many), reader),
        declined(notice(many), reader),
        reminder(notice(many), reader),
        reminder(notice(many), reader, asks=True, near=Near.TOMORROW),
        bare("", "", sender="HL Scheduling", link=LINK, reader=reader),
    ]

    assert [left(letter) for letter in letters] == [[]] * len(letters)


@pytest.mark.parametrize("code", ["493021", None])
def test_letter_about_a_code_has_no_left_overs(code: str | None) -> None:
    letter = code_words(code, "HL Scheduling", TAG, None)

    said = [
        *left_over(letter.subject, NAMES),
        *left_over(letter.text, NAMES),
        *left_over_on(letter.html, NAMES),
    ]
    assert said == []


@pytest.mark.parametrize(("reader", "asks"), list(product(READERS, (True, False))))
def test_text_messages_have_no_left_overs(reader: Reader, asks: bool) -> None:
    said = reminder_text(notice(1), reader, asks=asks)

    assert left_over(said, NAMES) == []
    assert left_over(first_words("HL Scheduling", TAG, link=LINK), NAMES) == []


def test_feeds_have_no_left_overs() -> None:
    known = Known(
        uid="a@b",
        series=False,
        title="Appointment",
        zone="America/New_York",
        starts_at=FIRST,
        ends_at=datetime(2027, 3, 10, tzinfo=UTC),
        version=1,
        changed_at=FIRST,
        leads=("Ana",),
    )
    body = render([known], language=TAG, now=FIRST).body.decode()
    told = [line for line in body.split("\r\n") if line.startswith(("SUMMARY", "NAME", "X-WR"))]

    assert left_over(" ".join(told), ("SUMMARY", "NAME", "CALNAME", "WR", "Ana")) == []


def test_letters_about_changes_have_no_left_overs() -> None:
    before = Meeting(datetime(2027, 3, 9, 18), 60, FIRST, "s")
    after = Meeting(datetime(2027, 3, 16, 18), 45, SECOND, "s")
    added = Meeting(datetime(2027, 3, 16, 18), 45, SECOND, "t")
    was = Content("Visit", "America/Chicago", False, (before,), "a", "b")
    now = Content("Appointment", "America/New_York", False, (after,), "c", "d")
    moved = Message(Method.REQUEST, News.CHANGED, now, now, 1, (), True, (before,), (after,), was)
    more = Message(Method.REQUEST, News.CHANGED, now, now, 1, (), True, (), (added,), now)
    gone = Message(Method.CANCEL, News.GONE, now, None, 1, (), True, (after,), ())
    names = (*NAMES, "Visit")
    letters = [
        changes_between(messages, reader, sender="HL Scheduling", link=LINK, role=role)
        for messages in ([moved], [moved, more], [gone], [gone, moved])
        for reader in READERS
        for role in Role
    ]
    found = [
        [*left_over(letter.text, names), *left_over_on(letter.html, names)] for letter in letters
    ]

    assert found == [[]] * len(letters)
