"""Answers of every program people use, and all that looks like one and is none (icalendar G1 –
G14).

The father without consent was never written to: whatever he sends changes nothing.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler.invitations import Outcome, Received, announce, receive, told_dates, waiting_replies
from scheduler.invitations.model.models import AnswerGiven, HeldKind, HeldReply, Invitation
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from tests.invitations.programs import PROGRAMS, Said, mailed, part, several, written

MINUTE = timedelta(minutes=1)
WEEKS = 4
SERVER = "mx.sp-cal.example"
PASSED = (
    f"Authentication-Results: {SERVER}; spf=pass; dkim=pass header.d=family.example; "
    "dmarc=pass header.from=family.example"
)


@pytest.fixture
def home(sqlite_home: Household) -> Household:
    """The mother is invited to a series of four."""
    home = sqlite_home
    home.consent()
    for week in range(WEEKS):
        home.appointment(1 + 7 * week, week=week)
    announce(by="command", now=NOW)
    return home


def invited() -> Invitation:
    return db.session.scalars(select(Invitation)).one()


def starts() -> list[datetime]:
    return [one.begins_at for one in told_dates([invited().person_id])]


def says(word: str = "ACCEPTED", *, minutes: int = 1, **more: object) -> Said:
    usual: dict[str, object] = {
        "uid": invited().uid,
        "start": starts()[0],
        "stamp": NOW + minutes * MINUTE,
    }
    return Said(word=word, **(usual | more))  # type: ignore[arg-type]


def take(data: bytes, *, minutes: int = 2, server: str | None = None) -> Received:
    return receive(data, by="reply", now=NOW + minutes * MINUTE, server=server)


def answers() -> list[str | None]:
    return [
        one.answer.value if one.answer and one.current else None
        for one in told_dates([invited().person_id])
    ]


def rows() -> int:
    return len(db.session.scalars(select(AnswerGiven)).all())


def held() -> list[HeldKind]:
    return [one.kind for one in waiting_replies()]


def letters() -> list[str]:
    return [
        row.kind
        for row in db.session.scalars(select(Letter).order_by(Letter.created_at, Letter.id))
    ]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("word", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_answer_to_the_series_in_every_program_g1_g4(
    home: Household, program: str, word: str
) -> None:
    assert take(mailed(program, says(word))).outcome is Outcome.STORED
    assert answers() == [word] * WEEKS


@pytest.mark.parametrize("program", PROGRAMS)
def test_answer_to_one_date_is_found_by_its_instant_g2_g7(home: Household, program: str) -> None:
    second = starts()[1]
    assert (
        take(mailed(program, says("DECLINED", start=second, recurrence=second))).outcome
        is Outcome.STORED
    )
    assert answers() == [None, "DECLINED", None, None]


def test_sender_that_our_server_did_not_confirm_waits_for_a_person_g3(home: Household) -> None:
    forged = mailed(
        "gmail", says("DECLINED"), headers=(PASSED.replace("dmarc=pass", "dmarc=fail"),)
    )

    assert take(forged, server=SERVER).outcome is Outcome.HELD
    assert (answers(), held()) == ([None] * WEEKS, [HeldKind.UNSURE])


def test_sender_that_our_server_confirmed_counts_g3(home: Household) -> None:
    assert take(mailed("gmail", says(), headers=(PASSED,)), server=SERVER).outcome is Outcome.STORED


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (PASSED.replace(SERVER, "mx.evil.example"),),
        (f"Authentication-Results: {SERVER}; dmarc=none", PASSED),
        (f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=dmarc=pass",),
    ],
    ids=["none", "another judge", "ours on top, forged below", "the word elsewhere"],
)
def test_only_the_topmost_verdict_of_our_server_counts_g3(
    home: Household, headers: tuple[str, ...]
) -> None:
    assert (
        take(mailed("gmail", says("DECLINED"), headers=headers), server=SERVER).outcome
        is Outcome.HELD
    )
    assert answers() == [None] * WEEKS


def test_sender_found_forged_by_any_server_waits_g3(home: Household) -> None:
    headers = ("Authentication-Results: mx.elsewhere.example; dmarc=fail",)

    assert take(mailed("apple", says("DECLINED"), headers=headers)).outcome is Outcome.HELD


@pytest.mark.parametrize(
    "sender", ["f@family.example", "m@family.example.evil", "m@family.example, f@family.example"]
)
def test_mail_from_another_address_waits_g3(home: Household, sender: str) -> None:
    assert take(mailed("thunderbird", says("DECLINED"), sender=sender)).outcome is Outcome.HELD
    assert answers() == [None] * WEEKS


def test_answer_without_sequence_counts_as_to_what_was_told_last_g4(home: Household) -> None:
    take(mailed("outlook.com", says("ACCEPTED")))
    take(mailed("gmail", says("DECLINED", minutes=3)), minutes=4)

    assert answers() == ["DECLINED"] * WEEKS


def test_lower_sequence_than_their_last_is_ignored_g5(home: Household) -> None:
    invited().sequence = 2
    take(mailed("gmail", says("ACCEPTED", sequence=2)))

    assert (
        take(mailed("gmail", says("DECLINED", minutes=5, sequence=1)), minutes=6).outcome
        is Outcome.OLDER
    )
    assert answers() == ["ACCEPTED"] * WEEKS


@pytest.mark.parametrize("order", [(1, 5), (5, 1)])
def test_newer_stamp_of_one_sequence_wins_in_any_order_g5(
    home: Household, order: tuple[int, int]
) -> None:
    for minutes in order:
        take(
            mailed("gmail", says("DECLINED" if minutes == 5 else "ACCEPTED", minutes=minutes)),
            minutes=6,
        )

    assert answers() == ["DECLINED"] * WEEKS


def test_answer_to_an_old_version_is_told_the_current_one_once_g5(home: Household) -> None:
    row = invited()
    row.sequence = 3
    found = [
        take(mailed("gmail", says("ACCEPTED", minutes=each, sequence=2)), minutes=9).outcome
        for each in (1, 2)
    ]

    assert found == [Outcome.OUTDATED, Outcome.OUTDATED]
    assert answers() == [None] * WEEKS
    assert letters() == ["invitation", "refresh"]


def test_machine_with_an_old_version_is_written_nothing_g5_g12(home: Household) -> None:
    invited().sequence = 3
    take(mailed("outlook", says(sequence=2), headers=("Auto-Submitted: auto-replied",)))

    assert letters() == ["invitation"]


@pytest.mark.parametrize("who", ["stranger@elsewhere.example", "f@family.example"])
def test_forwarded_invitation_admits_nobody_g6(home: Household, who: str) -> None:
    assert take(mailed("gmail", says("ACCEPTED", who=who))).outcome is Outcome.HELD
    assert (answers(), held(), letters()) == ([None] * WEEKS, [HeldKind.STRANGER], ["invitation"])


def test_delegate_is_for_staff_to_decide_g6(home: Household) -> None:
    assert take(mailed("outlook", says("DELEGATED"))).outcome is Outcome.HELD
    assert answers() == [None] * WEEKS


def test_later_answer_to_the_series_takes_the_date_along_only_when_newer_g7(
    home: Household,
) -> None:
    second = starts()[1]
    take(mailed("gmail", says("DECLINED", minutes=5, recurrence=second)), minutes=6)
    take(mailed("gmail", says("ACCEPTED", minutes=3)), minutes=7)
    assert answers() == ["ACCEPTED", "DECLINED", "ACCEPTED", "ACCEPTED"]

    take(mailed("gmail", says("TENTATIVE", minutes=8)), minutes=9)
    assert answers() == ["TENTATIVE"] * WEEKS


@pytest.mark.parametrize("comment", ["<script>alert(1)</script>", "Jordan is ill\\, sorry"])
def test_comment_is_kept_as_text_g10(home: Household, comment: str) -> None:
    take(mailed("outlook", says(comment=comment)))

    row = db.session.scalars(select(AnswerGiven)).one()
    assert row.comment == comment.replace("\\,", ",")


def test_refresh_of_the_invited_is_told_again_once_g11(home: Household) -> None:
    ask = mailed("thunderbird", says(method="REFRESH"))

    assert [take(ask).outcome for _ in range(2)] == [Outcome.TOLD_AGAIN, Outcome.REFUSED]
    first, second = db.session.scalars(select(Letter).order_by(Letter.kind)).all()
    assert (first.kind, second.kind, second.sequence) == ("invitation", "refresh", first.sequence)
    assert second.address == "m@family.example"


def test_refresh_after_withdrawal_is_told_nothing_g11(home: Household) -> None:
    from scheduler import consents

    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    before = letters()

    assert take(mailed("thunderbird", says(method="REFRESH"))).outcome is Outcome.REFUSED
    assert letters() == before


@pytest.mark.parametrize(
    ("who", "sender"),
    [("f@family.example", None), ("m@family.example", "f@family.example"), ("x@y.example", None)],
)
def test_refresh_of_anybody_else_is_told_nothing_g11(
    home: Household, who: str, sender: str | None
) -> None:
    assert (
        take(mailed("gmail", says(who=who, method="REFRESH"), sender=sender)).outcome
        is Outcome.REFUSED
    )
    assert letters() == ["invitation"]


def test_vacation_answer_that_sends_our_own_letter_back_starts_nothing_g12(home: Household) -> None:
    ours = db.session.scalars(select(Letter)).one().mime
    head = (
        b"From: m@family.example\r\nTo: calendar@sp-cal.example\r\nAuto-Submitted: auto-replied\r\n"
    )
    body = several("mixed", part("text/plain", "I am away."), part("message/rfc822", ours.decode()))

    assert take(head + b"MIME-Version: 1.0\r\n" + body.encode()).outcome is Outcome.NOT_A_REPLY
    assert take(head + ours[ours.index(b"MIME-Version") :]).outcome is Outcome.REFUSED
    assert (rows(), held(), letters()) == (0, [], ["invitation"])


def test_bounce_is_no_answer_g12(home: Household) -> None:
    report = b'Content-Type: multipart/report; report-type=delivery-status; boundary="b2"; x='
    data = mailed("gmail", says(), headers=("Content-Description: x",))
    data = data.replace(b"Content-Type: multipart/mixed", report, 1)

    assert take(data).outcome is Outcome.NOT_A_REPLY
    assert rows() == 0


def test_same_mail_ten_times_is_one_answer_and_waits_once_g12(home: Household) -> None:
    for _ in range(10):
        take(mailed("gmail", says()))
        take(mailed("gmail", says(who="f@family.example")))

    assert (rows(), len(held())) == (1, 1)


def test_winmail_is_told_to_staff_as_unreadable_g12(home: Household) -> None:
    tnef = part(
        'application/ms-tnef; name="winmail.dat"', "eJ8+IgAA", "Content-Transfer-Encoding: base64"
    )
    head = "From: m@family.example\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n"
    body = head + several("mixed", part("text/plain", "Accepted"), tnef)

    assert [take(body.encode()).outcome for _ in range(2)] == [Outcome.NOT_A_REPLY] * 2
    (waits,) = waiting_replies()
    assert (waits.kind, "winmail.dat" in waits.reason) == (HeldKind.UNREADABLE, True)


BOMBS = {
    "five megabytes": b"x" * 5_000_000,
    "nested parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(4000)
    ),
    "folded for ever": b"Subject: a\r\n" + b" b\r\n" * 60_000,
    "many addresses": b"From: " + b"a@b.example, " * 15_000 + b"\r\n\r\n",
    "broken utf-8": mailed("gmail", Said("x@y", NOW, NOW)).replace(b"Dana Lee", b"\xff\xfe\x80"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_survived_and_changes_nothing_g13(home: Household, bomb: str) -> None:
    take(BOMBS[bomb])

    assert rows() == 0
    assert take(mailed("gmail", says())).outcome is Outcome.STORED


@pytest.mark.parametrize(
    "lines",
    [
        "RRULE:FREQ=SECONDLY;INTERVAL=0",
        "BEGIN:VALARM\r\n" * 3000,
        "ATTACH:https://evil.example/x",
        "X-A:" + "y" * 100_000,
        "ATTENDEE;PARTSTAT=DECLINED:mailto:f@family.example",
        "RECURRENCE-ID;TZID=Nowhere/Land:20270101T000000",
    ],
    ids=["rule", "nested", "attachment", "long", "two attendees", "unknown zone"],
)
def test_hostile_calendar_never_answers_more_than_it_says_g13(home: Household, lines: str) -> None:
    said = says("ACCEPTED")
    mail = several(
        "mixed",
        part(
            "text/calendar; method=REPLY",
            written("gmail", said).replace("UID:", f"{lines}\r\nUID:"),
        ),
    )
    take(f"From: m@family.example\r\nMIME-Version: 1.0\r\n{mail}".encode())

    assert set(answers()) <= {"ACCEPTED", None}
    assert rows() <= 1


@pytest.mark.parametrize(
    ("invited_as", "answers_as", "outcome"),
    [
        ("m.lee@gmail.com", "M.Lee@Gmail.com", Outcome.STORED),
        ("m.lee@gmail.com", "mlee@googlemail.com", Outcome.STORED),
        ("m@family.example", "m+calendar@family.example", Outcome.STORED),
        ("m@icloud.com", "m@me.com", Outcome.STORED),
        ("m.lee@family.example", "mlee@family.example", Outcome.HELD),
        ("m@family.example", "n+m@family.example", Outcome.HELD),
    ],
)
def test_alias_of_the_invited_mailbox_answers_g14(
    home: Household, invited_as: str, answers_as: str, outcome: Outcome
) -> None:
    invited().address = invited_as

    assert take(mailed("gmail", says(who=answers_as))).outcome is outcome


def test_desk_is_not_flooded(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.invitations.replies.review_queue.MOST", 3)
    for minutes in range(1, 6):
        take(mailed("gmail", says(minutes=minutes, who="x@y.example")))

    assert len(db.session.scalars(select(HeldReply)).all()) == 3
