"""Rows and tiles of Qt's item views: models, delegates, heads."""
