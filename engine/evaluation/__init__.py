"""Measuring what was learnt, independently of the losses."""
