"""Programs drawn as a week that one edits, and what one patient alone has of appointments."""
