"""Two at one moment at the forms that no walk over pages finds: a code was mailed, a letter was
answered in words, a program has two versions, somebody is a stranger to a patient.

A father without consent stands by.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cast import grant
from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceState
from scheduler.busy import follow
from scheduler.clinics import dump, export
from scheduler.consents.model.models import Grant, Statement
from scheduler.invitations import link_token, receive
from scheduler.invitations.model.models import HeldReply, Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import Marking, keep_device, mark_hours, person_by_key
from scheduler.people.accounts.models import BrokenGlass
from scheduler.people.models import Clinician, Patient, Person, PersonKind, Role
from scheduler.people.safe_contact.models import Means
from scheduler.planning import cohort_by_key
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session
from tests.web.house import codes
from tests.web.races.shown_forms import Form, Reader, read_page
from tests.web.races.two_browsers import at_one_moment, entries_since, last_entry
from visitor import sign_in, words
from watch import Watch

BY_HAND = {
    "break_glass.give_reason": "test_two_strangers_give_a_reason_each",
    "busy_calendar.read_again": "test_followed_calendar_is_asked_for_once",
    "cannot_come.book": "test_another_time_is_booked_once_from_two_browsers",
    "consent_give.sign": "test_consent_is_signed_once_from_two_browsers",
    "consent_withdraw.stop_all": "test_all_is_stopped_once_from_two_browsers",
    "devices.end": "test_device_is_ended_once_from_two_browsers",
    "file_at_desk.bring": "test_clinic_file_is_loaded_once",
    "join_entries.join": "test_two_entries_are_joined_once",
    "make_up_seat.give_back": "test_place_in_another_group_is_taken_and_given_back_once",
    "make_up_seat.take": "test_place_in_another_group_is_taken_and_given_back_once",
    "offered_place.decline": "test_patient_takes_a_place_once_from_two_browsers",
    "offered_place.take": "test_patient_takes_a_place_once_from_two_browsers",
    "other_time.ask": "test_another_time_is_asked_for_once_from_two_browsers",
    "patient_appointments.change": "test_appointments_of_one_patient_are_set_once",
    "program_choice.take": "test_newest_version_is_taken_once",
    "program_week.change": "test_program_is_changed_on_its_week_once",
    "replies.decide": "test_answer_in_words_is_decided_once",
    "roster_pages.bring": "test_list_is_brought_and_taken_back_once",
    "roster_pages.take_back": "test_list_is_brought_and_taken_back_once",
    "safe_hours.end": "test_marked_hours_are_ended_once_from_two_browsers",
    "safe_hours_desk.end": "test_marked_hours_are_ended_once_from_two_browsers",
    "session_edit.back": "test_change_is_put_back_once",
    "topic_seats.seat": "test_patient_is_seated_once_for_a_missed_topic",
    "waiting_places.accept": "test_place_is_offered_and_given_once",
    "waiting_places.let_go": "test_held_place_is_let_go_once",
    "waiting_places.offer": "test_place_is_offered_and_given_once",
}
"""What is raced here, and by which test."""
NEW_ROW = re.compile(r"\[[1-9]\]\.")
WORDS = (
    b"From: Dana Lee <dana@family.example>\r\nTo: calendar@hl-sched.example\r\n"
    b"Subject: Re: Appointment\r\nMessage-ID: <words@family.example>\r\n\r\n"
    b"We cannot come on Tuesday.\r\n"
)


def enter(app: Flask, *keys: str) -> tuple[FlaskClient, FlaskClient]:
    """The browsers of two people, or two of one."""
    clients = app.test_client(), app.test_client()
    for client, key in zip(clients, keys, strict=True):
        sign_in(client, person_by_key(key))
    return clients


def form_on(client: FlaskClient, page: str, action: str) -> Form:
    """The form of a page that goes to an address."""
    found = [form for form in read_page(client, page).forms if form.action == action]
    assert found, f"{page} has no form that goes to {action}"
    return found[0]


def form_of(answer: TestResponse, action: str) -> Form:
    """The same of an answer."""
    reader = Reader(answer.request.path)
    reader.feed(answer.text)
    return next(form for form in reader.forms if form.action == action)


def race(
    clients: tuple[FlaskClient, FlaskClient], forms: list[Form], *typed: dict[str, list[str]]
) -> list[TestResponse]:
    """Send a form each at one moment, the one refused last."""
    sent = []
    for form, said in zip(forms, typed, strict=True):
        sent.append((form.action, form.filled(0, "") | said))
    return sorted(at_one_moment(clients, sent), key=lambda answer: answer.status_code)


def codes_of(answers: list[TestResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


def count(model: type[Grant | Statement | BrokenGlass]) -> int:
    found = db.session.scalar(select(func.count()).select_from(model))
    db.session.rollback()
    return found or 0


def deeds_since(number: int) -> list[str]:
    return [f"{entry.by} {entry.deed}" for entry in entries_since(number)]


def become_coordinator(key: str) -> None:
    person = person_by_key(key)
    assert person.clinician is not None
    person.clinician.roles = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.CLINICIAN)
    db.session.commit()


def stranger(key: str) -> Person:
    """A clinician whom nobody in the house is near to."""
    person = Person(
        key=key, kind=PersonKind.CLINICIAN, name=key, email=f"{key}@hl.example", free=()
    )
    roles = (Role.CLINICIAN,)
    person.clinician = Clinician(roles=roles, licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.commit()
    return person


def test_two_strangers_give_a_reason_each(house: Flask) -> None:
    for key in ("moss", "kay"):
        stranger(key)
    clients = enter(house, "moss", "kay")
    page = "/desk/reason/jordan"
    forms = [form_on(client, page, page) for client in clients]
    since = last_entry()

    answers = race(clients, forms, *[{"reason": ["she called the ward at night"]}] * 2)

    assert codes_of(answers) == [303, 303]
    assert sorted(deeds_since(since)) == ["kay glass.broken", "moss glass.broken"]
    again = form_on(clients[0], page, page)
    twice = {"reason": ["she called the ward once more"]}
    assert codes_of(race((clients[0], clients[0]), [again] * 2, twice, twice)) == [303, 303]
    assert count(BrokenGlass) == 3


def test_followed_calendar_is_asked_for_once(house: Flask) -> None:
    sam = person_by_key("desk")
    follow(sam, "https://alpha.example/a.ics", by="desk", now=now() - timedelta(hours=1))
    db.session.commit()
    clients = enter(house, "desk", "desk")
    forms = [form_on(client, "/mine/busy/", "/mine/busy/again") for client in clients]

    answers = race(clients, forms, {}, {})

    assert codes_of(answers) == [303, 303]
    assert {answer.location for answer in answers} == {"/mine/busy/"}


def test_consent_is_signed_once_from_two_browsers(house: Flask) -> None:
    clients = enter(house, "jordan", "jordan")
    page = "/mine/let/jordan-mother"
    choice = {"purpose": ["progress_update"], "until": ["day"], "day": ["2027-06-30"]}
    choice |= {"name": ["Jordan Quellandrix"]}
    forms = []
    for client in clients:
        chosen = form_on(client, page, page)
        asked = client.post(f"{page}/code", data=chosen.filled(0, "") | choice)
        forms.append(form_of(asked, f"{page}/sign"))
    before = count(Statement)
    said = choice | {"code": [codes("jordan@patient.example")[-1]]}

    answers = race(clients, forms, said, said)

    assert codes_of(answers) == [303, 409]
    assert "You sent this form from another browser after you opened it here" in answers[1].text
    assert count(Statement) == before + 1


def test_all_is_stopped_once_from_two_browsers(house: Flask) -> None:
    grant(person_by_key("jordan-mother"), person_by_key("jordan"), Kind.PROGRESS_UPDATE)
    db.session.commit()
    clients = enter(house, "jordan", "jordan")
    page = "/mine/sharing/stop"
    forms = [form_on(client, page, page) for client in clients]
    since = last_entry()

    answers = race(clients, forms, {}, {})

    assert codes_of(answers) == [200, 303]
    told = clients[0].get(answers[1].location).text + clients[1].get(answers[1].location).text
    assert "Nobody is told anything about you, so there was nothing to stop." in told
    assert deeds_since(since).count("jordan consent.revoked") == 2  # one for each purpose


def test_device_is_ended_once_from_two_browsers(house: Flask) -> None:
    later = now() + timedelta(days=30)
    keep_device(person_by_key("jordan-mother"), what="iPhone", ends_at=later, now=now())
    db.session.commit()
    clients = enter(house, "jordan-mother", "jordan-mother")
    forms = [form_on(client, "/devices/", "/devices/") for client in clients]
    since = last_entry()

    answers = race(clients, forms, {}, {})

    assert codes_of(answers) == [303, 303]
    assert len(deeds_since(since)) == 1
    assert "iPhone" not in words(clients[0].get("/devices/"))


@pytest.mark.parametrize(
    ("keys", "page"),
    [
        (("jordan-mother", "jordan-mother"), "/safe/"),
        (("desk", "rivera"), "/desk/patients/jordan/safe/jordan-mother"),
    ],
)
def test_marked_hours_are_ended_once_from_two_browsers(
    house: Flask, keys: tuple[str, str], page: str
) -> None:
    marking = Marking(frozenset({0}), 540, 600, Means.BOTH)
    row = mark_hours(person_by_key("jordan-mother"), marking, by="desk", now=now())
    action = f"{page.rstrip('/')}/end/{row.id}"
    db.session.commit()
    clients = enter(house, *keys)
    forms = [form_on(client, page, action) for client in clients]
    since = last_entry()

    answers = race(clients, forms, {}, {})

    assert codes_of(answers) == [303, 303]
    assert len(deeds_since(since)) == 1


def test_newest_version_is_taken_once(house: Flask) -> None:
    become_coordinator("rivera")
    clients = enter(house, "desk", "rivera")
    setup = "/desk/programs/adult/setup"
    whole = form_on(clients[0], setup, setup).filled(0, "")
    rows_begun = {name: said for name, said in whole.items() if not NEW_ROW.search(name)}
    longer = {"groups[0].minutes": ["110"], "takes[evening]": ["stay"]}
    answer = clients[0].post(setup, data=rows_begun | longer)
    assert answer.status_code == 303, words(answer)
    page = "/desk/programs/adult/versions"
    forms = []
    for client in clients:
        shown = client.post(page, data=form_on(client, page, page).filled(0, ""))
        forms.append(form_of(shown, page))
    since = last_entry()

    answers = race(clients, forms, *[{"takes[evening]": ["take"]}] * 2)

    assert codes_of(answers) == [303, 409]
    assert "sent this form after you opened it" in answers[1].text
    assert len(deeds_since(since)) == 1
    assert cohort_by_key("evening").program.template.slots[0].minutes == 110


def newcomer(key: str, name: str, *, waits: int | None = None) -> Person:
    """A patient of Rivera's in the one cohort, or in its line."""
    person = Person(key=key, kind=PersonKind.PATIENT, name=name, email=f"{key}@patient.example")
    rivera = person_by_key("rivera").id
    person.patient = Patient(state="MA", born=None, clinician_id=rivera)
    db.session.add(person)
    db.session.flush()
    cohort = cohort_by_key("evening")
    cohort.program.capacity = 9
    cohort.program.waitlist = True
    stay = Enrolment(
        patient_id=person.id, cohort_id=cohort.id, first=cohort.starts, last=None, waits=waits
    )
    db.session.add(stay)
    db.session.commit()
    return person


def each_once(house: Flask, page: str, action: str) -> list[int]:
    """Send a form of two at the desk at one moment, on through what is shown first."""
    clients = enter(house, "desk", "rivera")
    forms = [form_on(client, page, action) for client in clients]
    if action.endswith(("accept", "offer")):
        shown = []
        for client, form in zip(clients, forms, strict=True):
            answer = client.post(action, data=form.filled(0, ""))
            shown.append(form_of(answer, action))
        forms = shown
    return codes_of(race(clients, forms, {}, {}))


def test_place_is_offered_and_given_once(house: Flask) -> None:
    become_coordinator("rivera")
    newcomer("zoe", "Zoe Hart", waits=1)
    page = "/desk/cohorts/evening/places"

    assert each_once(house, page, f"{page}/offer") == [303, 409]
    assert each_once(house, page, f"{page}/accept") == [303, 409]


def test_held_place_is_let_go_once(house: Flask) -> None:
    become_coordinator("rivera")
    newcomer("zoe", "Zoe Hart", waits=1)
    page = "/desk/cohorts/evening/places"
    each_once(house, page, f"{page}/offer")

    assert each_once(house, page, f"{page}/let-go") == [303, 409]


def test_program_is_changed_on_its_week_once(house: Flask) -> None:
    become_coordinator("rivera")
    clients = enter(house, "desk", "rivera")
    page = "/desk/programs/adult/week"
    forms = [form_on(client, f"{page}?part=whole", page) for client in clients]
    typed = [{"name": [name]} for name in ("Evenings", "Nights")]

    assert codes_of(race(clients, forms, *typed)) == [303, 409]


def test_appointments_of_one_patient_are_set_once(house: Flask) -> None:
    become_coordinator("rivera")
    clients = enter(house, "desk", "rivera")
    page = "/desk/patients/jordan/appointments"
    forms = [form_on(client, page, page) for client in clients]
    empty = {name: [""] for name in forms[0].filled(0, "") if "appointments[" in name}
    row = {"kind": ["individual"], "minutes": ["30"], "in_weeks": ["1"]}
    added = {f"appointments[0].{name}": said for name, said in row.items()}

    answers = race(clients, forms, empty | added, empty | {"without": ["fam"]})
    assert codes_of(answers) == [303, 409]


def test_patient_takes_a_place_once_from_two_browsers(house: Flask) -> None:
    become_coordinator("rivera")
    newcomer("zoe", "Zoe Hart", waits=1)
    page = "/desk/cohorts/evening/places"
    each_once(house, page, f"{page}/offer")
    clients = enter(house, "zoe", "zoe")
    forms = [form_on(client, "/mine/place", "/mine/place/take") for client in clients]

    assert codes_of(race(clients, forms, {}, {})) == [303, 409]


def test_list_is_brought_and_taken_back_once(house: Flask) -> None:
    become_coordinator("rivera")
    clients = enter(house, "desk", "rivera")
    page = "/desk/people/roster"
    text = "name,email,cohort,clinician,first day\nZoe,z@p.example,evening,rivera,2027-03-02\n"
    asked = form_on(clients[0], page, page).filled(0, "") | {"text": [text], "go": ["yes"]}
    shown = form_of(clients[0].post(page, data=asked), page)
    same = at_one_moment((clients[0], clients[0]), [(page, shown.filled(0, ""))] * 2)
    assert codes_of(same) == [303, 303]
    back = next(form for form in read_page(clients[0], page).forms if "take-back" in form.action)

    assert each_once(house, page, back.action) == [303, 409]


def test_clinic_file_is_loaded_once(house: Flask) -> None:
    become_coordinator("rivera")
    become_coordinator("desk")
    clients = enter(house, "desk", "rivera")
    page = "/desk/clinic-file"
    file = dump(export()).replace("name: Sam Wren", "name: Samuel Wren").encode()
    db.session.rollback()
    forms = []
    for client in clients:
        asked = form_on(client, page, page).filled(0, "") | {"take": ["file"]}
        answer = client.post(page, data=asked | {"file": (BytesIO(file), "clinic.yaml")})
        forms.append(form_of(answer, page))

    assert codes_of(race(clients, forms, {}, {})) == [303, 409]


def test_two_entries_are_joined_once(house: Flask) -> None:
    become_coordinator("rivera")
    newcomer("zoe", "Zoe Hart")
    newcomer("zo", "Zoe Hart")
    clients = enter(house, "desk", "rivera")
    page = "/desk/people/join"
    pair = {"first": ["zoe"], "second": ["zo"]}
    forms = []
    for client in clients:
        asked = client.post(page, data=form_on(client, page, page).filled(0, "") | pair)
        shown = client.post(page, data=form_of(asked, page).filled(0, ""))
        forms.append(form_of(shown, page))

    assert codes_of(race(clients, forms, {}, {})) == [303, 409]


@pytest.mark.parametrize("decisions", [("aside", "aside"), ("aside", "wrong"), ("stop", "aside")])
def test_answer_in_words_is_decided_once(house: Flask, decisions: tuple[str, str]) -> None:
    become_coordinator("rivera")
    receive(WORDS, by="reply", now=now())
    db.session.commit()
    held = db.session.scalars(select(HeldReply.id)).one()
    clients = enter(house, "desk", "rivera")
    page = f"/desk/replies/{held}"
    forms = [form_on(client, "/desk/replies/", page) for client in clients]
    since = last_entry()

    answers = race(clients, forms, *[{"decision": [decision]} for decision in decisions])

    assert codes_of(answers) == [303, 409]
    assert "sent this form after you opened it" in answers[1].text
    assert len({entry.by for entry in entries_since(since)}) == 1


def moved(client: FlaskClient) -> str:
    """Let a browser move the first family session by an hour; its page."""
    page = "/desk/sessions/evening.fam.jordan.w1"
    move = {"deed": ["move"], "day": ["2027-03-03"], "at": ["16:00"], "minutes": ["60"]}
    looked = form_on(client, page, f"{page}/look")
    shown = client.get(looked.action, query_string=looked.filled(0, "") | move)
    assert client.post(page, data=form_of(shown, page).filled(0, "")).status_code == 303
    return page


def start() -> str:
    found = select(Session.starts_local).where(Session.key == "evening.fam.jordan.w1")
    begins = db.session.scalars(found).one()
    db.session.rollback()
    return begins


def test_change_is_put_back_once(house: Flask) -> None:
    (client, _other) = enter(house, "desk", "desk")
    before = start()
    back = form_on(client, moved(client), "/desk/sessions/evening.fam.jordan.w1/back")
    since = last_entry()

    answers = race((client, client), [back, back], {}, {})

    assert codes_of(answers) == [303, 303]
    assert (start(), deeds_since(since)) == (
        before,
        ["desk sessions.move", "desk invitations.invitation"],
    )


def test_another_time_is_booked_once_from_two_browsers(house: Flask) -> None:
    clients = enter(house, "jordan", "jordan")
    way = f"/mine/sessions/{session_by_key('evening.fam.jordan.w1').id}"
    db.session.rollback()
    no = form_on(clients[0], f"{way}/cannot-come", f"{way}/cannot-come")
    assert clients[0].post(no.action, data=no.filled(0, "")).status_code == 303
    forms = [form_on(client, f"{way}/cannot-come", f"{way}/instead") for client in clients]
    since = last_entry()

    answers = race(clients, forms, {}, {})

    assert codes_of(answers) == [303, 409]
    assert deeds_since(since).count("jordan sessions.move") == 1


def test_place_in_another_group_is_taken_and_given_back_once(house: Flask) -> None:
    """The program says how many may sit in a group, and one place is free."""
    missed, group = map(
        session_by_key, ("evening.process.2027-03-01", "evening.process.2027-03-08")
    )
    template = group.cohort.program.template
    group.cohort.program.template = replace(template, rules=replace(template.rules, group_cap=2))
    group.patients.clear()
    way, chosen = f"/mine/sessions/{missed.id}", {"group": [group.id]}
    db.session.commit()
    clients = enter(house, "jordan", "jordan")
    no = form_on(clients[0], f"{way}/cannot-come", f"{way}/cannot-come")
    clients[0].post(no.action, data=no.filled(0, ""))
    looks = [form_on(client, f"{way}/cannot-come", f"{way}/make-up") for client in clients]
    shown = []
    for client, look in zip(clients, looks, strict=True):
        shown.append(client.post(look.action, data=look.filled(0, "") | chosen))
    since = last_entry()

    taken = race(clients, [form_of(page, f"{way}/take") for page in shown], {}, {})
    forms = [form_on(client, f"{way}/cannot-come", f"{way}/give-back") for client in clients]
    given = race(clients, forms, {}, {})

    assert (codes_of(taken), codes_of(given)) == ([303, 409], [303, 409])
    assert deeds_since(since).count("jordan sessions.make_up") == 1
    assert session_by_key("evening.process.2027-03-08").patients == []


def test_patient_is_seated_once_for_a_missed_topic(house: Flask, clock: Watch) -> None:
    """Jordan missed the first group a day ago; it comes again a week later."""
    missed, group = map(
        session_by_key, ("evening.process.2027-03-01", "evening.process.2027-03-08")
    )
    missed.topic = group.topic = "Sleep"
    group.patients.clear()
    gone = Said(AttendanceState.NO_SHOW)
    clock.moment = missed.ends_at + timedelta(days=1)
    mark(missed, person_by_key("jordan"), gone, by="rivera", now=clock.moment)
    db.session.commit()
    page, way = "/desk/patients/jordan", "/desk/patients/jordan/missed-topics"
    clients = enter(house, "desk", "desk")
    shown = []
    for client in clients:
        look = form_on(client, page, way)
        shown.append(client.post(look.action, data=look.filled(0, "")))
    since = last_entry()

    answers = race(clients, [form_of(each, way) for each in shown], {}, {})

    assert codes_of(answers) == [303, 409]
    assert deeds_since(since).count("desk sessions.make_up") == 1


def test_another_time_is_asked_for_once_from_two_browsers(house: Flask) -> None:
    clients = enter(house, "jordan-mother", "jordan-mother")
    mother = Invitation.person_id == person_by_key("jordan-mother").id
    uid = db.session.scalars(select(Invitation.uid).where(mother).order_by(Invitation.uid)).first()
    assert uid is not None
    page = f"/i/{link_token(uid)}"
    found = re.search(r'href="(/i/[^"]+/other-time\?date=[^"]+)"', clients[0].get(page).text)
    assert found is not None
    way = found[1].replace("&#43;", "%2B")
    forms = [form_on(client, way, f"{page}/other-time") for client in clients]

    answers = race(clients, forms, {}, {})

    assert codes_of(answers) == [303, 409]
    assert db.session.scalar(select(func.count()).select_from(HeldReply)) == 1
    db.session.rollback()


def test_of_put_back_and_a_change_by_somebody_else_one_is_done(house: Flask) -> None:
    become_coordinator("rivera")
    clients = enter(house, "desk", "rivera")
    page = moved(clients[0])
    back = form_on(clients[0], page, f"{page}/back")
    looked = form_on(clients[1], page, f"{page}/look")
    onto = {"deed": ["move"], "day": ["2027-03-03"], "at": ["15:00"], "minutes": ["60"]}
    shown = clients[1].get(looked.action, query_string=looked.filled(0, "") | onto)
    since = last_entry()

    answers = race(clients, [back, form_of(shown, page)], {}, {})

    assert codes_of(answers) == [303, 409]
    assert "look at it anew" in answers[1].text
    assert len({entry.by for entry in entries_since(since)}) == 1


def test_of_page_and_command_that_plan_at_one_moment_one_is_told(house: Flask) -> None:
    (client, _other) = enter(house, "desk", "desk")
    action = "/desk/cohorts/evening/plan"
    fields = form_on(client, "/desk/cohorts/evening", action).filled(0, "")
    db.session.remove()
    ready = Barrier(2, timeout=60)

    def by_page() -> tuple[bool, str]:
        with house.app_context():
            ready.wait()
            answer = client.post(action, data=fields)
            return answer.status_code == 303, answer.text

    def by_command() -> tuple[bool, str]:
        ready.wait()
        said = house.test_cli_runner().invoke(args=["cohort", "plan", "evening", "--seconds", "1"])
        return said.exit_code in {0, 3}, f"{said.stderr} {said.exception}"

    with ThreadPoolExecutor(1) as pool:
        page = pool.submit(by_page)
        answers = (by_command(), page.result())  # a command takes signals, in the main thread
    told = [said for done, said in answers if not done]

    assert len(told) <= 1  # none where the one began when the other had ended
    for words_said in told:
        assert "nothing was changed" in words_said or "Nothing of yours was done" in words_said
    open_ones = select(Proposal.state).where(Proposal.state == ProposalState.OPEN)
    assert len(db.session.scalars(open_ones).all()) == 1


def test_every_form_raced_here_has_its_test() -> None:
    assert {name for name in BY_HAND.values() if name not in globals()} == set()
