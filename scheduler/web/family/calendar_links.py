"""The ways to subscribe to a calendar address."""

from urllib.parse import quote

import segno
from flask import current_app, url_for
from markupsafe import Markup

from scheduler.i18n import catalog
from scheduler.web.auth.reader_language import reader_language


def calendar_links(token: str) -> dict[str, object]:
    """Return the ways to subscribe (icalendar: Google wants the webcal address, encoded)."""
    https = f"{current_app.config['KINFOLD'].base_url}{url_for('feed.calendar', token=token)}"
    webcal = f"webcal://{https.partition('://')[2]}"
    picture = segno.make(webcal, error="m", micro=False).svg_inline(
        scale=4,
        border=2,
        dark="#1c2430",
        light="#ffffff",
        svgclass=None,
        lineclass=None,
        omitsize=True,
        title=catalog(reader_language()).gettext("The address as a code for a phone's camera"),
    )
    address = quote(https, safe="")
    name = quote(catalog(reader_language()).gettext("My appointments"), safe="")
    outlook = f"calendar/0/addfromweb?url={address}&name={name}"
    return {
        "https": https,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        "outlook": f"https://outlook.live.com/{outlook}",
        "outlook_work": f"https://outlook.office.com/{outlook}",
        "picture": Markup(picture.replace("<svg ", '<svg role="img" ', 1)),  # noqa: S704 - made here, from no one's words
    }
