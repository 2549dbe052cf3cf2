"""Panels that several parts of the window share; none knows another."""
