"""Sessions that somebody, or the house, cannot hold: proposed, done and put back as one."""
