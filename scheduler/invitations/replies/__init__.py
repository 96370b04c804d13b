"""What comes back: answers, bounces, and what waits for a person."""
