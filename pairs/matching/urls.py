"""Addresses of matching, in the name of pairs."""

from django.urls import URLPattern, URLResolver, path

from pairs.matching.views import introductions, table

MATCHING = "staff/cohorts/<slug:slug>/matching"
TWO = f"{MATCHING}/people/<int:applicant_id>"
COUPLE = "staff/introductions/<int:introduction_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("introductions/<int:introduction_id>/", introductions.introduction, name="introduction"),
    path("introductions/<int:introduction_id>/yes/", introductions.introduction_yes, name="introduction_yes"),
    path("introductions/<int:introduction_id>/not-this-time/", introductions.introduction_no, name="introduction_no"),
    path(f"{MATCHING}/", table.matching, name="matching"),
    path(f"{MATCHING}/suggest/", table.matching_suggest, name="matching_suggest"),
    path(f"{MATCHING}/couples/", table.matching_couples, name="matching_couples"),
    path(f"{MATCHING}/check/", table.matching_check, name="matching_check"),
    path(f"{MATCHING}/asked/", introductions.matching_asked, name="matching_asked"),
    path(f"{MATCHING}/decided/", table.matching_rules, name="matching_rules"),
    path(f"{TWO}/", table.matching_person, name="matching_person"),
    path(f"{TWO}/with/<int:other_id>/", table.matching_choose, name="matching_choose"),
    path(f"{TWO}/never-with/<int:other_id>/", table.matching_forbid, name="matching_forbid"),
    path("staff/matching/rules/<int:rule_id>/end/", table.rule_end, name="rule_end"),
    path("staff/matching/systems/<int:same_id>/end/", table.same_system_end, name="same_system_end"),
    path(f"{COUPLE}/keep/", table.couple_keep, name="couple_keep"),
    path(f"{COUPLE}/let-go/", table.couple_let_go, name="couple_let_go"),
    path(f"{COUPLE}/apart/", table.couple_apart, name="couple_apart"),
    path(f"{COUPLE}/heard/<side:side>/", introductions.introduction_heard, name="introduction_heard"),
    path(f"{COUPLE}/call-off/", introductions.introduction_call_off, name="introduction_call_off"),
]
