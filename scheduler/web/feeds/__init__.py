"""Calendar feeds by secret address."""
