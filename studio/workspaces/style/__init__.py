"""The workspace Style: what one picture shows, painted as another one is."""
