"""Decisions, letters, offers, and leaving early."""

from django.urls import URLPattern, URLResolver, path

from applications.views.deciding import decisions, leaving, letters, offers

COHORT, APPLICATION = "staff/cohorts/<slug:slug>", "staff/applications/<slug:reference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("applications/<slug:reference>/leave/", leaving.leave, name="leave"),
    path(f"{COHORT}/decisions/", decisions.decisions, name="decisions"),
    path(f"{COHORT}/decisions/release/", decisions.release, name="release"),
    path(f"{COHORT}/decisions/letters-anew/", decisions.letters_anew, name="letters_anew"),
    path(f"{COHORT}/decisions/several/", decisions.decide_several, name="decide_several"),
    path(f"{COHORT}/letters/", letters.letter_texts, name="letter_texts"),
    path(f"{COHORT}/letters/<slug:verdict>/", letters.letter_text, name="letter_text"),
    path(f"{COHORT}/letters/<slug:verdict>/built-in/", letters.letter_text_drop, name="letter_text_drop"),
    path(f"{COHORT}/offers/", offers.offers, name="offers"),
    path(f"{COHORT}/reserve-list/", offers.reserve_list, name="reserve_list"),
    path(f"{APPLICATION}/decide/", decisions.decide, name="decide"),
    path(f"{APPLICATION}/reserve-list/up/", offers.reserve_move, {"way": "up"}, name="reserve_up"),
    path(f"{APPLICATION}/reserve-list/down/", offers.reserve_move, {"way": "down"}, name="reserve_down"),
    path(f"{APPLICATION}/reserve-list/back/", offers.put_back, name="put_back"),
    path(f"{APPLICATION}/offer-now/", offers.offer_now, name="offer_now"),
    path(f"{APPLICATION}/leave/<slug:side>/", leaving.leave_for, name="leave_for"),
    path("staff/decisions/<int:decision_id>/take-back/", decisions.take_back, name="take_back_decision"),
    path("staff/letters/<int:letter_id>/told/", decisions.told, name="told"),
]
