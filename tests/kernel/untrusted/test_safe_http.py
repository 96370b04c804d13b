"""Fetching what a person named: https and the open internet alone, and nothing of the house is ever
reached.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from fakes.calendar_server import HOST, URL, CalendarServer, here, serving
from scheduler.kernel.untrusted.safe_http import (
    Fetched,
    Network,
    Place,
    Unreachable,
    fetch,
    is_public,
    plain_address,
    status_of,
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    with serving(tmp_path) as server:
        server.body = b"BEGIN:VCALENDAR"
        yield server


def get(
    server: CalendarServer, url: str = URL, *, reach: Network | None = None, tag: str | None = None
) -> Fetched:
    return fetch(url.encode(), tag=tag, modified=None, largest=64, reach=reach or server.reach)


def refused(server: CalendarServer, url: str = URL, *, reach: Network | None = None) -> str:
    """Say in which words nothing came."""
    with pytest.raises(Unreachable) as caught:
        get(server, url, reach=reach)
    return str(caught.value)


def test_what_stands_there_is_given_with_its_conditions(server: CalendarServer) -> None:
    server.tag, server.said = '"v1"', {"Last-Modified": "Mon, 01 Mar 2027 12:00:00 GMT"}

    assert get(server) == Fetched(b"BEGIN:VCALENDAR", '"v1"', "Mon, 01 Mar 2027 12:00:00 GMT")
    assert get(server, tag='"v1"').data is None
    (first, second) = server.asked
    assert (first["host"], first["path"], first["accept-encoding"]) == (
        HOST,
        "/secret/basic.ics",
        "identity",
    )
    assert ("if-none-match" in first, second["if-none-match"]) == (False, '"v1"')


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("::1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("198.18.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("fc00::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("::127.0.0.1", False),
        ("2001:db8::1", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def beside(host: str, *, port: int, also: str) -> list[Place]:
    """Be a host with two addresses."""
    return [("127.0.0.1", port), (also, port)]


def test_this_machine_is_refused_by_default_and_not_even_asked(server: CalendarServer) -> None:
    usual = Network(places=partial(here, port=server.port), authorities=server.authorities)

    assert (
        refused(server, reach=usual)
        == f"{HOST} is no known server of the open internet; check the address"
    )
    assert server.asked == []


def test_one_private_address_beside_a_public_one_is_refused(server: CalendarServer) -> None:
    both = replace(
        server.reach, places=partial(beside, port=server.port, also="10.0.0.5"), allowed=not_ten
    )

    assert "open internet" in refused(server, reach=both)
    assert server.asked == []


def test_addresses_are_tried_in_turn(server: CalendarServer) -> None:
    nowhere = [("127.0.0.1", 1), ("::1", 1), ("127.0.0.1", server.port)]
    reach = replace(server.reach, places=partial(beside_others, nowhere))

    assert get(server, reach=reach).data == b"BEGIN:VCALENDAR"


def beside_others(places: list[Place], host: str) -> list[Place]:
    """Be a host with several addresses of which some lead nowhere."""
    return places


def not_ten(address: str) -> bool:
    """Allow this machine, but not the network beside it."""
    return not address.startswith("10.")


def once_public(host: str, *, port: int, asked: list[str]) -> list[Place]:
    """Be public when asked first and this machine from then on, as DNS rebinding has it."""
    asked.append(host)
    return [("127.0.0.1", port)] if len(asked) == 1 else [("10.0.0.5", port)]


def test_name_is_resolved_once_and_that_very_address_is_taken(server: CalendarServer) -> None:
    asked: list[str] = []
    turning = replace(server.reach, places=partial(once_public, port=server.port, asked=asked))

    assert get(server, reach=turning).data == b"BEGIN:VCALENDAR"
    assert asked == [HOST]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://calendar.example/", "must begin with https://"),
        ("https://127.0.0.1/", "must name a server"),
        ("https://[::1]/", "must name a server"),
        ("https://localhost/", "must name a server"),
        ("https://calendar.example:8443/", "with a port"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://inside.example/", "open internet"),
        (URL, "from one place to the next"),
    ],
)
def test_redirect_is_judged_like_the_address_itself(
    server: CalendarServer, location: str, words: str
) -> None:
    server.status, server.location = 302, location
    reach = replace(server.reach, places=partial(named, port=server.port), allowed=not_ten)

    assert words in refused(server, reach=reach)


def named(host: str, *, port: int) -> list[Place]:
    """Be the calendar's host; one other name is inside the house."""
    return [("10.0.0.5", port)] if host == "inside.example" else [("127.0.0.1", port)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "calendar",
        "http://calendar.example/a.ics",
        "ftp://calendar.example/",
        "https://user:word@calendar.example/",
        "https://calendar.example@10.0.0.1/",
        "https://10.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://calendar.example:22/",
        "https://calendar.example:x/",
        "https://calendar.example/a b",
        "https://calendar.example/\r\nHost: x",
        "https://127。0。0。1/",
        "https://calendar.a‍b.example/",
        "https://[broken/",
        "https:///a.ics",
        "https://calendar.example/" + "a" * 2000,
    ],
)
def test_what_is_no_address_of_the_internet_is_refused(url: str) -> None:
    with pytest.raises(Unreachable):
        plain_address(url)


@pytest.mark.parametrize(
    "url", [f"webcal://{HOST}/a.ics", f" HTTPS://{HOST}:443/a.ics#top ", f"webcals://{HOST}./a.ics"]
)
def test_address_is_kept_in_one_form(url: str) -> None:
    assert plain_address(url) == f"https://{HOST}/a.ics"


@pytest.mark.parametrize(
    ("status", "said", "body", "words"),
    [
        (404, {}, b"", "there is no calendar any more"),
        (401, {}, b"", "not open to us"),
        (500, {}, b"", "tried again later"),
        (304, {}, b"", "answers 304"),
        (206, {}, b"x", "answers 206"),
        (200, {}, b"x" * 65, "larger than"),
        (200, {"Content-Encoding": "br"}, b"x", "packed"),
        (200, {"Content-Encoding": "gzip"}, b"xx", "cannot be unpacked"),
        (511, {}, b"", "sign in first"),
        (200, {}, b"\r\n<!DOCTYPE html>", "a web page came"),
    ],
)
def test_answer_that_is_no_calendar_is_said_in_words(
    server: CalendarServer, status: int, said: dict[str, str], body: bytes, words: str
) -> None:
    server.status, server.said, server.body = status, said, body

    assert words in refused(server)
    assert "secret" not in refused(server).replace("secret address", "")


def test_certificate_that_nobody_vouches_for_is_refused(server: CalendarServer) -> None:
    assert "no valid certificate" in refused(server, reach=replace(server.reach, authorities=None))
    assert "no valid certificate" in refused(server, "https://other.example/")
    assert server.asked == []


@pytest.mark.parametrize("status", [200, 302, 404, 503])
def test_status_is_given_and_no_redirect_followed(server: CalendarServer, status: int) -> None:
    server.status, server.location = status, URL
    server.body = b"<html>"

    assert status_of(f"https://{HOST}:{server.port}/", reach=server.reach) == status
    assert [asked["path"] for asked in server.asked] == ["/"]


def test_server_that_is_not_there_is_said_without_its_path(server: CalendarServer) -> None:
    nobody = replace(server.reach, places=lambda host: [])

    with pytest.raises(Unreachable, match=r"^calendar\.example is no known server"):
        status_of(URL, reach=nobody)
