"""Staff's pages of single letters, and of addresses that take none."""
