"""Django's admin, told to be ours. In a module of its own because apps.py modules load before any model."""

from django.contrib.admin.apps import SimpleAdminConfig


class AdminConfig(SimpleAdminConfig):
    """Only what accounts/admin.py names is registered; other apps' admin modules are not even looked for."""

    default_site = "accounts.admin_site.SuperuserAdminSite"

    def ready(self) -> None:
        super().ready()
        from accounts import admin  # noqa: F401  (registers the three models that may be looked at)
