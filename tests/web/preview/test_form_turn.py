"""Two at one moment: one is done, one is told of it; the very same form is done once."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.consents import record_authority
from scheduler.consents.model.models import Signer
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Role
from scheduler.web.preview.form_turn import kind_of_turn, opened_at
from tests.web.house import NOW, sign_in_staff
from visitor import sign_in

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
FORM = re.compile(r"<form[^>]*>.*?</form>", re.S)


def hidden(client: FlaskClient, page: str, mark: str) -> dict[str, str]:
    """Return what the first form of a page with `mark` in it carries unseen."""
    forms = FORM.findall(client.get(page).text)
    form = next(form for form in forms if mark in form)
    return dict(HIDDEN.findall(form))


def both(
    app: Flask, first: Callable[[], TestResponse], second: Callable[[], TestResponse]
) -> list[int]:
    """Send two forms at one moment; return what was answered, in order of number."""
    db.session.remove()
    ready = Barrier(2, timeout=60)

    def one(send: Callable[[], TestResponse]) -> int:
        with app.app_context():
            ready.wait()
            return send().status_code

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, (first, second)))


ANY = "any"
"""Two are fine: it overwrites nobody's word (asks for a code, goes in, looks ahead, signs in).
"""
ONCE = "once"
"""Makes something new each time, compares what was shown itself, or stops something, which is never
refused; a double click is one.
"""
ONE = "one"
"""Changes what is there: of two from pages opened before, one is done and one is a 409."""
LINES = {
    "agenda.end_address": ONE,
    "agenda.join": ANY,
    "agenda.make_address": ONE,
    "sender_choice.change": ONE,
    "attendance.save": ONCE,
    "session_place.note": ONCE,
    "participation.agree": ONE,
    "break_glass.give_reason": ONCE,
    "busy_calendar.bring": ONE,
    "busy_calendar.follow_address": ONE,
    "busy_calendar.let_go": ONE,
    "busy_calendar.read_again": ONCE,
    "calendar_delivery.choose": ONE,
    "address_dates.open_page": ANY,
    "cannot_come.book": ONE,
    "cannot_come.make_up": ANY,
    "catch_up.ask": ANY,
    "cannot_come.say": ONE,
    "cannot_come.undo": ONE,
    "closed_address.try_again": ONE,
    "cohorts.plan": ONE,
    "cohorts.to_print": ANY,
    "consent_give.preview": ANY,
    "consent_give.send_code": ANY,
    "consent_give.sign": ONE,
    "consent_withdraw.desk_stop": ONCE,
    "consent_withdraw.look": ANY,
    "consent_withdraw.look_all": ANY,
    "consent_withdraw.stop": ONCE,
    "consent_withdraw.stop_all": ONCE,
    "contact_details.change": ONCE,
    "cooling.do_discard": ONE,
    "cooling.do_take_back": ONE,
    "devices.end": ONCE,
    "disclosures.to_print": ANY,
    "evening_desk.announce": ONCE,
    "evening_desk.cancel": ONE,
    "disruption_back.put_back": ONE,
    "disruption_page.look": ANY,
    "disruption_page.meet": ONCE,
    "swap_sessions.change": ONE,
    "swap_sessions.look": ANY,
    "evening_desk.go_in": ANY,
    "family_calendar.choose": ONE,
    "family_calendar.end_address": ONE,
    "family_calendar.make_address": ONE,
    "file_at_desk.bring": ONE,
    "file_at_desk.download": ANY,
    "forgotten.ask": ANY,
    "free_hours.change": ONCE,
    "invitation.answer": ONE,
    "invitation.check": ANY,
    "invitation.send": ANY,
    "join.forget": ANY,
    "join.go_in": ANY,
    "join.send": ANY,
    "join_entries.join": ONE,
    "keep_out.bar": ONCE,
    "keep_out.lift": ONCE,
    "letters.release": ONE,
    "lost_factor.ask": ONCE,
    "lost_factor.confirm": ONCE,
    "needs.finish": ONE,
    "make_up_seat.give_back": ONCE,
    "make_up_seat.take": ONCE,
    "offered_place.decline": ONE,
    "offered_place.take": ONE,
    "open_evening.go_in": ANY,
    "other_leader.change": ONE,
    "other_leader.look": ANY,
    "own_passkeys.add": ONCE,
    "own_passkeys.end": ONCE,
    "other_time.ask": ONE,
    "own_contact.change": ONE,
    "own_contact.prove": ANY,
    "own_language.choose": ONE,
    "own_needs.tell": ONE,
    "own_needs.tell_check": ONE,
    "own_password.change": ANY,
    "own_reminders.choose": ONE,
    "own_week.keep": ONCE,
    "passkey_step.check": ANY,
    "password_link.choose": ANY,
    "patient_admission.take_in": ONCE,
    "patient_appointments.change": ONCE,
    "patient_details.change": ONCE,
    "patient_discharge.end": ONE,
    "topic_seats.seat": ONE,
    "patient_stays.change": ONE,
    "people_search.find": ANY,
    "program_choice.take": ONE,
    "program_week.change": ONCE,
    "publication.tell": ONE,
    "recording_desk.add": ONE,
    "recording_desk.remove": ONE,
    "relative_addition.add": ONCE,
    "relative_readiness.decide": ONE,
    "reminders.agree": ONE,
    "reminders.decide": ONE,
    "replies.decide": ONE,
    "replies.look": ANY,
    "roster_pages.bring": ONCE,
    "roster_pages.take_back": ONE,
    "safe_hours.end": ONCE,
    "safe_hours.mark": ONCE,
    "safe_hours_desk.end": ONCE,
    "safe_hours_desk.mark": ONCE,
    "second_factor.confirm": ONE,
    "second_step.check": ANY,
    "session_edit.back": ONE,
    "session_edit.change": ONE,
    "session_edit.look": ANY,
    "session_news.read": ANY,
    "session_room.go_in": ANY,
    "set_up.make": ANY,
    "setup_pages.add": ONCE,
    "setup_pages.change": ONCE,
    "setup_pages.change_single": ONCE,
    "sign_in.check_code": ANY,
    "sign_in.check_password": ANY,
    "sign_in.choose": ANY,
    "sign_in.leave": ANY,
    "signed_papers.record": ONE,
    "signing.authority": ONE,
    "signing.end": ONE,
    "signing.finding": ONE,
    "sms_webhook.heard": ANY,
    "staff_accounts.cover_somebody": ONE,
    "staff_accounts.deactivate_account": ONE,
    "staff_accounts.end_for_a_time": ONCE,
    "staff_accounts.give_for_a_time": ONCE,
    "staff_accounts.invite_somebody": ONCE,
    "staff_accounts.make_link": ONCE,
    "staff_accounts.set_grace": ONE,
    "staff_accounts.set_roles": ONE,
    "staff_passkeys.add": ONCE,
    "staff_passkeys.begin": ANY,
    "staff_passkeys.end": ONCE,
    "stopped_codes.let_open": ONE,
    "stop_contact.stop": ONE,
    "staff_accounts.sign_out_somebody": ONCE,
    "tech_check.tell": ANY,
    "waiting_places.accept": ONE,
    "waiting_places.let_go": ONE,
    "waiting_places.offer": ONE,
    "told_answer.note": ONE,
    "watch_recording.ask_for": ANY,
    "watch_recording.check": ANY,
    "watch_recording.send_code": ANY,
    "watch_recording.watch": ANY,
    "webhook_desk.end": ONCE,
    "webhook_desk.make": ONCE,
    "where_signed_in.end": ONCE,
}


@pytest.fixture
def desks(house: Flask) -> tuple[FlaskClient, FlaskClient]:
    """The browsers of Sam, and of Ana, who coordinates, too."""
    two = house.test_client(), house.test_client()
    sign_in_staff(two[0])
    ana = person_by_key("rivera")
    assert ana.clinician is not None
    ana.clinician.roles = (Role.COORDINATOR,)
    db.session.commit()
    sign_in(two[1], ana)
    return two


def policy(client: FlaskClient) -> dict[str, str]:
    return hidden(client, "/desk/reminders", "earliest") | {"earliest": "9", "latest": "20"}


def test_of_two_at_one_moment_one_is_done_and_one_hears_of_it(
    house: Flask,
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    one, other = desks
    first, second = policy(one), policy(other)
    answers = both(
        house,
        lambda: one.post("/desk/reminders", data=first),
        lambda: other.post("/desk/reminders", data=second | {"latest": "19"}),
    )

    assert answers == [303, 409]


def test_second_of_two_reads_who_was_first_and_what_it_said(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    one, other = desks
    first, second = policy(one), policy(other)
    one.post("/desk/reminders", data=first)
    late = other.post("/desk/reminders", data=second)

    assert late.status_code == 409
    assert "Sam Wren sent this form after you opened it: 25 February" in late.text
    assert 'href="/desk/reminders">See what is so now' in late.text


def test_page_gone_back_to_can_be_sent_again_by_who_sent_it(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    one, _other = desks
    fields = policy(one)
    one.post("/desk/reminders", data=fields)

    assert one.post("/desk/reminders", data=fields | {"latest": "19"}).status_code == 303


def test_same_form_sent_twice_at_one_moment_is_done_once(
    house: Flask,
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    one, _other = desks
    fields = policy(one)
    answers = both(
        house,
        lambda: one.post("/desk/reminders", data=fields),
        lambda: one.post("/desk/reminders", data=fields),
    )

    assert answers == [303, 303]


def test_same_form_with_another_file_is_another(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    one, _other = desks
    fields = hidden(one, "/mine/busy/", 'type="file"')
    for day, known in (("02", "1 busy times"), ("03", "2 busy times")):
        event = f"BEGIN:VEVENT\r\nUID:{day}@home\r\nDTSTART:202703{day}T140000Z\r\n"
        event += "DURATION:PT1H\r\nEND:VEVENT\r\n"
        events = event if day == "02" else event + event.replace("03@", "04@").replace("T14", "T18")
        file = BytesIO(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode())
        one.post("/mine/busy/", data=fields | {"calendar": (file, "my.ics")})

        assert known in one.get("/mine/busy/").text


def test_page_opened_afterwards_can_be_sent(desks: tuple[FlaskClient, FlaskClient]) -> None:
    one, other = desks
    one.post("/desk/reminders", data=policy(one))

    assert other.post("/desk/reminders", data=policy(other)).status_code == 303


def test_two_end_two_authorities_of_one_page(desks: tuple[FlaskClient, FlaskClient]) -> None:
    one, other = desks
    for name in ("Pat Grey", "Robin Grey"):
        record_authority(
            patient=person_by_key("jordan"),
            capacity=Signer.GUARDIAN,
            name=name,
            first=date(2027, 1, 1),
            last=None,
            evidence="docket 12 of 2026",
            by="desk",
            now=NOW,
        )
    db.session.commit()
    page = "/desk/patients/jordan/signing"
    first, second = hidden(one, page, "Pat Grey"), hidden(other, page, "Robin Grey")
    end = "/desk/patients/jordan/authority/end"
    shown = one.post(end, data=first)
    seen = dict(HIDDEN.findall(next(form for form in FORM.findall(shown.text) if "shown" in form)))

    assert one.post(end, data=seen).status_code == 303
    assert "End the authority of Robin Grey" in other.post(end, data=second).text


@pytest.mark.parametrize("said", ["", "zz.1", "f" * 400 + ".1", "-1.2"])
def test_hostile_word_of_when_a_form_was_opened_is_no_error(
    desks: tuple[FlaskClient, FlaskClient], said: str
) -> None:
    one, _other = desks
    answer = one.post("/desk/reminders", data=policy(one) | {"opened": said})

    assert (answer.status_code, opened_at(said)) == (303, None)


def test_every_form_says_how_two_are_met(house: Flask) -> None:
    posts = set()
    for rule in house.url_map.iter_rules():
        is_program = rule.endpoint.startswith("api.")  # sends no form
        if "POST" in (rule.methods or ()) and not is_program:
            posts.add(rule.endpoint)
    found = {endpoint: kind_of_turn(endpoint) for endpoint in sorted(posts)}

    assert found == LINES
