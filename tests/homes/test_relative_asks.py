"""What relatives tell the clinic themselves: a task for staff each, words kept for good, nobody of
the family told; the father without consent is asked nothing.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler import consents, homes
from scheduler.homes import Needs
from scheduler.invitations import announce, dates_told, invitations_of, leave_note, propose_time
from scheduler.invitations.model.models import Answer, HeldKind
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.tasks import open_tasks

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return assemble()


def asked(kind: str) -> list[str]:
    return [task.words for task in open_tasks(kind=kind)]


def test_needs_reach_staff_once(cast: Cast) -> None:
    needs = Needs("es", True, "more breaks")
    told = [homes.tell_needs(cast.dana, needs, now=NOW) for _time in range(2)]

    assert (told, homes.needs_of(cast.dana)) == ([True, False], needs)
    assert asked("family_needs") == [
        "Dana Lee says what helps them in a meeting: an interpreter (Español), captions, “more "
        "breaks”. Arrange it."
    ]


def test_self_check_names_what_is_not_there_yet(cast: Cast) -> None:
    answers = {"room": False, "device": True, "time": True, "calm": True}
    homes.tell_check(cast.dana, answers, now=NOW)

    assert homes.check_of(cast.dana) == answers
    assert asked("self_check") == [
        "Dana Lee looked at how ready they are for a first meeting: not yet: has a room where "
        "nobody hears."
    ]


def test_promise_is_kept_for_a_series_and_no_other(cast: Cast) -> None:
    homes.promise_confidential(cast.dana, "evening.learn~2", now=NOW)

    kept = [
        homes.keeps_confidential(who, series)
        for who, series in (
            (cast.dana, "evening.learn"),
            (cast.dana, "evening.other"),
            (cast.miguel, "evening.learn"),
        )
    ]
    assert kept == [True, False, False]


def test_who_asked_for_silence_gets_nothing_and_consent_stands(cast: Cast) -> None:
    row = session(cast, datetime(2027, 3, 9, 16))
    homes.stop_contact(cast.dana, by="dana", now=NOW)
    told = announce(by="worker", now=NOW)

    assert [news for news in told if news.letter_id] == []
    assert [who.person.key for who in consents.audience(row, now=NOW)] == ["jordan", "rivera"]
    assert consents.standing_grants(cast.dana, cast.jordan) != []
    assert len(asked("stop_contact")) == 1
    assert homes.stop_contact(cast.dana, by="dana", now=NOW + timedelta(days=1)) is False


def test_silence_is_lifted_by_staff_and_asked_for_anew(cast: Cast) -> None:
    homes.stop_contact(cast.dana, by="dana", now=NOW)
    (barrier,) = consents.barriers_of(cast.jordan.id)
    consents.lift_barrier(barrier, by="sam", now=NOW)
    lifted = homes.has_stopped(cast.dana)
    homes.stop_contact(cast.dana, by="dana", now=NOW + timedelta(days=1))

    assert (lifted, homes.has_stopped(cast.dana)) == (False, True)


def test_who_is_kept_out_by_others_does_not_read_it(cast: Cast) -> None:
    kind = consents.model.models.BarrierKind.DO_NOT_CONTACT
    consents.add_barrier(patient=cast.jordan, person=cast.miguel, kind=kind, by="sam", now=NOW)

    assert homes.has_stopped(cast.miguel) is False


def test_words_that_are_too_long_are_refused(cast: Cast) -> None:
    with pytest.raises(InputError, match="300"):
        homes.tell_needs(cast.dana, Needs(other="a" * 301), now=NOW)


def test_note_waits_for_staff_once_with_its_answer(cast: Cast) -> None:
    session(cast, datetime(2027, 3, 9, 16))
    announce(by="sam", now=NOW)
    (row,) = invitations_of(cast.dana.id)
    held = [
        leave_note(row, "I may be late", Answer.ACCEPTED, None, by="dana", now=NOW)
        for _time in range(2)
    ]

    assert held[1] is None
    assert held[0] is not None
    assert (held[0].kind, held[0].comment, held[0].answer) == (
        HeldKind.WORDS,
        "I may be late",
        Answer.ACCEPTED,
    )
    assert asked("note") == ["Dana Lee wrote something with an answer. Read it."]


def test_proposed_time_is_taken_up_by_staff_as_a_mailed_one(cast: Cast) -> None:
    from scheduler.invitations import accept_proposal

    row = session(cast, datetime(2027, 3, 9, 16))
    announce(by="sam", now=NOW)
    (invitation,) = invitations_of(cast.dana.id)
    (date,) = dates_told([invitation])
    begins = row.starts_at + timedelta(days=1)
    span = begins, begins + timedelta(hours=1)
    held = propose_time(invitation, date.recurrence, span, by="dana", now=NOW)
    again = propose_time(invitation, date.recurrence, span, by="dana", now=NOW)
    assert held is not None
    accept_proposal(held, by="sam", now=NOW)
    db.session.commit()

    assert (again, row.starts_local) == (None, "2027-03-10T16:00")
