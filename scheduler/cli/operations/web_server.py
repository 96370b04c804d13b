"""The door for the web: `web run` serves the pages with waitress, by the settings."""

from typing import Any

import click
import waitress
from flask import current_app
from flask.cli import AppGroup

from scheduler.cli.exit_codes import answering
from scheduler.worker import tell_supervisor

web = AppGroup("web", help="Serve the pages.")
FORWARDED_HEADERS = {"x-forwarded-for", "x-forwarded-proto"}


@web.command("run")
@click.option("--listen", default="127.0.0.1:8000", show_default=True, help="Where to listen.")
@click.option("--threads", default=12, show_default=True, type=click.IntRange(2, 64))
@answering
def run_command(listen: str, threads: int) -> None:
    """Serve the pages until SIGTERM; who asks is believed to TRUSTED_PROXIES alone."""
    from scheduler import wsgi

    wsgi.app.debug = False  # the command line has read FLASK_DEBUG anew
    proxies = current_app.config["KINFOLD"].trusted_proxies
    server = waitress.create_server(
        wsgi.app,
        listen=listen,
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=False,  # that a proxy stands before us shuts the figures
        **proxy_options(proxies),
    )
    click.echo(f"the pages are served at {listen}")
    tell_supervisor("READY=1")
    server.run()


def proxy_options(proxies: tuple[str, ...]) -> dict[str, Any]:
    """Return waitress's options for the proxies before us, the nearest last."""
    if not proxies:
        return {}
    return {
        "trusted_proxy": proxies[-1],
        "trusted_proxy_count": len(proxies),
        "trusted_proxy_headers": FORWARDED_HEADERS,
    }
