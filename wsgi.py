"""The application, for `flask --app wsgi …` and for web servers (`wsgi:app`)."""

from config import Config
from scheduler import begin_logs, create_app

settings = Config.from_environment()
begin_logs(settings)
app = create_app(settings)
