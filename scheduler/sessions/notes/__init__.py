"""What the team keeps in mind about a session."""
