"""What the views say, apart from how they show it. Qt-free."""

LIVE_MARK = "\N{NO-BREAK SPACE}•"
"""Stands behind the name of an option that may change while it trains, and never alone on a line."""
