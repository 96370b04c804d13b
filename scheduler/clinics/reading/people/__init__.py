"""Reading what stands beside a person of a clinic file."""
