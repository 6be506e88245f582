from django.urls import URLPattern, URLResolver

app_name = "pairs"

urlpatterns: list[URLPattern | URLResolver] = []
