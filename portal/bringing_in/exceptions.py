"""Why an action of importing refuses."""


class ImportGone(Exception):
    """It was thrown away or has expired."""


class NotRight(Exception):
    """There is a problem in it, or nothing new, or the letters were not looked at: nothing can be brought in."""


class TooManyImports(Exception):
    """So many tables of one cohort wait already."""
