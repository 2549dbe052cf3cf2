"""A run as a short script of plain PyTorch: what its recipe does, without Duelo. ``script.written`` writes it."""
