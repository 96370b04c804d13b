"""Who leads a session instead of whom the program names."""
