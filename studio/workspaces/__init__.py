"""The window in three ways of working. None knows another, nor the window that shows them."""
