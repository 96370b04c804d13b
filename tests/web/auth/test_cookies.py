"""Cookies: bound to our host, shut to scripts and other sites, signed for one purpose."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import BadSignature, URLSafeSerializer

from scheduler.web.auth.cookies import FormCookie
from scheduler.web.auth.kept_device import DEVICE
from scheduler.web.auth.known_browser import BROWSER
from tests.web.house import codes, csrf, post

WEB = Path(__file__).resolve().parents[3] / "scheduler" / "web"
JORDAN = "jordan@patient.example"


def cookies_of(client: FlaskClient) -> dict[str, str]:
    """Return every cookie a browser is given by somebody who signs in on their own phone."""
    post(client, "/", address=JORDAN, way="code")
    said = {"csrf_token": csrf(client, "/code"), "code": codes(JORDAN)[-1], "keep": "yes"}
    answer = client.post("/code", data=said)
    lines = [*answer.headers.getlist("Set-Cookie")]
    lines += client.get("/mine/feed?lang=es").headers.getlist("Set-Cookie")
    return {line.partition("=")[0]: line.partition("; ")[2] for line in lines}


def test_every_cookie_is_host_bound_secure_lax_and_shut_to_scripts(house: Flask) -> None:
    given = cookies_of(house.test_client())

    assert sorted(given) == [
        "__Host-kinfold",
        "__Host-kinfold-browser",
        "__Host-kinfold-device",
        "__Host-kinfold-form",
        "__Host-kinfold-language",
    ]
    for said in given.values():
        parts = {part for part in said.split("; ") if not part.startswith(("Max-Age", "Expires"))}
        assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_no_cookie_is_set_elsewhere() -> None:
    setting = [path.name for path in WEB.rglob("*.py") if ".set_cookie(" in path.read_text()]
    names = ["cookies.py", "kept_device.py", "known_browser.py", "reader_language.py"]

    assert sorted(setting) == names


def test_cookies_are_signed_with_sha256_and_nothing_else_counts(house: Flask) -> None:
    key = house.config["SECRET_KEY"]
    form = FormCookie().get_signing_serializer(house)
    assert form is not None
    weak = {"digest_method": hashlib.sha1, "key_derivation": "hmac"}
    for salt in (BROWSER, DEVICE, "wtf-csrf-token"):
        ours = URLSafeSerializer(key, salt=salt)
        assert ours.make_signer(salt).digest_method is hashlib.sha256
        forged = URLSafeSerializer(key, salt=salt, signer_kwargs=weak).dumps(["x"])
        with pytest.raises(BadSignature):
            ours.loads(forged)

    assert form.make_signer().digest_method is hashlib.sha256


def test_cookie_of_one_purpose_is_none_of_another(house: Flask) -> None:
    client = house.test_client()
    cookies_of(client)
    device = client.get_cookie("__Host-kinfold-device")
    assert device is not None
    key = house.config["SECRET_KEY"]
    assert len(URLSafeSerializer(key, salt=DEVICE).loads(device.value)) == 1
    with pytest.raises(BadSignature):
        URLSafeSerializer(key, salt=BROWSER).loads(device.value)
    thief = house.test_client()
    for name in ("__Host-kinfold-browser", "__Host-kinfold", "__Host-kinfold-form"):
        thief.set_cookie(name, device.value)

    assert thief.get("/mine/").location == "/"


def test_cookie_of_another_house_counts_for_nothing(house: Flask) -> None:
    client = house.test_client()
    cookies_of(client)
    client.delete_cookie("__Host-kinfold")
    assert client.get("/mine/").status_code == 200
    house.config["KINFOLD"] = replace(house.config["KINFOLD"], secret_key="another house's")

    assert client.get("/mine/").location == "/"
