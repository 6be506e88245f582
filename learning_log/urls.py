from django.urls import URLPattern, URLResolver

app_name = "learning_log"

urlpatterns: list[URLPattern | URLResolver] = []
