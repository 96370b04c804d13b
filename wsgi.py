"""The application of a checkout, for `flask --app wsgi …` and for web servers (`wsgi:app`)."""

from scheduler.wsgi import app

__all__ = ["app"]
