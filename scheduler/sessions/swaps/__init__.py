"""Two sessions that change places."""
