"""The page on which people try their camera, sound and connection before an appointment."""
