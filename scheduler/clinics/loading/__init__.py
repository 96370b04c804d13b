"""The database brought up to a clinic file, each record by its key."""
