"""What a relative's pages show of a session is what purpose and paper both name; barriers shut
them; in two languages.

A mother may know; a father without consent stands by.
"""

from dataclasses import fields

import pytest
from flask.testing import FlaskClient

from household import NOW, Household
from scheduler import consents, feeds
from scheduler.consents import PURPOSES, Information, Signature
from scheduler.consents.model.models import BarrierKind
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.programs import FAMILY_KINDS, Kind, Seats
from scheduler.programs.models import VideoRoom
from scheduler.sessions.models import Session
from visitor import letters, send, sign_in, text_of, words
from watch import Watch

pytestmark = pytest.mark.usefixtures("watch")

SHOWN = {
    Information.PARTICIPATION: "Jordan Lee",
    Information.CLINICIAN: "Ana Rivera",
    Information.TOPIC: "Sleep",
}
"""What stands on a page for each kind of information that it could show."""


def invite(home: Household, kind: Kind = Kind.FAMILY_THERAPY, **said: object) -> Session:
    """Let the mother know of one kind of session, and invite her to one with a topic and a room."""
    home.consent(home.mother, kind, others=True, **said)
    room = VideoRoom(key="room-a", url="https://video.example/a", dial_in=None)
    seats = Seats.FAMILIES if kind in {Kind.FAMILY_WORKSHOP, Kind.CAREGIVER_GROUP} else Seats.BOTH
    row = home.slot(1, kind=kind, seats=seats, topic="Sleep")
    row.room = room
    announce(by="command", now=NOW)
    db.session.commit()
    return row


def page_of(home: Household) -> str:
    (row,) = invitations_of(home.mother.id)
    return f"/i/{link_token(row.uid)}"


def open_pages(client: FlaskClient, home: Household) -> list[str]:
    """Read the mother's page and list, signed in."""
    sign_in(client, db.session.merge(home.mother))
    return [words(client.get(page)) for page in (page_of(home), "/family")]


@pytest.mark.parametrize("kind", sorted(FAMILY_KINDS))
def test_page_shows_of_a_session_what_its_purpose_carries_and_nothing_else(
    client: FlaskClient, home: Household, kind: Kind
) -> None:
    invite(home, kind)
    opened, _ = open_pages(client, home)

    shown = {each for each, word in SHOWN.items() if word in opened}
    assert shown == PURPOSES[kind].carries & set(SHOWN)


def test_workshop_does_not_even_say_that_the_patient_is_enrolled(
    client: FlaskClient, home: Household
) -> None:
    invite(home, Kind.FAMILY_WORKSHOP)

    for said in open_pages(client, home):
        assert (
            "Family workshop" in said,
            "You may know about: family workshop, through" in said,
        ) == (True, True)
        assert [word for word in ("Jordan", "Lee", "Rivera") if word in said] == []


@pytest.mark.parametrize("named", [{Information.TIMES}, {Information.TIMES, Information.CLINICIAN}])
def test_page_shows_only_what_the_paper_names_however_much_the_purpose_carries(
    client: FlaskClient, home: Household, named: set[Information]
) -> None:
    invite(home, signature=Signature(information=frozenset(named)))
    opened, _ = open_pages(client, home)

    assert {each for each, word in SHOWN.items() if word in opened} == named & set(SHOWN)


def test_paper_that_does_not_let_times_be_told_invites_nobody(
    client: FlaskClient, home: Household
) -> None:
    row = invite(home, signature=Signature(information=frozenset({Information.CLINICIAN})))

    assert letters("invitation") == []
    reasons = {
        one.person.key: one.reason.value for one in consents.untold(db.session.merge(row), now=NOW)
    }
    assert reasons["p-1-mother"] == "the consent does not let times be told"


@pytest.mark.parametrize("kind", BarrierKind)
def test_barrier_shuts_page_list_join_link_code_and_feed_at_once(
    client: FlaskClient, home: Household, watch: Watch, kind: BarrierKind
) -> None:
    row = invite(home)
    feed = f"/feeds/{feeds.make(home.mother, by='command', now=NOW)}.ics"
    db.session.commit()
    page = page_of(home)
    door, starts = page.replace("/i/", "/j/"), row.starts_at
    form = client.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    home = Household(*(db.session.merge(getattr(home, field.name)) for field in fields(home)))
    whom = None if kind is BarrierKind.DECEASED else home.mother
    consents.add_barrier(patient=home.jordan, person=whom, kind=kind, by="sam", now=NOW)
    feeds.refresh(now=NOW)
    db.session.commit()
    watch.moment = starts
    sign_in(client, db.session.merge(home.mother))

    assert [client.get(each).status_code for each in (page, door)] == [410, 410]
    assert [
        client.post(each, data={"csrf_token": form}).status_code for each in (f"{page}/send", door)
    ] == [410, 410]
    assert "There is nothing coming up for you." in words(client.get("/family"))
    assert b"BEGIN:VEVENT" not in client.get(feed).data
    assert letters("code") == []


def speak_spanish(home: Household) -> None:
    home.mother.language = "es-MX"


def test_pages_of_who_reads_spanish_are_in_spanish(
    client: FlaskClient, home: Household, watch: Watch
) -> None:
    speak_spanish(home)
    row = invite(home)
    page = page_of(home)
    shut = client.get(page)
    opened, listed = open_pages(client, home)

    assert '<html lang="es" dir="ltr">' in shut.text
    assert words(shut).startswith("Cita martes ")
    assert "Para ver qué es y responder, confirme que es usted." in words(shut)
    assert opened.startswith("Sesión familiar con Jordan Lee martes ")
    times = "6:00 – 7:00 p. m., hora de Chicago (7:00 – 8:00 p. m., hora de Nueva York)"
    assert times in opened.replace("\xa0", " ")
    assert "Con Ana Rivera. ¿Vendrá? Sí No Quizás ¿Quiere añadir una nota?" in opened
    assert (
        "Enviar mi respuesta Enviar solo la nota Poner en mi calendario Entrar en línea" in opened
    )
    assert "Jordan Lee le permite saber de: sesión familiar, hasta el" in opened
    assert "La ley federal (42 CFR parte 2) prohíbe" in opened
    assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in opened
    assert listed.startswith("Sus citas Sesión familiar martes ")
    assert [one for one in (opened, listed) if "Your" in one or "Sign out" in one] == []
    watch.moment = db.session.merge(row).starts_at
    sign_in(client, db.session.merge(home.mother))
    assert "La sala está abierta Pasar" in words(send(client, page.replace("/i/", "/j/")))


def test_answers_in_spanish_are_kept_and_said_in_spanish(
    client: FlaskClient, home: Household
) -> None:
    speak_spanish(home)
    invite(home)
    page = page_of(home)
    open_pages(client, home)

    nothing = send(client, f"{page}/answer", page=page)
    send(client, f"{page}/answer", {"answer": "maybe"}, page=page)

    assert "Elija sí, no o quizás." in words(nothing)
    said = words(client.get(page))
    assert (
        "Gracias. Su respuesta para esta fecha: quizás. Puede cambiarla hasta el comienzo." in said
    )
    assert "Hasta ahora usted dijo quizás." in said


def test_code_comes_in_the_language_of_who_asked(client: FlaskClient, home: Household) -> None:
    speak_spanish(home)
    invite(home)
    page = page_of(home)
    asked = send(client, f"{page}/send", page=page)
    wrong = send(client, asked.location, {"code": "1"})

    (letter,) = letters("code")
    assert text_of(letter).startswith("Su código\nSu código es ")
    assert "Este código no es correcto" in words(wrong)


def test_practice_outside_part_2_shows_no_notice_in_either_language(
    client: FlaskClient, home: Household
) -> None:
    practice().part2 = False
    speak_spanish(home)
    invite(home)

    assert [one for one in open_pages(client, home) if "42 CFR" in one] == []


def test_nobody_wrote_to_the_father(client: FlaskClient, home: Household) -> None:
    invite(home)
    open_pages(client, home)

    assert [one.address for kind in ("invitation", "code") for one in letters(kind)] == [
        "m@family.example"
    ]
