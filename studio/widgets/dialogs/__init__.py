"""The dialogs, and the base that they share."""
