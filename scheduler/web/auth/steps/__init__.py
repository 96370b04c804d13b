"""Steps of signing in that only staff take: the link to a password, the second factor."""
