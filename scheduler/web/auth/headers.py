"""What every answer carries: a policy that lets nothing in from elsewhere, and no trace left
behind.
"""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from scheduler.web.auth.cookies import is_https

POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""What every page keeps to."""
YEAR = 365 * 24 * 3600
DEVICES_SHUT = "camera=(), geolocation=(), microphone=(), payment=()"
DEVICES_OPEN = "camera=(self), geolocation=(), microphone=(self), payment=()"
"""For the one page on which people try their camera and microphone."""
USUAL = tuple(
    (name.lower(), (name, value))
    for name, value in (
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", "noindex, nofollow"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", DEVICES_SHUT),
        ("Cache-Control", "no-store"),
    )
)
HTTPS_ONLY = ("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")


def policy_with(**sources: str) -> str:
    """Return the policy with what one page needs beside it, by directive: `media_src="'self'"`."""
    own = [f"{name.replace('_', '-')} {where}" for name, where in sources.items()]
    return "; ".join((POLICY, *own))


def with_headers(answer: WSGIApplication, base_url: str) -> WSGIApplication:
    """Set the headers that a view has not set itself, as the answer leaves: no answer passes
    without them.
    """

    def answered(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            given = {name.lower() for name, _ in headers}
            missing = [header for name, header in USUAL if name not in given]
            if is_https(environ, base_url) and HTTPS_ONLY[0].lower() not in given:
                missing.append(HTTPS_ONLY)
            return start(status, headers + missing, error)

        return answer(environ, begin)

    return answered
