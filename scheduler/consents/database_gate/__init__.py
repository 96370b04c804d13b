"""The database's own gate, and whether it stands whole."""
