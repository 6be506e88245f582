"""Asking for a place: the people's own pages, and the staff's help with them."""

from django.urls import URLPattern, URLResolver, path

from applications.views.applying import assisting, designing, people, starting, writing

urlpatterns: list[URLPattern | URLResolver] = [
    path("cohorts/<slug:slug>/apply/", starting.start, name="start"),
    path("cohorts/<slug:slug>/apply/code/", starting.start_code, name="start_code"),
    path("cohorts/<slug:slug>/apply/begin/", starting.begin, name="begin"),
    path("applications/", starting.mine, name="mine"),
    path("applications/<slug:reference>/", writing.tasks, name="tasks"),
    path("applications/<slug:reference>/about/<slug:whose>/", writing.about, name="about"),
    path("applications/<slug:reference>/questions/<slug:whose>/<slug:key>/", writing.question, name="question"),
    path("applications/<slug:reference>/check/", writing.check, name="check"),
    path("applications/<slug:reference>/take-back/<slug:whose>/", writing.take_back, name="take_back"),
    path("applications/<slug:reference>/kind/<slug:kind>/", writing.change_kind, name="change_kind"),
    path("applications/<slug:reference>/partner/", people.partner, name="partner"),
    path("applications/<slug:reference>/partner/withdraw/", people.partner_withdraw, name="partner_withdraw"),
    path("applications/<slug:reference>/help/<slug:whose>/", people.helper, name="helper"),
    path("apply/<str:token>/", people.invited, name="invited"),
    path("apply/<str:token>/code/", people.invited_code, name="invited_code"),
    path("staff/cohorts/<slug:slug>/applications/new/", assisting.new, name="staff_new"),
    path("staff/cohorts/<slug:slug>/questions/", designing.questions, name="questions"),
    path("staff/cohorts/<slug:slug>/questions/new/", designing.question_new, name="question_new"),
    path("staff/cohorts/<slug:slug>/questions/publish/", designing.publish, name="questions_publish"),
    path("staff/cohorts/<slug:slug>/questions/drop/", designing.drop, name="questions_drop"),
    path("staff/cohorts/<slug:slug>/questions/<slug:key>/", designing.question_edit, name="question_edit"),
    path("staff/cohorts/<slug:slug>/questions/<slug:key>/remove/", designing.question_remove, name="question_remove"),
    path("staff/cohorts/<slug:slug>/questions/<slug:key>/<slug:way>/", designing.question_move, name="question_move"),
]
