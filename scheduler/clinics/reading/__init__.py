"""From the bytes of a clinic file to checked values, or every problem with its place."""
