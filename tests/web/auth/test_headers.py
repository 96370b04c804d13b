"""What every answer carries, errors and files too."""

import re

import pytest
from flask import Flask

from scheduler.web.auth.headers import POLICY, policy_with
from tests.web.auth.test_access import addresses
from tests.web.house import sign_in_staff, token

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": POLICY,
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Access-Control-Allow-Origin": None,
}
FAULTS = r"<script(?![^>]*\bsrc=)", r"\sstyle=", r"\son[a-z]+=", r"(src|href)=\"(https?:)?//"
"""A script or style within the page, and what would be fetched from elsewhere."""
BOARD = "/desk/cohorts/evening"
"""Its script asks the same house for the places of a session."""


def test_every_answer_carries_the_policy(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)
    wrong = []
    for address in [*addresses(house, "GET").values(), "/nowhere", f"/i/{token()}"]:
        said = dict(client.get(address).headers)
        if address == BOARD:
            assert said["Content-Security-Policy"] == policy_with(connect_src="'self'")
            said["Content-Security-Policy"] = POLICY
        wrong += [(address, name) for name, value in ALWAYS.items() if said.get(name) != value]

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


def test_pages_hold_nothing_inline_and_nothing_foreign(house: Flask) -> None:
    client = house.test_client()
    sign_in_staff(client)
    guilty = []
    for page in [*addresses(house, "GET").values(), f"/i/{token()}"]:
        answer = client.get(page)
        if "html" in answer.content_type:
            text = answer.text
            guilty += [(page, fault) for fault in FAULTS if re.search(fault, text)]

    assert guilty == []


def test_policy_runs_nothing_foreign_and_lets_nobody_frame_us() -> None:
    said = dict(line.split(" ", 1) for line in POLICY.split("; "))

    assert said == {
        "default-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self'",
    }


def test_no_other_origin_may_read_what_we_answer(house: Flask) -> None:
    client = house.test_client()
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    said = []
    for address in ("/", "/assets/kinfold.css", "/api/v1/patients", "/healthz", "/nowhere"):
        for method in ("GET", "OPTIONS"):
            answer = client.open(address, method=method, headers=asked)
            said += [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118

    assert said == []


def test_text_says_its_kind_and_how_its_letters_are_written(house: Flask) -> None:
    client = house.test_client()
    kinds = {}
    for address in (
        "/",
        "/assets/kinfold.css",
        "/assets/once.js",
        "/nowhere",
        "/healthz",
        "/metrics",
    ):
        kinds[address] = client.get(address).headers["Content-Type"]

    assert kinds == {
        "/": "text/html; charset=utf-8",
        "/assets/kinfold.css": "text/css; charset=utf-8",
        "/assets/once.js": "text/javascript; charset=utf-8",
        "/nowhere": "text/html; charset=utf-8",
        "/healthz": "text/plain; charset=utf-8",
        "/metrics": "text/plain; version=0.0.4; charset=utf-8",
    }


@pytest.mark.parametrize("address", ["/", "/desk/", "/api/v1/patients", "/assets/kinfold.css"])
def test_trace_is_answered_nowhere(house: Flask, address: str) -> None:
    answer = house.test_client().open(address, method="TRACE", headers={"X-Secret": "seen"})

    assert (answer.status_code, "seen" in answer.text) == (405, False)


@pytest.mark.parametrize("address", ["/assets/", "/assets", "/static/", "/.git/config", "/wsgi.py"])
def test_no_folder_is_listed_and_no_source_served(house: Flask, address: str) -> None:
    assert house.test_client().get(address).status_code == 404


def test_plain_http_is_led_nowhere(house: Flask) -> None:
    client = house.test_client()
    statuses = []
    for address in ("/api/v1/patients", "/healthz", "/feeds/x.ics", "/texts"):
        statuses.append(client.get(address, base_url="http://hl-sched.example").status_code // 100)

    assert [status for status in statuses if status == 3] == []
