"""What the window says: messages, troubles, how far a training is."""
