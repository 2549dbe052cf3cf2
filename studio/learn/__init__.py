"""The learn column: lessons at the left of any workspace, what they point at, and the card of the first start."""
