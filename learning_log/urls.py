from django.urls import URLPattern, URLResolver, path

from learning_log.views import answering, device, lists, reading, sharing, writing

app_name = "learning_log"

urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", lists.entry_list, name="list"),
    path("log/new/", writing.entry_new, name="new"),
    path("log/new/autosave/", device.autosave_new, name="autosave_new"),
    path("log/device/", device.device, name="device"),
    path("log/signed-in/", device.signed_in, name="signed_in"),
    path("log/<int:entry_id>/autosave/", device.autosave, name="autosave"),
    path("log/<int:entry_id>/", reading.entry_detail, name="detail"),
    path("log/<int:entry_id>/edit/", writing.entry_edit, name="edit"),
    path("log/<int:entry_id>/delete/", writing.entry_delete, name="delete"),
    path("log/<int:entry_id>/share/", sharing.entry_share, name="share"),
    path("log/<int:entry_id>/take-back/", sharing.entry_take_back, name="take_back"),
    path("log/<int:entry_id>/respond/", answering.response_new, name="respond"),
    path("log/<int:entry_id>/responses/<int:response_id>/remove/", answering.response_remove, name="remove_response"),
]
