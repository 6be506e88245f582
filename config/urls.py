"""Every address the site answers, one include an app."""

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("portal.urls")),
    path("", include("comments.urls")),
    path("", include("guides.urls")),
    path("", include("learning_log.urls")),
    path("", include("pairs.urls")),
    path("", include("cohorts.urls")),
    path("", include("notifications.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
