"""What the window shows and what is trained, as plain objects that announce their changes. Qt-free; reads no file."""
