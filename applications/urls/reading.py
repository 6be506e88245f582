"""Reading what came in: the board, the reviews."""

from django.urls import URLPattern, URLResolver, path

from applications.views.reading import boards, detail, reviewers

COHORT, APPLICATION = "staff/cohorts/<slug:slug>", "staff/applications/<slug:reference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/applications/", boards.cohort_list, name="cohort_list"),
    path(f"{COHORT}/applications/", boards.cohort_board, name="board"),
    path(f"{COHORT}/reviewers/", reviewers.reviewer_list, name="reviewers"),
    path(f"{COHORT}/criteria/", reviewers.criterion_list, name="criteria"),
    path(f"{COHORT}/criteria/suggested/", reviewers.criteria_suggested, name="criteria_suggested"),
    path(f"{APPLICATION}/", detail.detail, name="detail"),
    path(f"{APPLICATION}/review/", detail.review, name="review"),
    path(f"{APPLICATION}/review/begin/", detail.review_begin, name="review_begin"),
    path(f"{APPLICATION}/review/hand-in/", detail.review_hand_in, name="review_hand_in"),
    path(f"{APPLICATION}/review/take-back/", detail.review_take_back, name="review_take_back"),
    path(f"{APPLICATION}/conflict/", detail.conflict_declare, name="conflict_declare"),
    path(f"{APPLICATION}/notes/", detail.note_add, name="note_add"),
    path("staff/conflicts/<int:conflict_id>/end/", detail.conflict_end, name="conflict_end"),
    path("staff/reviewers/<int:reviewer_id>/end/", reviewers.reviewer_end, name="reviewer_end"),
    path("staff/criteria/<int:criterion_id>/", reviewers.criterion_edit, name="criterion_edit"),
    path("staff/criteria/<int:criterion_id>/move/", reviewers.criterion_move, name="criterion_move"),
    path("staff/criteria/<int:criterion_id>/retire/", reviewers.criterion_retire, name="criterion_retire"),
]
