"""Measuring what was learned, independently of the losses."""
