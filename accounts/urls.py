from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("settings/", views.own_settings, name="settings"),
    path("settings/text/", views.returned, name="returned"),
    path("settings/text/drop/", views.drop_returned, name="drop_returned"),
    path("staff/people/", views.staff_people, name="staff_people"),
    path("staff/people/grant/", views.grant_role, name="grant_role"),
    path("staff/people/<int:assignment_id>/revoke/", views.revoke_role, name="revoke_role"),
]
