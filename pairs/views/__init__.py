"""Pairs in the browser: the console (staff), and the way in for the person invited (invitations)."""
