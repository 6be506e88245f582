"""The page on which people record says so itself; everywhere else camera and microphone stay off."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django_permissions_policy.decorators import permissions_policy_override

View = Callable[..., HttpResponseBase]


def may_record(view: View) -> View:
    """Lets the page of `view` ask its reader for camera and microphone, and play back what they have just recorded.

    The page alone, no frame within it; the browser still asks the person. All other rules of the site stay as they are.
    """
    features: dict[str, Any] = {**settings.PERMISSIONS_POLICY, "camera": ["self"], "microphone": ["self"]}
    sources: dict[str, Any] = {**settings.SECURE_CSP, "media-src": [CSP.SELF, "blob:"]}
    return permissions_policy_override(features)(csp_override(sources)(view))
