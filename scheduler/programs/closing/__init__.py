"""Days on which the whole house is closed, as the desk notes them."""
