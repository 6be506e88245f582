from django.urls import URLPattern, URLResolver, include, path

from cohorts.views import cloning, cohorts, own, people, programmes, public, sessions, steps

app_name = "cohorts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("programmes/<slug:slug>/", public.programme_detail, name="programme_detail"),
    path("sessions/", own.my_sessions, name="my_sessions"),
    path("cohorts/<slug:slug>/break/", own.break_take, name="break_take"),
    path("cohorts/<slug:slug>/break/end/", own.break_end, name="break_end"),
    path("staff/programmes/", programmes.staff_programmes, name="staff_programmes"),
    path("staff/programmes/new/", programmes.staff_programme_new, name="staff_programme_new"),
    path("staff/programmes/<slug:slug>/edit/", programmes.staff_programme_edit, name="staff_programme_edit"),
    path("staff/cohorts/", cohorts.staff_list, name="staff_list"),
    path("staff/cohorts/new/", cohorts.staff_new, name="staff_new"),
    path("staff/cohorts/<slug:slug>/", cohorts.staff_detail, name="staff_detail"),
    path("staff/cohorts/<slug:slug>/clone/", cloning.staff_clone, name="staff_clone"),
    path("staff/cohorts/<slug:slug>/edit/", cohorts.staff_edit, name="staff_edit"),
    path("staff/cohorts/<slug:slug>/applying/", cohorts.staff_applying, name="staff_applying"),
    path("staff/cohorts/<slug:slug>/next/", steps.staff_move, name="staff_move"),
    path("staff/cohorts/<slug:slug>/facilitators/new/", people.staff_facilitator_new, name="staff_facilitator_new"),
    path("staff/facilitators/<int:assignment_id>/end/", people.staff_facilitator_end, name="staff_facilitator_end"),
    path("staff/cohorts/<slug:slug>/sessions/new/", sessions.staff_session_new, name="staff_session_new"),
    path("staff/sessions/<int:session_id>/edit/", sessions.staff_session_edit, name="staff_session_edit"),
    path("staff/sessions/<int:session_id>/cancel/", sessions.staff_session_cancel, name="staff_session_cancel"),
    path("", include("cohorts.enquiries.urls")),
]
