"""What the views say, apart from how they show it. Qt-free."""
