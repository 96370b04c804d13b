"""What single entries of a clinic file cannot show: the file as a whole, judged."""
