"""Every address the site answers, one include an app."""

from django.contrib import admin
from django.urls import include, path

import guides.urls
from config import health
from portal.guide_page import guide_page

# The public guide page joins comments below the guide, so it lives in portal, under the name of its app.
guide_addresses = [*guides.urls.urlpatterns, path("guides/<slug:slug>/", guide_page, name="detail")]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("portal.urls")),
    path("", include("comments.urls")),
    path("", include((guide_addresses, "guides"))),
    path("", include("learning_log.urls")),
    path("", include("pairs.urls")),
    path("", include("applications.urls")),
    path("", include("cohorts.urls")),
    path("", include("notifications.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
