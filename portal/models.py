"""Django looks for models here."""

from portal.bringing_in.models import Import

__all__ = ["Import"]
