"""Addresses of applications, one file a part of the way."""

from django.urls import URLPattern, URLResolver

from applications.urls import applying, deciding, reading

app_name = "applications"

urlpatterns: list[URLPattern | URLResolver] = [*applying.urlpatterns, *reading.urlpatterns, *deciding.urlpatterns]
