"""What programs are told without asking: whom, of what, and what became of each telling."""
