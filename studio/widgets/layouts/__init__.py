"""Where parts stand, and how they fold, wrap and scroll."""
