from django.urls import URLPattern, URLResolver, path

from learning_log import feeds
from learning_log.views import (
    answering,
    beginning,
    copies,
    device,
    files,
    history,
    lists,
    nudges,
    prompts,
    reading,
    sharing,
    staff,
    stories,
    writing,
)

app_name = "learning_log"
TOGETHER = {"is_together": True}

urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", lists.entry_list, name="list"),
    path("log/new/", writing.entry_new, name="new"),
    path("log/new/autosave/", device.autosave_new, name="autosave_new"),
    path("log/device/", device.device, name="device"),
    path("log/signed-in/", device.signed_in, name="signed_in"),
    path("log/<int:entry_id>/autosave/", device.autosave, name="autosave"),
    path("log/before-you-begin/", beginning.before_you_begin, name="before"),
    path("log/copies/", copies.copy_list, name="copies"),
    path("log/copies/new/", copies.copy_new, name="copy_new"),
    path("log/copies/choose/", copies.copy_choose, name="copy_choose"),
    path("log/copies/<int:copy_id>/", copies.copy_detail, name="copy"),
    path("log/copies/<int:copy_id>/choose/", copies.copy_choose_again, name="copy_choose_again"),
    path("log/copies/<int:copy_id>/arrange/", copies.copy_arrange, name="copy_arrange"),
    path("log/copies/<int:copy_id>/check/", copies.copy_check, name="copy_check"),
    path("log/copies/<int:copy_id>/make/", copies.copy_make, name="copy_make"),
    path("log/copies/<int:copy_id>/file/", copies.copy_file, name="copy_file"),
    path("log/copies/<int:copy_id>/throw-away/", copies.copy_throw_away, name="copy_throw_away"),
    path("log/<int:entry_id>/", reading.entry_detail, name="detail"),
    path("log/<int:entry_id>/edit/", writing.entry_edit, name="edit"),
    path("log/<int:entry_id>/delete/", writing.entry_delete, name="delete"),
    path("log/<int:entry_id>/files/", files.file_list, name="files"),
    path("log/<int:entry_id>/files/add/", files.file_add, name="file_add"),
    path("log/<int:entry_id>/files/<int:attachment_id>/", files.file_open, name="file"),
    path("log/<int:entry_id>/files/<int:attachment_id>/words/", files.file_describe, name="file_describe"),
    path("log/<int:entry_id>/files/<int:attachment_id>/remove/", files.file_remove, name="file_remove"),
    path("log/<int:entry_id>/versions/", history.version_list, name="versions"),
    path("log/<int:entry_id>/versions/<int:number>/", history.version_detail, name="version"),
    path("log/<int:entry_id>/versions/<int:number>/restore/", history.version_restore, name="restore"),
    path("log/<int:entry_id>/together/versions/", history.version_list, TOGETHER, name="together_versions"),
    path(
        "log/<int:entry_id>/together/versions/<int:number>/", history.version_detail, TOGETHER, name="together_version"
    ),
    path(
        "log/<int:entry_id>/together/versions/<int:number>/restore/",
        history.version_restore,
        TOGETHER,
        name="together_restore",
    ),
    path("log/<int:entry_id>/share/", sharing.entry_share, name="share"),
    path("log/<int:entry_id>/take-back/", sharing.entry_take_back, name="take_back"),
    path("log/<int:entry_id>/respond/", answering.response_new, name="respond"),
    path(
        "log/<int:entry_id>/responses/<int:response_id>/discard/", answering.response_discard, name="discard_response"
    ),
    path("log/<int:entry_id>/responses/<int:response_id>/remove/", answering.response_remove, name="remove_response"),
    path("staff/prompts/", prompts.prompt_list, name="prompts"),
    path("staff/prompts/new/", prompts.prompt_new, name="prompt_new"),
    path("staff/prompts/<slug:key>/", prompts.prompt_edit, name="prompt_edit"),
    path("staff/prompts/<slug:key>/retire/", prompts.prompt_retire, name="prompt_retire"),
    path("staff/prompts/<slug:key>/offer/", prompts.prompt_offer, name="prompt_offer"),
    path("stories/", stories.story_list, name="stories"),
    path("stories/stories.atom", feeds.story_feed, name="story_feed"),
    path("stories/<int:release_id>/", stories.story_detail, name="story"),
    path("stories/<int:release_id>/files/<int:attachment_id>/", stories.story_file, name="story_file"),
    path("log/nudges/", nudges.nudges, name="nudges"),
    path("staff/cohorts/<slug:cohort_slug>/learning/", staff.cohort_learning, name="cohort_learning"),
]
