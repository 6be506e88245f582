from django.urls import URLPattern, URLResolver, path

from comments.views import moderation, public

app_name = "comments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("guides/<slug:slug>/comment/", public.comment_new, name="new"),
    path("guides/<slug:slug>/comment/send/", public.comment_send, name="send"),
    path("guides/<slug:slug>/comment/thanks/", public.comment_thanks, name="thanks"),
    path("guides/<slug:slug>/comments/<int:comment_id>/", public.permalink, name="permalink"),
    path("guides/<slug:slug>/comments.atom", public.comment_feed, name="feed"),
    path("about/moderation/", public.policy, name="policy"),
    path("staff/moderation/", moderation.queue, name="queue"),
    path("staff/moderation/<int:comment_id>/publish/", moderation.publish, name="publish"),
    path("staff/moderation/<int:comment_id>/answer/", moderation.answer, name="answer"),
    path("staff/moderation/<int:comment_id>/refuse/", moderation.refuse, name="refuse"),
    path("staff/moderation/<int:comment_id>/withdraw/", moderation.withdraw, name="withdraw"),
    path("staff/moderation/<int:comment_id>/undo/", moderation.undo, name="undo"),
]
