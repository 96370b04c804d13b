"""Withdrawing on the patient's page and at the desk. The father without consent stands by."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from scheduler.consents import add_barrier, give
from scheduler.consents.model.models import Barrier, BarrierKind, Ending, Grant
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import person_by_key
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.programs import Kind
from tests.web.house import NOW, post, sign_in_by_code, sign_in_staff, token
from visitor import say_yes, sign_in, words

STOP = "/mine/sharing/jordan-mother/stop"
DESK = "/desk/patients/jordan/stop"
BAR = "/desk/patients/jordan/bar"
LIFT = "/desk/patients/jordan/lift"


def stopped(visitor: FlaskClient, stop: str = STOP, **choice: str) -> TestResponse:
    """Withdraw, and follow to the page that says what that came to."""
    answer = post(visitor, stop, stop, **choice)
    assert (answer.status_code, answer.location) == (303, "/mine/sharing/stopped")
    return visitor.get(answer.location)


def grants() -> list[tuple[bool, bool]]:
    db.session.rollback()
    return [(row.revoked_at is not None, row.silent) for row in db.session.scalars(select(Grant))]


def letters(kind: str) -> list[LetterState]:
    db.session.rollback()
    rows = select(Letter).where(Letter.address == "dana@family.example", Letter.kind == kind)
    return [row.state for row in db.session.scalars(rows)]


def letters_to(address: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter.id).where(Letter.address == address)))


def sent() -> None:
    db.session.execute(
        update(Letter)
        .where(Letter.kind == "invitation")
        .values(state=LetterState.SENT, sent_at=NOW)
    )
    db.session.commit()


def test_patient_sees_who_may_know_what_and_not_who_may_not(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")
    page = visitor.get("/mine/sharing").text

    assert ("Dana Lee" in page, "Miguel Lee" in page) == (True, False)


def test_patient_withdraws_in_two_taps_and_what_waits_never_leaves(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")
    secret = token()
    assert visitor.get(STOP).status_code == 200

    answer = stopped(visitor)

    assert (answer.status_code, "Nothing further will leave" in answer.text) == (200, True)
    assert grants() == [(True, False)]
    assert set(letters("invitation")) == {LetterState.SUPPRESSED}
    assert letters("cancellation") == []
    assert visitor.get(f"/i/{secret}").status_code == 410
    assert visitor.get(f"/j/{secret}").status_code == 410


def test_withdrawal_takes_out_of_the_calendar_what_had_arrived(
    house: Flask, visitor: FlaskClient
) -> None:
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")
    post(visitor, STOP, STOP, calendar="clear")

    assert set(letters("cancellation")) == {LetterState.WAITING}


def test_silence_leaves_the_calendar_as_it_is(house: Flask, visitor: FlaskClient) -> None:
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")
    post(visitor, STOP, STOP, calendar="leave")

    assert grants() == [(True, True)]
    assert letters("cancellation") == []


ALL = "/mine/sharing/stop"


@pytest.fixture
def grandmother(house: Flask) -> Person:
    """A second person who may know of family sessions, invited; beside them the father without
    consent.
    """
    jordan = person_by_key("jordan")
    ruth = Person(
        key="jordan-grandmother",
        kind=PersonKind.RELATIVE,
        name="Ruth Lee",
        email="ruth@family.example",
    )
    db.session.add(ruth)
    db.session.flush()
    db.session.add(
        Relative(person=ruth, patient_id=jordan.id, relationship_word="grandmother", ready=True)
    )
    db.session.flush()
    give(
        person=ruth,
        patient=jordan,
        purposes=[Kind.FAMILY_THERAPY],
        signed=date(2020, 1, 1),
        by="desk",
        now=NOW,
        expires_on=Ending.PROGRAM_END,
    )
    announce(by="desk", now=NOW)
    db.session.commit()
    return ruth


def test_with_one_person_there_is_no_everybody(house: Flask, visitor: FlaskClient) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")

    assert "everybody" not in visitor.get("/mine/sharing").text


@pytest.mark.parametrize(("calendar", "told"), [("clear", {LetterState.WAITING}), ("leave", set())])
def test_patient_stops_telling_everybody_in_two_taps(
    house: Flask, visitor: FlaskClient, grandmother: Person, calendar: str, told: set[LetterState]
) -> None:
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")
    offered = visitor.get("/mine/sharing").text
    asked = words(visitor.get(ALL))

    answer = words(stopped(visitor, ALL, calendar=calendar))

    assert f'href="{ALL}"' in offered
    assert ("Ruth Lee" in asked, "Dana Lee" in asked, "Miguel" in asked) == (True, True, False)
    assert "Nothing further will leave" in answer
    assert grants() == [(True, calendar == "leave")] * 2
    assert set(letters("cancellation")) == told
    assert letters_to("miguel@family.example") == []
    assert "Nobody is told anything about you." in words(visitor.get("/mine/sharing"))


def test_everybody_is_answered_with_the_exact_list_of_what_was_handed_over(
    house: Flask, visitor: FlaskClient, grandmother: Person
) -> None:
    db.session.execute(
        update(Letter)
        .where(Letter.kind == "invitation")
        .values(state=LetterState.SENT, sent_at=NOW.replace(hour=18))
    )
    db.session.commit()
    sign_in_by_code(visitor, "jordan@patient.example")

    answer = words(stopped(visitor, ALL))

    for name in ("Dana Lee", "Ruth Lee"):
        assert f"{name}, an appointment: 25 February 2027, 1:00 PM, New York time" in answer


def test_everybody_where_nobody_is_told_changes_nothing(house: Flask, visitor: FlaskClient) -> None:
    sign_in_by_code(visitor, "noemie@patient.example")

    assert visitor.get(ALL).status_code == 303
    assert post(visitor, ALL, "/mine/feed").status_code == 303
    assert grants() == [(False, False)]


def test_event_that_ends_a_consent_stands_with_its_day(
    house: Flask, visitor: FlaskClient, grandmother: Person
) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")
    said = words(visitor.get("/mine/sharing"))

    assert "Family session, until my program ends (14 March 2027 as planned today)" in said
    assert "Family session, through 30 June 2028" in said


def test_another_patient_can_stop_nobody_elses(house: Flask, visitor: FlaskClient) -> None:
    sign_in_by_code(visitor, "noemie@patient.example")

    assert visitor.get(STOP).status_code == 404
    assert post(visitor, STOP, "/mine/feed").status_code == 404
    assert grants() == [(False, False)]


def test_purpose_that_was_not_granted_withdraws_nothing_at_the_desk(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)

    assert post(visitor, DESK, DESK, person="*", purpose="family_workshop").status_code == 303
    assert grants() == [(False, False)]


def test_desk_withdraws_for_all_and_is_told_what_already_left(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    page = visitor.get(DESK)
    db.session.execute(
        update(Letter)
        .where(Letter.kind == "invitation")
        .values(state=LetterState.SENT, sent_at=NOW.replace(hour=18))
    )
    db.session.commit()

    answer = post(visitor, DESK, DESK, person="*")

    assert page.status_code == 200
    assert "Dana Lee is told no more." in answer.text
    assert grants() == [(True, False)]
    assert ("already handed over" in answer.text, "an appointment:" in answer.text) == (True, True)


def test_desk_that_chose_nobody_withdraws_nothing(house: Flask, visitor: FlaskClient) -> None:
    sign_in_staff(visitor)
    answer = post(visitor, DESK, DESK)

    assert (answer.status_code, "Choose who is told no more." in visitor.get(DESK).text) == (
        303,
        True,
    )
    assert grants() == [(False, False)]


def test_barrier_needs_a_ground_and_can_be_taken_back_where_it_is_said(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    said, address = {"person": "jordan-mother", "kind": "never_invite"}, BAR
    without = post(visitor, address, DESK, **said)
    assert (without.status_code, db.session.scalars(select(Barrier)).all()) == (303, [])
    assert "Say on what ground" in visitor.get(DESK).text

    answer = post(visitor, address, DESK, **said, reason="209A", at_once="1")

    assert "Never to be invited (court order, safety)" in answer.text
    assert "lift it again" in answer.text


def test_barrier_stops_at_once_what_waits_and_is_lifted_by_hand(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    secret = token()
    said = {"person": "jordan-mother", "kind": "never_invite", "reason": "209A"}
    answer = post(visitor, BAR, DESK, **said, at_once="1")

    assert "Nothing further will leave" in answer.text
    assert set(letters("invitation")) == {LetterState.SUPPRESSED}
    assert visitor.get(f"/i/{secret}").status_code == 410
    assert "209A" not in visitor.get(DESK).text  # a coordinator is not told why
    row = db.session.scalars(select(Barrier)).one()
    assert (row.kind, row.reason) == (BarrierKind.NEVER_INVITE, "209A")
    db.session.rollback()

    lifted = post(visitor, LIFT, DESK, barrier=row.id)
    assert "Invitation" in words(lifted)
    assert say_yes(visitor, lifted, LIFT, {"barrier": row.id}).status_code == 303
    assert LetterState.WAITING in letters("invitation")  # invited anew


def test_page_of_a_patient_says_who_is_kept_out_and_by_whose_wish(
    house: Flask, visitor: FlaskClient
) -> None:
    jordan = person_by_key("jordan")
    kind = BarrierKind.DO_NOT_CONTACT
    for key, by in (("jordan-father", "desk"), ("jordan-mother", "jordan-mother")):
        add_barrier(patient=jordan, person=person_by_key(key), kind=kind, by=by, now=NOW)
    db.session.commit()
    sign_in(visitor, person_by_key("desk"))
    said = words(visitor.get("/desk/patients/jordan"))

    assert said.count("Kept out: Not to be contacted (the patient's wish)") == 1
    assert said.count("Kept out: Not to be contacted, by their own wish. Lift it only") == 1
    assert "Ready for family sessions" not in said


def test_reason_of_a_barrier_is_for_clinicians(house: Flask, visitor: FlaskClient) -> None:
    jordan, mother = person_by_key("jordan"), person_by_key("jordan-mother")
    add_barrier(
        patient=jordan,
        person=mother,
        kind=BarrierKind.NEVER_INVITE,
        reason="209A",
        by="desk",
        now=NOW,
    )
    db.session.commit()
    seen = {}
    for key in ("desk", "rivera"):
        sign_in(visitor, person_by_key(key))
        page = visitor.get(DESK).text
        seen[key] = ("Never to be invited" in page, "209A" in page)

    assert seen == {"desk": (True, False), "rivera": (True, True)}


def test_barrier_for_nobody_or_of_no_kind_is_refused(house: Flask, visitor: FlaskClient) -> None:
    sign_in_staff(visitor)
    address = BAR

    assert post(visitor, address, DESK, person="jordan-mother", kind="because").status_code == 303
    assert post(visitor, address, DESK, person="noemie", kind="never_invite").status_code == 303
    assert db.session.scalars(select(Barrier)).all() == []


def test_patient_reads_what_leaves_before_stopping_and_nothing_is_done(
    house: Flask, visitor: FlaskClient
) -> None:
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")

    asked = words(visitor.get(STOP))

    assert "What leaves then" in asked
    assert "Dana Lee: No longer on your calendar:" in asked
    assert "Miguel" not in asked
    assert (grants(), letters("cancellation")) == ([(False, False)], [])


@pytest.mark.parametrize(
    ("chosen", "leaves"),
    [({"calendar": "clear"}, True), ({"calendar": "leave"}, False)],
)
def test_what_leaves_is_shown_as_it_is_chosen_and_nothing_is_done(
    house: Flask, visitor: FlaskClient, chosen: dict[str, str], leaves: bool
) -> None:
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")

    shown = words(post(visitor, f"{STOP}/look", STOP, purpose="family_therapy", **chosen))

    assert ("Dana Lee: No longer on your calendar:" in shown) is leaves
    assert ("No message leaves: their calendar stays as it is." in shown) is not leaves
    assert (grants(), letters("cancellation")) == ([(False, False)], [])


def test_only_the_purpose_that_is_chosen_is_shown_to_end(
    house: Flask, visitor: FlaskClient
) -> None:
    give(
        person=person_by_key("jordan-mother"),
        patient=person_by_key("jordan"),
        purposes=[Kind.PROGRESS_UPDATE],
        signed=date(2020, 1, 1),
        by="desk",
        now=NOW,
        expires_on=Ending.PROGRAM_END,
    )
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")
    unchosen = visitor.get(STOP).text
    missing = post(visitor, f"{STOP}/look", STOP)
    everything = words(post(visitor, f"{STOP}/look", STOP, purpose="all"))

    shown = post(visitor, f"{STOP}/look", STOP, purpose="progress_update", calendar="clear")

    assert ("Stop now" in unchosen, "Stop now" in shown.text) == (False, True)
    assert (missing.status_code, "Choose what ends." in words(missing)) == (422, True)
    assert "What ends then Dana Lee: Family session, Progress update What leaves" in everything
    assert "What ends then Dana Lee: Progress update What leaves" in words(shown)
    assert 'value="progress_update" selected' in shown.text
    assert "No longer on your calendar" not in words(shown)


def test_patient_reads_how_many_letters_never_leave_before_stopping(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")

    asked = words(visitor.get(STOP))

    assert "No message leaves: nothing that we sent stands in their calendar." in asked
    assert "2 letters still waiting will never be sent." in asked
    assert set(letters("invitation")) == {LetterState.WAITING}


def test_desk_reads_what_leaves_before_it_withdraws(house: Flask, visitor: FlaskClient) -> None:
    sent()
    sign_in_staff(visitor)

    asked = words(visitor.get(DESK))

    assert "Dana Lee: No longer on your calendar:" in asked
    assert (grants(), letters("cancellation")) == ([(False, False)], [])
    assert letters_to("miguel@family.example") == []


def test_answer_to_a_withdrawal_says_what_leaves_yet(house: Flask, visitor: FlaskClient) -> None:
    sent()
    sign_in_by_code(visitor, "jordan@patient.example")

    answer = words(stopped(visitor, calendar="clear"))

    assert (
        "Nothing further will leave but this, which takes appointments out of a calendar and does "
        "not say why: Dana Lee, no longer on their calendar" in answer
    )
    assert "never be sent" not in answer


def test_answer_says_what_ended_since_when_and_what_is_told_still(
    house: Flask, visitor: FlaskClient
) -> None:
    give(
        person=person_by_key("jordan-mother"),
        patient=person_by_key("jordan"),
        purposes=[Kind.PROGRESS_UPDATE],
        signed=date(2020, 1, 1),
        by="desk",
        now=NOW,
        expires_on=Ending.PROGRAM_END,
    )
    db.session.commit()
    sign_in_by_code(visitor, "jordan@patient.example")

    answer = words(stopped(visitor, purpose="progress_update"))

    assert "What ended Dana Lee: Progress update It counts since 25 February 2027," in answer
    assert "Dana Lee may still know of this: Family session." in answer
    assert "Miguel" not in answer
    last = words(stopped(visitor, purpose="all"))
    assert "What ended Dana Lee: Family session It counts since" in last
    assert "From now on Dana Lee is told nothing about you." in last


def test_answer_stays_under_another_language_a_reload_and_the_way_back(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")
    first = words(stopped(visitor))

    spanish = post(
        visitor,
        "/language",
        "/mine/sharing/stopped",
        lang="es",
        person=person_by_key("jordan").id,
        back="/mine/sharing/stopped",
    )
    back = visitor.get(STOP)

    assert spanish.location == "/mine/sharing/stopped"
    assert words(visitor.get(f"{spanish.location}?lang=en")) != first  # a word on the language
    assert words(visitor.get(f"{spanish.location}?lang=en")) == first
    assert "Qué terminó" in words(visitor.get(spanish.location))
    assert (back.status_code, back.location) == (303, "/mine/sharing/stopped")
    assert post(visitor, STOP, "/mine/sharing").location == "/mine/sharing/stopped"
    assert grants() == [(True, False)]


def test_answer_to_a_withdrawal_says_what_never_leaves(house: Flask, visitor: FlaskClient) -> None:
    sign_in_by_code(visitor, "jordan@patient.example")

    answer = words(stopped(visitor, calendar="clear"))

    assert "Nothing further will leave. This still waited and will never be sent:" in answer
    assert "will never be sent: Dana Lee, an appointment" in answer
    assert "Miguel" not in answer


def test_answer_at_the_desk_to_a_barrier_says_what_never_leaves(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    said = {"person": "jordan-mother", "kind": "do_not_contact"}

    answer = words(post(visitor, BAR, DESK, **said, at_once="1"))

    assert "This still waited and will never be sent: Dana Lee, an appointment" in answer


def test_barrier_is_shown_with_what_it_keeps_in_before_it_is_set(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    said = {"person": "jordan-mother", "kind": "do_not_contact"}

    shown = post(visitor, BAR, DESK, **said)

    assert "Keep out; nobody gets a letter" in words(shown)
    assert "What waits and will never leave Dana Lee: Appointment" in words(shown)
    assert "Miguel" not in shown.text
    assert db.session.scalars(select(Barrier)).all() == []
    assert set(letters("invitation")) == {LetterState.WAITING}
    db.session.rollback()
    say_yes(visitor, shown, BAR, said)
    assert [row.kind for row in db.session.scalars(select(Barrier))] == [BarrierKind.DO_NOT_CONTACT]
    assert set(letters("invitation")) == {LetterState.SUPPRESSED}


def test_barrier_is_set_though_other_letters_leave_than_were_shown(
    house: Flask, visitor: FlaskClient
) -> None:
    sign_in_staff(visitor)
    said = {"person": "jordan-mother", "kind": "do_not_contact", "shown": "of another day"}

    answer = words(post(visitor, BAR, DESK, **said))

    assert "This still waited and will never be sent: Dana Lee, an appointment" in answer
