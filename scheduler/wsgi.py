"""The application, for web servers (`scheduler.wsgi:app`)."""

import sys

from scheduler import begin_logs, create_app
from scheduler.config import Config
from scheduler.kernel.errors import Misconfigured

try:
    settings = Config.from_environment()
    begin_logs(settings)
    app = create_app(settings)
except Misconfigured as error:
    sys.stderr.write(f"error: {error}\n")
    sys.exit(2)
