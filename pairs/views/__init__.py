"""Pairs in the browser: the console (staff), the way in (invitations), going quietly (quiet)."""
