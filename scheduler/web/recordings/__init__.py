"""Pages of recorded workshops: watching one, and adding one at the desk."""
