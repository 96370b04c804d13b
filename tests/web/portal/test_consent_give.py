"""A patient lets the mother know: reads what it means, sees her letter, signs, has a copy; the
father stays out.
"""

import html
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import MONDAY, NOW, TODAY, ZONE, Household
from scheduler import consents
from scheduler.consents import set_licence
from scheduler.consents.model.models import Ending, Grant, Licence, Method, Statement
from scheduler.disclosures.models import Opening
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key, practice
from scheduler.people.models import Clinician, Role
from scheduler.programs import Kind
from visitor import TOKEN, browser, code_mailed, letters, say_yes, sign_in, text_of, words

LET = "/mine/let/p-1-mother"
UNTIL = (TODAY + timedelta(days=100)).isoformat()
CHOICE = {"purpose": ["family_therapy", "progress_update"], "until": "day", "day": UNTIL}


@pytest.fixture
def home(home: Household) -> Household:
    home.appointment(1)
    db.session.commit()
    return home


@pytest.fixture
def client(app: Flask, home: Household) -> FlaskClient:
    client = browser(app)
    sign_in(client, home.jordan)
    return client


def post(client: FlaskClient, url: str, said: dict[str, object], page: str = LET):  # type: ignore[no-untyped-def]
    found = TOKEN.search(client.get(page).text)
    assert found is not None
    answer = client.post(url, data={"csrf_token": found[1]} | said)
    return say_yes(client, answer, url, said)


def csrf_of(client: FlaskClient) -> str:
    found = TOKEN.search(client.get("/mine/let").text)
    assert found is not None
    return found[1]


def grants() -> list[Grant]:
    db.session.rollback()
    return list(db.session.scalars(select(Grant).order_by(Grant.purpose)))


def test_patient_is_asked_whom(client: FlaskClient) -> None:
    said = words(client.get("/mine/let"))

    assert "Nobody is told anything unless you sign for it." in said
    assert "Dana Lee relative Miguel Lee relative" in said


def test_each_choice_says_what_it_lets_be_told(client: FlaskClient) -> None:
    said = words(client.get(LET))

    assert "Dana Lee may know of" in said
    assert "Family sessions when they are, who leads them, that I take part" in said
    assert " checked" not in client.get(LET).text


def test_preview_is_the_very_letter_and_leaves_nothing_behind(client: FlaskClient) -> None:
    page = post(client, LET, CHOICE)
    said = words(page)

    assert page.status_code == 200
    assert (
        "I, Jordan Lee, let Small Pines Practice tell Dana Lee what stands here, and nothing else."
        in said
    )
    assert re.search(
        r"Appointment \w{3} \d+ \w+, 5:00 PM, Chicago time SP Calendar <calendar@sp-cal.example>",
        said,
    )
    assert "SP Calendar invites you." in said
    assert (grants(), letters("invitation")) == ([], [])


FORM = {
    "Will you come?",
    "Yes",
    "No",
    "Maybe",
    "A note with it? You need not write one.",
    "Only the clinic reads it.",
    "Send my answer",
    "Send only the note",
    "Ask for another time",
    "Put it in my calendar",
    "Join online",
    "from 15 minutes before the start",
    "Back to your appointments",
    "Sign out",
}
"""What the relative's page says beside what it tells of the patient, for one date."""


def pieces(text: str) -> list[str]:
    """Return what stands between marks, piece by piece."""
    found = (" ".join(html.unescape(one).split()) for one in re.split(r"<[^>]+>", text))
    return [one for one in found if one]


def main_of(page: TestResponse) -> str:
    return page.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]


@pytest.mark.parametrize("part2", [True, False])
def test_preview_says_of_the_page_behind_the_code_what_the_relative_then_reads(
    app: Flask, client: FlaskClient, home: Household, part2: bool
) -> None:
    practice().part2 = part2
    db.session.commit()
    asked = post(client, LET, CHOICE).text
    shown = re.findall(r'<section class="card">(.*?)</section>', asked, re.S)
    assert db.session.scalars(select(Opening)).all() == []  # looking is no disclosure
    signed(client)
    announce(
        by="command", now=datetime.now(UTC)
    )  # pages go by the real clock: the day may have turned since NOW
    (row,) = invitations_of(home.mother.id)
    address = f"/i/{link_token(row.uid)}"
    dana = browser(app)
    sign_in(dana, db.session.merge(home.mother))

    page = pieces(main_of(dana.get(address)))

    previewed = pieces(shown[0])
    assert len(shown) == 1
    assert previewed[0] == "Family session with Jordan Lee"
    assert "With Ana Rivera." in previewed
    assert any("42 CFR part 2 prohibits" in one for one in previewed) is part2
    assert [one for one in page if one not in FORM] == previewed


def test_event_stands_with_its_day_beside_what_is_signed_and_never_in_it(
    client: FlaskClient, home: Household
) -> None:
    end = MONDAY - timedelta(days=14) + timedelta(weeks=12, days=-1)
    day = f"{end.day} {end:%B %Y}"
    choice = CHOICE | {"until": "program_end", "day": ""}

    asked, read = words(client.get(LET)), words(post(client, LET, choice))
    to_sign = words(post(client, f"{LET}/code", choice))

    assert f"Until my program ends ({day} as planned today)" in asked
    for page in (read, to_sign):
        assert "It ends when my program ends." in page
        assert f"As planned today, your program ends on {day}." in page


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"purpose": []}, "Choose at least one thing Dana Lee may know of."),
        ({"until": ""}, "Choose until when."),
        ({"day": ""}, "Choose a day from today on, within two years."),
        ({"day": "2020-01-01"}, "Choose a day from today on, within two years."),
        ({"day": "2999-01-01"}, "Choose a day from today on, within two years."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    client: FlaskClient, change: dict[str, object], complaint: str
) -> None:
    page = post(client, LET, CHOICE | change)

    assert (page.status_code, complaint in words(page)) == (422, True)


def signed(client: FlaskClient, said: dict[str, object] | None = None):  # type: ignore[no-untyped-def]
    post(client, f"{LET}/code", CHOICE)
    return post(
        client,
        f"{LET}/sign",
        CHOICE | {"name": "jordan  lee", "code": code_mailed()} | (said or {}),
    )


def test_name_and_code_make_the_consent_stand(client: FlaskClient, home: Household) -> None:
    answer = signed(client)

    assert (answer.status_code, answer.location) == (303, f"/mine/papers/{grants()[0].statement}")
    assert [(one.purpose, one.person_id, str(one.expires)) for one in grants()] == [
        (Kind.FAMILY_THERAPY, home.mother.id, UNTIL),
        (Kind.PROGRESS_UPDATE, home.mother.id, UNTIL),
    ]
    paper = db.session.scalars(select(Statement)).one()
    assert (paper.method, paper.wording, paper.language) == (Method.TYPED, "2026-11", "en")
    assert paper.copy_given_at is not None


def test_copy_is_there_to_read_and_a_neutral_letter_says_so(client: FlaskClient) -> None:
    answer = signed(client)
    said = words(client.get(answer.location))
    (letter,) = letters("copy")

    assert "Signed. This is your copy." in said
    assert "Family sessions: when they are, who leads them, that I take part." in said
    assert "Signed by jordan lee on" in said
    assert letter.address == "one@patient.example"
    assert "Your copy of what you signed is ready." in text_of(letter)
    assert "Dana" not in text_of(letter)


def test_copy_of_somebody_else_is_like_none(
    app: Flask, client: FlaskClient, home: Household
) -> None:
    answer = signed(client)
    other = browser(app)
    sign_in(other, home.tess)

    assert (other.get(answer.location).status_code, other.get("/mine/papers/none").status_code) == (
        404,
        404,
    )


def test_name_may_be_typed_without_its_accents_and_is_kept_as_typed(
    client: FlaskClient, home: Household
) -> None:
    db.session.merge(home.jordan).name = "Inés Carvajal"
    db.session.commit()

    answer = signed(client, {"name": " ines   carvajal "})

    assert (answer.status_code, len(grants())) == (303, 2)
    assert db.session.scalars(select(Statement.signer_name)).one() == "ines carvajal"


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"name": "Jo"}, "Type your name as it stands above: Jordan Lee."),
        ({"code": "12"}, "This code is not right"),
    ],
)
def test_wrong_name_or_code_signs_nothing(
    client: FlaskClient, said: dict[str, object], complaint: str
) -> None:
    answer = signed(client, said)

    assert (answer.status_code, complaint in words(answer), grants()) == (422, True, [])


def test_code_signs_once(client: FlaskClient) -> None:
    signed(client)
    again = post(client, f"{LET}/sign", CHOICE | {"name": "Jordan Lee", "code": code_mailed()})

    assert (again.status_code, len(grants())) == (422, 2)


def test_somebody_who_is_no_relative_cannot_be_let_know(client: FlaskClient) -> None:
    for stranger in ("p-2-aunt", "p-2", "rivera", "nobody"):
        assert client.get(f"/mine/let/{stranger}").status_code == 404
        assert post(client, f"/mine/let/{stranger}/sign", CHOICE).status_code == 404


def test_statement_is_read_and_signed_in_spanish(client: FlaskClient) -> None:
    choice = CHOICE | {"lang": "es"}
    said = words(post(client, LET, choice))
    post(client, f"{LET}/code", choice)
    post(client, f"{LET}/sign", choice | {"name": "Jordan Lee", "code": code_mailed()})

    assert (
        "Yo, Jordan Lee, permito que Small Pines Practice informe a Dana Lee de lo que está aquí"
        in said
    )
    assert "Sesiones familiares: cuándo son, quién las dirige, que yo participo." in said
    assert db.session.scalars(select(Statement.language)).one() == "es"


def test_multi_family_group_says_that_others_see_them(client: FlaskClient) -> None:
    said = words(post(client, LET, CHOICE | {"purpose": "multi_family_group"}))

    assert (
        "In a multi-family group other families see Dana Lee and me there. I agree to that." in said
    )


def test_patient_who_may_not_sign_alone_is_told_so(client: FlaskClient, home: Household) -> None:
    patient = db.session.merge(home.jordan)
    assert patient.patient is not None
    patient.patient.born = TODAY - timedelta(days=15 * 365)
    set_licence(db.session.merge(home.cohort).program, Licence.SUBSTANCE_USE, by="command", now=NOW)
    db.session.commit()

    asked = client.get(LET)
    answer = client.post(
        f"{LET}/sign", data=CHOICE | {"csrf_token": csrf_of(client), "name": "Jordan Lee"}
    )

    assert "You cannot sign this alone. Talk with your clinic" in words(asked)
    assert (answer.status_code, grants()) == (403, [])


def test_staff_record_a_paper(app: Flask, home: Household) -> None:
    desk, page = at_the_desk(app, home), "/desk/patients/p-1/paper"
    form: dict[str, object] = {
        "person": "p-1-mother",
        "purpose": "family_therapy",
        "signed": TODAY.isoformat(),
    }

    lacking = post(desk, page, form, page)
    done = post(desk, page, form | {"expires": UNTIL}, page)

    assert "Give the last day, or what ends it: a consent without an end cannot be kept." in words(
        lacking
    )
    assert (lacking.status_code, done.status_code) == (422, 303)
    assert [(one.purpose, one.given_by) for one in grants()] == [(Kind.FAMILY_THERAPY, "rivera")]
    assert db.session.scalars(select(Statement.method)).one() == Method.PAPER


@pytest.mark.parametrize(
    ("field", "day"), [("signed", "0207-03-01"), ("expires", "9990-03-01"), ("expires", "soon")]
)
def test_paper_with_a_mistyped_day_is_not_recorded(
    app: Flask, home: Household, field: str, day: str
) -> None:
    desk, page = at_the_desk(app, home), "/desk/patients/p-1/paper"
    form: dict[str, object] = {
        "person": "p-1-mother",
        "purpose": "family_therapy",
        "signed": TODAY.isoformat(),
        "expires": UNTIL,
    }

    answer = post(desk, page, form | {field: day}, page)

    assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True)
    assert (day in answer.text, grants()) == (True, [])


def at_the_desk(app: Flask, home: Household) -> FlaskClient:
    desk = browser(app)
    rivera = db.session.merge(home.rivera)
    assert isinstance(rivera.clinician, Clinician)
    rivera.clinician.roles = (Role.COORDINATOR,)
    sign_in(desk, rivera)
    return desk


def test_paper_that_ends_with_discharge_and_whose_copy_was_given(
    app: Flask, home: Household
) -> None:
    page = "/desk/patients/p-1/paper"
    form: dict[str, object] = {
        "person": "p-1-mother",
        "purpose": "family_therapy",
        "signed": TODAY.isoformat(),
    }

    done = post(at_the_desk(app, home), page, form | {"ending": "discharge", "copy": "1"}, page)

    (grant,) = grants()
    assert (done.status_code, grant.expires, grant.expires_on) == (303, None, Ending.DISCHARGE)
    assert db.session.scalars(select(Statement.copy_given_at)).one() is not None


@pytest.mark.parametrize(
    ("days", "other", "status"), [(1, "", 422), (1, "family_workshop", 422), (0, "", 303)]
)
def test_paper_older_than_the_withdrawal_brings_nothing_back(
    app: Flask, home: Household, days: int, other: str, status: int
) -> None:
    """42 CFR 2.31(a)(6): what was withdrawn needs a new signature, also for what was never granted
    before.
    """
    desk, page = at_the_desk(app, home), "/desk/patients/p-1/paper"
    signed = (TODAY - timedelta(days=days)).isoformat()
    form: dict[str, object] = {
        "person": "p-1-mother",
        "purpose": "family_therapy",
        "signed": signed,
        "expires": UNTIL,
    }
    assert post(desk, page, form, page).status_code == 303
    mother, patient = person_by_key("p-1-mother"), person_by_key("p-1")
    consents.revoke(person=mother, patient=patient, by="sam", now=NOW)
    db.session.commit()

    again = post(desk, page, form | ({"purpose": other} if other else {}), page)

    assert (again.status_code, "have a new paper signed" in words(again)) == (status, status == 422)


def test_patient_reads_every_element_of_a_paper_that_staff_recorded(
    client: FlaskClient, home: Household
) -> None:
    last = TODAY + timedelta(days=200)
    grant, _ = home.consent(home.mother, Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE)
    statement = grant.statement
    db.session.commit()

    said = words(client.get(f"/mine/papers/{statement}"))

    signed_on = TODAY - timedelta(days=3)
    assert (
        "Who may know Dana Lee Who may tell them Small Pines Practice About Family sessions, "
        "Progress updates "
        "What of it when they are, who leads them, that I take part" in said
    )
    assert f"Until when through {last.day} {last:%B %Y}" in said
    assert f"Signed by Jordan Lee, for yourself, on {signed_on.day} {signed_on:%B %Y}" in said
    assert f"Recorded by your clinic {NOW.astimezone(ZoneInfo(ZONE)).day} " in said


def test_father_was_written_to_by_none_of_it(client: FlaskClient) -> None:
    signed(client)

    assert set(db.session.scalars(select(Letter.address))) == {"one@patient.example"}
