"""Addresses of guides. `guides:detail` joins comments: it is portal/guide_page.py, added in config/urls.py."""

from django.urls import URLPattern, URLResolver, path

from guides import views

app_name = "guides"

urlpatterns: list[URLPattern | URLResolver] = [
    path("guides/", views.guide_list, name="list"),
    path("staff/guides/", views.staff_list, name="staff_list"),
    path("staff/guides/new/", views.staff_new, name="staff_new"),
    path("staff/guides/<slug:slug>/edit/", views.staff_edit, name="staff_edit"),
    path("staff/guides/<slug:slug>/preview/", views.staff_preview, name="staff_preview"),
    path("staff/guides/<slug:slug>/publish/", views.staff_publish, name="staff_publish"),
    path("staff/guides/<slug:slug>/editions/new/", views.staff_start_edition, name="staff_start_edition"),
    path("staff/guides/<slug:slug>/comments/open/", views.staff_open_comments, name="staff_open_comments"),
    path("staff/guides/<slug:slug>/comments/close/", views.staff_close_comments, name="staff_close_comments"),
]
