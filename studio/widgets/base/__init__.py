"""How every control looks and behaves, whatever it is."""
