"""Three tables a superuser may look at. Writing goes through actions, so that the trail has it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import AuditEvent, RoleAssignment, User


class ReadOnly:
    """Look, don't touch."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    list_display = ("email", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "name")
    exclude = ("password", "groups", "user_permissions")


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    list_display = ("user", "role", "granted_at", "revoked_at")
    list_filter = ("role",)
    list_select_related = ("user",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic when it runs
    list_display = ("at", "verb", "actor", "target_type", "target_id", "facts")
    list_filter = ("verb",)
    list_select_related = ("actor",)
    date_hierarchy = "at"
