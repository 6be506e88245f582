from django.urls import URLPattern, URLResolver, path

from portal import console_tables, exports, gallery, pair_home, public, sitemap, staff_home, starting
from portal.bringing_in import views as bringing_in

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
    path("staff/tables/<slug:what>.<slug:kind>", console_tables.console_table, name="console_table"),
    path("staff/cohorts/<slug:slug>/import/", bringing_in.import_new, name="import"),
    path(
        "staff/cohorts/<slug:slug>/import/<slug:what>.<slug:kind>", bringing_in.import_template, name="import_template"
    ),
    path("staff/imports/<int:import_id>/", bringing_in.import_detail, name="import_detail"),
    path("staff/imports/<int:import_id>/found.<slug:kind>", bringing_in.import_problems, name="import_problems"),
    path("staff/imports/<int:import_id>/bring-in/", bringing_in.import_agree, name="import_agree"),
    path("staff/imports/<int:import_id>/again/", bringing_in.import_again, name="import_again"),
    path("staff/imports/<int:import_id>/throw-away/", bringing_in.import_throw_away, name="import_throw_away"),
    path("staff/start/", starting.overview, name="starting"),
    path("staff/start/programme/", starting.programme, name="starting_programme"),
    path("staff/start/programmes/<slug:slug>/plan/", starting.plan, name="starting_plan"),
    path("staff/start/cohorts/<slug:slug>/applying/", starting.applying, name="starting_applying"),
    path("staff/start/cohorts/<slug:slug>/open/", starting.opening, name="starting_open"),
    path("staff/", staff_home.staff_home, name="staff_home"),
]
