"""What every answer carries, errors and files too."""

import re

import pytest
from flask import Flask

from scheduler.web.auth.headers import POLICY
from tests.web.auth.test_access import addresses
from tests.web.house import sign_in_staff, token

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": POLICY,
}


def test_every_answer_carries_the_policy(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)
    wrong = []
    for address in [*addresses(house, "GET").values(), "/nowhere", f"/i/{token()}"]:
        answer = client.get(address)
        wrong += [
            (address, name) for name, value in ALWAYS.items() if answer.headers.get(name) != value
        ]

    assert wrong == []


def test_pages_are_stored_nowhere(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)

    assert {
        client.get(one).headers["Cache-Control"]
        for one in ("/", "/desk/", "/nowhere", f"/i/{token()}")
    } == {"no-store"}


@pytest.mark.parametrize(
    "base", ["https://hl-sched.example", "http://hl-sched.example", "http://127.0.0.1:8000"]
)
def test_https_is_what_base_url_says_whatever_a_proxy_speaks(house: Flask, base: str) -> None:
    headers = house.test_client().get("/", base_url=base).headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["Set-Cookie"].startswith("__Host-kinfold-form=")
    assert "Secure" in headers["Set-Cookie"]


@pytest.mark.parametrize(
    "fault", [r"<script(?![^>]*\bsrc=)", r"\sstyle=", r"\son[a-z]+=", r"(src|href)=\"(https?:)?//"]
)
def test_pages_hold_nothing_inline_and_nothing_foreign(house: Flask, fault: str) -> None:
    client = house.test_client()
    sign_in_staff(client)
    pages = [*addresses(house, "GET").values(), f"/i/{token()}"]

    guilty = [
        one
        for one in pages
        if "html" in client.get(one).content_type and re.search(fault, client.get(one).text)
    ]

    assert guilty == []
