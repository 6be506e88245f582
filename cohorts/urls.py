from django.urls import URLPattern, URLResolver, path

from cohorts import views

app_name = "cohorts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("programmes/<slug:slug>/", views.programme_detail, name="programme_detail"),
    path("sessions/", views.my_sessions, name="my_sessions"),
    path("cohorts/<slug:slug>/break/", views.break_take, name="break_take"),
    path("cohorts/<slug:slug>/break/end/", views.break_end, name="break_end"),
    path("staff/programmes/", views.staff_programmes, name="staff_programmes"),
    path("staff/programmes/new/", views.staff_programme_new, name="staff_programme_new"),
    path("staff/programmes/<slug:slug>/edit/", views.staff_programme_edit, name="staff_programme_edit"),
    path("staff/cohorts/", views.staff_list, name="staff_list"),
    path("staff/cohorts/new/", views.staff_new, name="staff_new"),
    path("staff/cohorts/<slug:slug>/", views.staff_detail, name="staff_detail"),
    path("staff/cohorts/<slug:slug>/edit/", views.staff_edit, name="staff_edit"),
    path("staff/cohorts/<slug:slug>/applying/", views.staff_applying, name="staff_applying"),
    path("staff/cohorts/<slug:slug>/next/", views.staff_move, name="staff_move"),
    path("staff/cohorts/<slug:slug>/facilitators/new/", views.staff_facilitator_new, name="staff_facilitator_new"),
    path("staff/facilitators/<int:assignment_id>/end/", views.staff_facilitator_end, name="staff_facilitator_end"),
    path("staff/cohorts/<slug:slug>/sessions/new/", views.staff_session_new, name="staff_session_new"),
    path("staff/sessions/<int:session_id>/edit/", views.staff_session_edit, name="staff_session_edit"),
    path("staff/sessions/<int:session_id>/cancel/", views.staff_session_cancel, name="staff_session_cancel"),
]
