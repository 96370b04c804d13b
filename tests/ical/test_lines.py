import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentlines

from scheduler.ical.lines import bare_address, fold, line, mailto, text_line


@pytest.mark.parametrize("before", range(60, 80))
def test_fold_with_an_emoji_at_the_edge_keeps_it_whole(before: int) -> None:
    """Whatever octet a character of four falls on, every physical line is UTF-8 of at most 75
    octets.
    """
    content = "SUMMARY:" + "x" * before + "😀" * 30

    pieces = fold(content).split(b"\r\n")

    assert max(map(len, pieces)) <= 75
    assert "".join(piece.decode().removeprefix(" ") for piece in pieces) == content


@pytest.mark.parametrize("before", range(60, 80))
def test_fold_with_an_escape_at_the_edge_keeps_its_two_characters_together(before: int) -> None:
    assert not re.search(
        rb"(?<!\\)(?:\\\\)*\\\r\n", text_line("SUMMARY", "x" * before + ";,\\\n" * 20)
    )


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_fold_of_anything_unfolds_to_the_same(text: str) -> None:
    folded = fold(f"X:{text}")

    assert folded.endswith(b"\r\n")
    assert all(len(each) <= 75 for each in folded.split(b"\r\n"))
    assert folded.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == f"X:{text}"


def test_text_line_escapes_what_rfc_5545_names_and_nothing_else() -> None:
    assert text_line("SUMMARY", 'a,b;c\\d\n"e": f') == b'SUMMARY:a\\,b\\;c\\\\d\\n"e": f\r\n'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Dana Lee", "CN=Dana Lee"),
        ("Doe, Jane", 'CN="Doe, Jane"'),
        ('Doe, "JJ" Jane^x', "CN=\"Doe, ^'JJ^' Jane^^x\""),
        ("a;b:c", 'CN="a;b:c"'),
        ("two\nlines", "CN=two^nlines"),
        ("back\\", "CN=back/"),
    ],
)
def test_line_with_a_name_writes_it_by_rfc_6868(name: str, written: str) -> None:
    assert (
        line("ATTENDEE", "mailto:d@f.example", CN=name).decode()
        == f"ATTENDEE;{written}:mailto:d@f.example\r\n"
    )


@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\\"),
        min_size=1,
        max_size=120,
    )
    .map(str.strip)
    .filter(bool)
)
def test_line_with_any_name_is_read_back_the_same(name: str) -> None:
    written = line("ATTENDEE", "mailto:d@f.example", CN=name, RSVP="TRUE").decode()

    _, parameters, value = Contentlines.from_ical(written)[0].parts()

    assert (parameters["CN"], parameters["RSVP"], value) == (name, "TRUE", "mailto:d@f.example")


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("Dana.O'Lee@Family.Example", "mailto:dana.o'lee@family.example"),
        ("dana+iop@family.example", "mailto:dana+iop@family.example"),
        ("jörg@müller.example", "mailto:j%C3%B6rg@xn--mller-kva.example"),
    ],
)
def test_mailto_of_an_address_and_back(address: str, uri: str) -> None:
    assert mailto(address) == uri
    assert bare_address(uri.replace("mailto:", "MAILTO:")) == address.lower()


@pytest.mark.parametrize(
    "address", ["dana", "@family.example", "a b@c.example", "Dana <d@c.example>", "a@b@c\r\n.d", ""]
)
def test_mailto_of_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        mailto(address)


@pytest.mark.parametrize("value", ["a\r\nATTENDEE:b", "a\nb", "a\rb"])
def test_line_with_a_break_in_its_value_is_refused(value: str) -> None:
    """Only TEXT can hold a line break, as an escape; anything else would be somebody else's
    property.
    """
    with pytest.raises(ValueError, match="line break"):
        line("URL", value)
