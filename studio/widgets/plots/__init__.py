"""Curves, bars and maps, and what they are made of."""
