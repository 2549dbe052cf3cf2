"""What one step of training is made of: losses, regularisers, averaging, statistics, checkpoints."""
