"""Pages about decisions, letters, offers, the reserve list, and leaving."""
