"""Real images: which sets there are, how they are read, and in which order they are trained on."""
