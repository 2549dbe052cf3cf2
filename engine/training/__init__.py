"""Training: ``loop`` tells its story, ``session`` is what it moves on, ``train_step`` a step; parts by their names."""
