"""The application, for web servers (`scheduler.wsgi:app`)."""

import sys

from scheduler import begin_logs, create_app
from scheduler.config import Config
from scheduler.kernel.errors import Misconfigured

DATABASE_SECONDS = 15.0
"""What a page may ask of the database at most; longer work belongs to the worker or a command."""

try:
    settings = Config.from_environment()
    begin_logs(settings)
    app = create_app(settings, database_seconds=DATABASE_SECONDS)
except Misconfigured as error:
    sys.stderr.write(f"error: {error}\n")
    sys.exit(2)
