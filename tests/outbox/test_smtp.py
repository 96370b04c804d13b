"""A mail server that fails at each verb: the letter is tried again, set aside, or counted as
perhaps delivered.
"""

import socket
from collections.abc import Callable, Iterator

import pytest

from fakes.crooked import DRIP, HANG, HANG_UP, VERBS, Crooked
from scheduler.outbox import (
    DeliveryStatus,
    PostOfficeClosed,
    SmtpTransport,
    smtp,
    smtp_connection,
    smtp_transport,
)

MIME = b"Subject: Appointment\r\n\r\n.hidden dot\r\nAppointment\r\n"


@pytest.fixture
def serve() -> Iterator[Callable[..., Crooked]]:
    standing: list[Crooked] = []

    def one(*said: object) -> Crooked:
        standing.append(Crooked(*said))  # type: ignore[arg-type]
        return standing[-1]

    yield one
    for each in standing:
        each.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_connection, "TIMEOUT", 0.3)


def hand_over(server: Crooked, letters: int = 1) -> list[str]:
    """Return the fate of each letter; "closed" when the mail server could not be reached."""
    fates = []
    with smtp_transport(server.url) as one:
        for _ in range(letters):
            try:
                fates.append(
                    one.hand_over("us@hl-sched.example", "dana@family.example", MIME).fate.value
                )
            except PostOfficeClosed:
                fates.append("closed")
    return fates


def test_sound_server_gets_the_very_bytes_with_dots_doubled(serve: Callable[..., Crooked]) -> None:
    server = serve()

    assert hand_over(server) == ["sent"]
    assert server.kept == [MIME.replace(b"\r\n.", b"\r\n..")]


@pytest.mark.parametrize("answer", [HANG, HANG_UP, "451 later", "550 never"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_fault_at_every_verb_has_its_outcome(
    serve: Callable[..., Crooked], verb: str, answer: str
) -> None:
    if verb == "EHLO":  # before there is a smtp_connection, nothing is tried and nothing is counted
        wanted = "sent" if answer == "550 never" or answer == "451 later" else "closed"
    elif answer in (HANG, HANG_UP):
        wanted = "unknown" if verb == "dot" else "later"
    else:
        wanted = {"451 later": "later", "550 never": "refused"}[answer]

    assert hand_over(serve(verb, answer)) == [wanted]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["451 later", "550 never"])
def test_letter_after_a_refused_one_leaves(
    serve: Callable[..., Crooked], verb: str, answer: str
) -> None:
    assert hand_over(serve(verb, answer, 1), 2)[1] == "sent"


def test_server_that_hung_up_on_an_idle_conversation_is_dialled_again(
    serve: Callable[..., Crooked],
) -> None:
    server = serve()
    with smtp_transport(server.url) as one:
        first = one.hand_over("us@hl-sched.example", "dana@family.example", MIME)
        server.open[0].shutdown(socket.SHUT_RDWR)
        second = one.hand_over("us@hl-sched.example", "dana@family.example", MIME)

    assert (first.fate, second.fate, server.calls) == (DeliveryStatus.SENT, DeliveryStatus.SENT, 2)


def test_slow_server_is_given_up_before_the_lease_ends(
    serve: Callable[..., Crooked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "WHOLE", 0)

    assert hand_over(serve()) == ["closed"]


@pytest.mark.parametrize("verb", VERBS)
def test_server_that_answers_a_byte_at_a_time_for_ever_is_given_up(
    serve: Callable[..., Crooked], verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time; the whole never does."""
    monkeypatch.setattr(smtp, "WHOLE", 0.3)
    wanted = {"EHLO": "closed", "dot": "unknown"}.get(verb, "later")

    assert hand_over(serve(verb, DRIP)) == [wanted]


def test_server_that_offers_no_encryption_gets_nothing(serve: Callable[..., Crooked]) -> None:
    server = serve()
    one = SmtpTransport(server.url.removesuffix("?starttls=off"))

    with pytest.raises(PostOfficeClosed):
        one.hand_over("us@hl-sched.example", "dana@family.example", MIME)
    assert server.kept == []


def test_server_without_letters_beyond_ascii_is_given_a_domain_in_ascii(
    serve: Callable[..., Crooked],
) -> None:
    server = serve()
    with smtp_transport(server.url) as transport:
        outcome = transport.hand_over("us@hl-sched.example", "dana@straße.example", MIME)

    assert outcome.fate is DeliveryStatus.SENT
    assert "rcpt TO:<dana@xn--strae-oqa.example>" in server.heard
    assert "mail FROM:<us@hl-sched.example>" in server.heard


def test_server_without_letters_beyond_ascii_is_not_asked_for_a_name_beyond(
    serve: Callable[..., Crooked],
) -> None:
    server = serve()
    with smtp_transport(server.url) as transport:
        outcome = transport.hand_over("us@hl-sched.example", "ñandú@familia.example", MIME)

    assert outcome.fate is DeliveryStatus.REFUSED
    assert outcome.words == "the mail server takes no addresses beyond ASCII"


def test_address_whose_domain_is_none_is_refused_before_a_server_is_asked(
    serve: Callable[..., Crooked],
) -> None:
    server = serve()
    with smtp_transport(server.url) as transport:
        outcome = transport.hand_over("us@hl-sched.example", "dana@-ü.example", MIME)

    assert (outcome.fate, server.calls) == (DeliveryStatus.REFUSED, 0)
