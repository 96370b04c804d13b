"""The schema: bringing a database to the newest one, and whether what it installed stands."""
