"""What is asked of a session by hand, and what is offered where it cannot be."""
