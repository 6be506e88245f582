"""Asking for a place: the people's own pages, and the staff's help with them."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
