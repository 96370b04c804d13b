"""The two cookies: who is signed in, and the form's own. Host-bound and Secure wherever the outside
is https.
"""

import hashlib
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

import flask
from flask import Flask, after_this_request, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import Signer
from werkzeug.wrappers import Response

from scheduler.config import Config
from scheduler.kernel.clock import now

SIGN_IN = "kinfold"
FORM = "kinfold-form"
KEPT_BY_BROWSER = '"cache", "storage"'
"""What a browser forgets with a sign-in; the cookie by which it is known to be ours stays."""
RENEWED = "kinfold.renewed"
"""Under which a request keeps the secret that took the place of the one it brought."""

# What forms and cookies are signed with wherever nobody says otherwise: SHA-1 would be usual.
Signer.default_digest_method = staticmethod(hashlib.sha256)


def is_https(environ: WSGIEnvironment, base_url: str) -> bool:
    """True if people reach us by https: BASE_URL says so, whatever a proxy in front speaks."""
    return urlsplit(base_url).scheme == "https" or environ["wsgi.url_scheme"] == "https"


def is_secure() -> bool:
    """True if the browser in hand reaches us by https."""
    return is_https(request.environ, current_app.config["KINFOLD"].base_url)


def named_cookie(name: str) -> str:
    """Return the name of a cookie, bound to our host on https."""
    return f"__Host-{name}" if is_secure() else name


def sign_in_secret() -> str | None:
    """Return the secret that the browser sent, or the one that took its place since."""
    renewed: str | None = request.environ.get(RENEWED)
    return renewed or request.cookies.get(named_cookie(SIGN_IN))


def keep_sign_in(response: Response, secret: str) -> Response:
    """Hand the secret to the browser, until it is closed."""
    response.set_cookie(
        named_cookie(SIGN_IN),
        secret,
        httponly=True,
        secure=is_secure(),
        samesite="Lax",
        path="/",
    )
    return response


def renew_sign_in(secret: str) -> None:
    """Let this request and the browser's next ones go by another secret."""
    request.environ[RENEWED] = secret

    @after_this_request
    def hand_out(response: Response) -> Response:
        return keep_sign_in(response, secret)


def forget_kept(response: Response) -> Response:
    """Let the browser forget the pages it kept of a sign-in that is over."""
    response.headers["Clear-Site-Data"] = KEPT_BY_BROWSER
    return response


def drop_sign_in(response: Response) -> Response:
    """Let the browser forget the secret, and what it kept of the pages behind it."""
    response.delete_cookie(
        named_cookie(SIGN_IN),
        httponly=True,
        secure=is_secure(),
        samesite="Lax",
        path="/",
    )
    return forget_kept(response)


def signing_keys() -> list[str]:
    """Return the keys that cookies may be signed with, the one in force last: those of before count
    until their stated day is over.
    """
    settings: Config = current_app.config["KINFOLD"]
    today = now().date()
    former = [known.key for known in settings.kept_keys.former if known.until >= today]
    return [*reversed(former), settings.secret_key]


class FormCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, for forms and what is half typed only; no one is signed in by it.
    HMAC-SHA256.

    Programs that subscribe to a calendar bring none and get none: for them nothing is set up,
    signed or looked at.
    """

    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: flask.Request) -> SecureCookieSession | None:
        """Return what the browser brought, or an empty one."""
        return (
            super().open_session(app, request)
            if "HTTP_COOKIE" in request.environ
            else self.session_class()
        )

    def save_session(self, app: Flask, session: SessionMixin, response: flask.Response) -> None:
        """Hand it to the browser when it was touched."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name, host-bound on https."""
        return named_cookie(FORM)

    def get_cookie_secure(self, app: Flask) -> bool:
        """True if it may travel by https only."""
        return is_secure()

    def get_cookie_samesite(self, app: Flask) -> str:
        """Keep it from other sites' forms."""
        return "Lax"
