"""The letter with a code, as people read it."""

import pytest

from scheduler.i18n import catalog
from scheduler.invitations import code_words, lint
from scheduler.people import Help

WHOM = Help("+17165550100", "Mon to Fri, 9 to 5")


def test_code_stands_in_a_sentence_and_large_by_itself() -> None:
    letter = code_words("493021", "SP Calendar", "en", None)

    assert letter.subject == "Your code"
    assert letter.text == (
        "Your code is 493021.\n\n"
        "Type it on the page where you asked for it: it works there alone, once, for ten minutes. "
        "If you did not ask for it, you need not do anything.\n\n"
        "This message was sent by SP Calendar. It is meant for you alone.\n"
    )
    assert "<p>Your code is</p>\n<p style" in letter.html
    assert "<b>493021</b></p>\n<p>Type it on the page" in letter.html


def test_letter_without_a_code_says_whom_to_ask() -> None:
    letter = code_words(None, "SP Calendar", "en", WHOM)

    assert letter.subject == "No code this time"
    assert letter.text.startswith("Somebody typed many wrong codes for your address.")
    assert letter.text.endswith(f"\nWhom to ask: {WHOM.line('en')}\n")
    assert "+1 716-555-0100</a><br>Monday to Friday, " in letter.html
    assert "Your code is" not in letter.html


@pytest.mark.parametrize("language", ["en", "es", "pt-BR"])
def test_letter_with_a_code_is_neutral_and_in_its_language(language: str) -> None:
    letter = code_words("493021", "SP <Calendar>", language, WHOM)

    assert f'<html lang="{language}" dir="ltr">' in letter.html
    assert catalog(language)("Your code is") in letter.html
    assert "SP &lt;Calendar&gt;" in letter.html
    assert "SP <Calendar>" in letter.text
    assert lint(letter.text + letter.html) == []
