"""One panel per file. A panel gets data by slots, says what the person wants by signals, and knows no other panel."""
