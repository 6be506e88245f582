"""A page with nothing but the recorder, under the site's own middleware, styles and rules, on a free loopback port."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template import engines
from django.test import override_settings
from django.urls import path

from learning_log.media import Medium, NotAMedium, Upload, examine
from learning_log.recording import may_record

PAGE = """{% load static %}<!doctype html><html lang="en-GB"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{{ title }}</title>{% for sheet in sheets %}<link rel="stylesheet" href="{% static sheet %}">{% endfor %}
<body class="log"><main id="main"><div class="wrap">{% include "components/error_summary.html" %}<h1>{{ title }}</h1>
{% if form %}<form novalidate method="post" action="/record/" enctype="multipart/form-data">{% csrf_token %}
{% include "learning_log/components/recorder.html" with field=form.file %}
<div class="actions"><button class="btn btn-primary" type="submit">Send</button></div></form>{% endif %}
</div></main></body></html>"""
SHEETS = ["vendor/bootstrap.min.css", "tokens.css", "alongside.css", "alongside-app.css", "log.css", "log-media.css"]

received: list[Medium] = []


class FileForm(forms.Form):
    """One file, which must be a medium; what arrived is noted in `received`."""

    file = forms.FileField(
        label="Sound, film or a picture", widget=forms.FileInput(attrs={"accept": "image/*,audio/*,video/*"})
    )
    agree = forms.BooleanField(required=False)

    def clean_file(self) -> Upload:
        file: Upload = self.cleaned_data["file"]
        try:
            medium = examine(file)
        except NotAMedium as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        received.append(medium)
        return file


@login_not_required
@may_record
def record(request: HttpRequest) -> HttpResponseBase:
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect("/arrived/")
    return _page(request, title="Add to your entry", form=form)


@login_not_required
def arrived(request: HttpRequest) -> HttpResponseBase:
    return _page(request, title="It has arrived")


def _page(request: HttpRequest, **parts: object) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render({"sheets": SHEETS, **parts}, request))


urlpatterns = [path("record/", record), path("arrived/", arrived)]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test's output is its result."""


@contextmanager
def served() -> Iterator[str]:
    """The page's origin, for as long as the block lasts."""
    with override_settings(ROOT_URLCONF=__name__, SECURE_SSL_REDIRECT=False):
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        server.daemon_threads = True
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        server.server_close()
        thread.join()
