from django.urls import URLPattern, URLResolver, path

from portal import pair_home, staff_home

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("pair/", pair_home.pair_home, name="pair_home"),
    path("pairs/<int:pair_id>/", pair_home.pair_detail, name="pair_detail"),
    path("staff/", staff_home.staff_home, name="staff_home"),
]
