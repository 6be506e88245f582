"""Enquiries in the browser: asking, the list, one of them, and everything that can be done with it."""
