"""Who may know of a session, and who never."""
