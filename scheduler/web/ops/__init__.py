"""For programs that watch or deliver: health, the access log, the gateway of text messages."""
