"""When nothing may arrive at somebody, because somebody else may see it."""
