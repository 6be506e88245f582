"""Mail to people who apply: codes, invitations to a partner, "we have it"."""
