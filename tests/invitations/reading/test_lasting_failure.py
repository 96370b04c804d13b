"""Which answers of mail servers mean the address for good, each from what servers really say."""

import pytest

from scheduler.invitations.reading.lasting_failure import is_for_good, refused_for_good


@pytest.mark.parametrize(
    ("status", "words", "lasting"),
    [
        ("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist", True),
        ("5.1.2", "", True),
        ("5.1.10", "Recipient address has null MX", True),
        ("5.2.1", "The email account that you tried to reach is disabled", True),
        ("5.4.1", "Recipient address rejected: Access denied", True),
        ("5.0.0", "smtp; 550 User unknown", True),
        ("", "", True),
        ("5.2.2", "552 5.2.2 mailbox full", False),
        ("5.0.0", "smtp; 552 Mailbox is full", False),
        ("5.7.1", "550 5.7.1 blocked by policy", False),
        ("5.0.0", "smtp; 550 Blocked as spam", False),
        ("5.6.0", "", False),
        ("4.4.7", "delivery time expired", False),
    ],
)
def test_report_means_the_address_or_not(status: str, words: str, lasting: bool) -> None:
    assert is_for_good(status, words) is lasting


@pytest.mark.parametrize(
    ("answer", "lasting"),
    [
        ("RCPT: 550 5.1.1 no such user", True),
        ("RCPT: 550 no such user here", True),
        ("RCPT: 553 mailbox name not allowed", True),
        ("the letter: 550 5.1.1 unknown recipient", True),
        ("the letter: 554 rejected", False),
        ("the letter: 554 5.0.0 rejected", False),
        ("RCPT: 552 5.2.2 over quota", False),
        ("RCPT: 550 5.7.1 relaying denied", False),
        ("RCPT: 550 sender rejected", False),
        ("MAIL: 550 no", False),
        ("RCPT: 450 4.2.1 busy", False),
        ("the mail server takes no addresses beyond ASCII", False),
    ],
)
def test_refusal_means_the_address_or_not(answer: str, lasting: bool) -> None:
    assert refused_for_good(answer) is lasting
