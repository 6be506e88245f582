"""Our settings with the bare views of bench/limits.py beside the pages."""

from config.settings import *  # noqa: F403  (the same settings, but one)

ROOT_URLCONF = "bench.limits"
