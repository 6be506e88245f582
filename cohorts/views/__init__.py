"""Programmes and cohorts in the browser: the public page, a participant’s own pages, and the console."""
