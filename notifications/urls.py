from django.urls import URLPattern, URLResolver, path

from notifications import views

app_name = "notifications"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mail/", views.preferences, name="preferences"),
    path("mail/u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("staff/outbox/", views.outbox, name="outbox"),
    path("staff/outbox/refused/", views.refused, name="refused"),
    path("staff/outbox/refused/<int:suppression_id>/lift/", views.lift, name="lift"),
    path("staff/outbox/<int:row_id>/", views.outbox_row, name="outbox_row"),
    path("staff/outbox/<int:row_id>/send-again/", views.send_again, name="send_again"),
    path("staff/outbox/<int:row_id>/leave/", views.leave, name="leave"),
    path("staff/outbox/<int:row_id>/stop/", views.stop, name="stop"),
    path("demo/mail/", views.demo_mail, name="demo_mail"),
    path("demo/mail/<str:name>/", views.demo_message, name="demo_message"),
    path("demo/mail/<str:name>/html/", views.demo_message_html, name="demo_message_html"),
]
