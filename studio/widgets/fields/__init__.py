"""What a person types, chooses or drags."""
