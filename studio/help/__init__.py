"""What the window says of itself: explanations of panels and options, of what has the focus, and all keys."""
