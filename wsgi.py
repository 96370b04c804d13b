"""The application, for `flask --app wsgi …` and for web servers (`wsgi:app`)."""

from scheduler import create_app

app = create_app()
