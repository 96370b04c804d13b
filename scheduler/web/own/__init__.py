"""What patients and relatives set for themselves: how they are reminded, when they can come."""
