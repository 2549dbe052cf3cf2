"""What happens between services and the parts that every workspace shares. None knows the window."""
