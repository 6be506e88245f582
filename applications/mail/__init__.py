"""The mail of applications, one file a part of the way."""

from applications.mail import applying, deciding  # noqa: F401  (each registers its kinds)
