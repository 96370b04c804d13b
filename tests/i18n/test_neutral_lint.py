"""What must not be said outside, found wherever it hides."""

from email.message import EmailMessage

import pytest

from scheduler.invitations import Finding, lint, lint_outward, names_to_keep_in


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Your therapy session", "therap"),
        ("PSYCHOEDUCATION", "psych"),
        ("see you at the Clinic", "clinic"),
        ("the IOP", "iop"),
        ("42 CFR part 2", "42 cfr"),
        ("Bo Chan, LICSW", "licsw"),
        ("su terapia", "terap"),
        ("group_therapy", "therap"),
    ],
)
def test_word_of_the_field_is_found(text: str, word: str) -> None:
    assert lint(text) == [Finding("text", word)]


@pytest.mark.parametrize(
    "text", ["Environmental", "an impatient reader", "Appointment Tue 9 March, 6:00 PM", "Swimming"]
)
def test_innocent_word_is_let_through(text: str) -> None:
    assert lint(text) == []


@pytest.mark.parametrize("text", ["Jordan Lee", "JORDAN  LEE", "Jördan Lee"])
def test_name_is_found_whatever_its_case_and_accents(text: str) -> None:
    assert lint(f"with {text} there", ["Jordan Lee"]) == [Finding("text", "Jordan Lee")]


def test_part_of_a_word_is_no_name() -> None:
    assert lint("the Leeward side", ["Lee"]) == []


def test_reader_may_see_their_own_address() -> None:
    assert (
        lint("to jordan.lee@family.example", ["Lee"], recipient="jordan.lee@family.example") == []
    )


def test_secret_of_a_link_is_no_word() -> None:
    assert lint(f"https://hl-sched.example/i/{'sud-' + 'x' * 39}") == []


def test_every_header_and_encoded_part_is_read() -> None:
    message = EmailMessage()
    message["Subject"] = "Your rehab, Zoë"
    message["X-Program"] = "detox"
    message.set_content("nothing", cte="base64")
    message.add_alternative("<p>sobriety and sober</p>", subtype="html", cte="base64")
    message.add_alternative(
        b"SUMMARY:Trau\r\n ma", maintype="text", subtype="calendar", cte="base64"
    )

    assert {(each.place, each.word) for each in lint(message.as_bytes())} == {
        ("Subject", "rehab"),
        ("X-Program", "detox"),
        ("text/html", "sober"),
    }


def test_folded_calendar_line_hides_nothing() -> None:
    assert lint(b"BEGIN:VCALENDAR\r\nSUMMARY:Trau\r\n ma\r\nEND:VCALENDAR\r\n") == [
        Finding("text", "trauma")
    ]


def test_outward_names_are_judged_by_place() -> None:
    found = lint_outward(
        "Harbor Recovery",
        "care@detox-now.example",
        ["Appointment", "IOP"],
        "Harbor",
        "https://my-clinic.example",
    )

    assert [str(each) for each in found] == [
        "outward_name: recover",
        "outward_name: Harbor",
        "outward_email: detox",
        "outward_title: iop",
        "BASE_URL: clinic",
    ]


@pytest.mark.parametrize("text", ["with J.L. there", "with J. L. there", "with Jordan Lee there"])
def test_initials_with_points_are_a_name(text: str) -> None:
    assert [each.place for each in lint(text, names_to_keep_in(["Jordan Lee"]))] == ["text"]


def test_letters_of_the_sender_are_no_initials() -> None:
    assert lint("HL Scheduling", names_to_keep_in(["Hanna Lee", "Cher"])) == []
