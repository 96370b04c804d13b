"""Where else a session could be: near it, around it, what is left to it, or another's place."""
