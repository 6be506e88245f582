from django.urls import URLPattern, URLResolver, path

from portal import exports, gallery, pair_home, public, sitemap, staff_home

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("start/", public.start, name="start"),
    path("about/accessibility/", public.accessibility, name="accessibility"),
    path("about/privacy/", public.privacy, name="privacy"),
    path("about/contact/", public.contact, name="contact"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("pair/", pair_home.pair_home, name="pair_home"),
    path("pairs/<int:pair_id>/", pair_home.pair_detail, name="pair_detail"),
    path("staff/cohorts/<slug:slug>/tables/<slug:what>.<slug:kind>", exports.table, name="table"),
    path("staff/", staff_home.staff_home, name="staff_home"),
]
