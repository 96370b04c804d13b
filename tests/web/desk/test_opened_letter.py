"""A letter as it was sent, for staff: its words and calendar part, and no secret of its reader."""

from flask.testing import FlaskClient

from scheduler.invitations import link_token
from tests.web.house import post, sign_in_staff, token
from visitor import letters, words
from watch import Watch


def test_letter_is_opened_as_it_was_sent(visitor: FlaskClient, clock: Watch) -> None:
    sign_in_staff(visitor)
    letter = letters("invitation")[0]
    assert letter.uid is not None
    secret = link_token(letter.uid)

    page = visitor.get(f"/desk/letters/{letter.id}")

    said = words(page)
    assert "Dana Lee dana@family.example" in said
    assert "HL Scheduling invites you." in said
    assert "METHOD:REQUEST" in said
    assert secret not in page.text


def test_letters_page_leads_to_each(visitor: FlaskClient, clock: Watch) -> None:
    sign_in_staff(visitor)
    letter = letters("invitation")[0]

    assert f'href="/desk/letters/{letter.id}"' in visitor.get("/desk/letters").text


def test_code_is_shown_to_nobody(visitor: FlaskClient, clock: Watch) -> None:
    sign_in_staff(visitor)
    page = f"/i/{token()}"
    post(visitor, f"{page}/send", page)
    letter = letters("code")[-1]

    said = words(visitor.get(f"/desk/letters/{letter.id}"))

    assert "its words are not shown" in said
    assert not any(word.isdecimal() and len(word) == 6 for word in said.split())


def test_letter_that_is_none_is_not_found(visitor: FlaskClient, clock: Watch) -> None:
    sign_in_staff(visitor)

    assert visitor.get(f"/desk/letters/{'0' * 32}").status_code == 404


def test_nobody_but_staff_opens_a_letter(visitor: FlaskClient, clock: Watch) -> None:
    letter = letters("invitation")[0]

    assert visitor.get(f"/desk/letters/{letter.id}").status_code in {302, 303, 403}
