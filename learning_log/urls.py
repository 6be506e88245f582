from django.urls import URLPattern, URLResolver, path

from learning_log import views

app_name = "learning_log"

urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", views.entry_list, name="list"),
    path("log/new/", views.entry_new, name="new"),
    path("log/<int:entry_id>/", views.entry_detail, name="detail"),
    path("log/<int:entry_id>/edit/", views.entry_edit, name="edit"),
    path("log/<int:entry_id>/delete/", views.entry_delete, name="delete"),
    path("log/<int:entry_id>/share/", views.entry_share, name="share"),
    path("log/<int:entry_id>/take-back/", views.entry_take_back, name="take_back"),
    path("log/<int:entry_id>/respond/", views.response_new, name="respond"),
    path("log/<int:entry_id>/responses/<int:response_id>/remove/", views.response_remove, name="remove_response"),
]
