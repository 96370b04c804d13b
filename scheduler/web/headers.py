"""What every answer carries: a policy that lets nothing in from elsewhere, and no trace left behind."""

from flask import Response

from scheduler.web.cookies import is_secure

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
YEAR = 365 * 24 * 3600


def add_headers(response: Response) -> Response:
    """Set the headers that a view has not set itself."""
    usual = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
    }
    if is_secure():
        usual["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    # Asking the headers for each name in turn walks through all of them each time; this is done for every answer.
    set_already = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - iterating gives pairs
    response.headers.extend((name, value) for name, value in usual.items() if name.lower() not in set_already)
    return response
