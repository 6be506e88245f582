"""How words of the public become HTML: escaped, in paragraphs, with links that vouch for nothing."""

from django import template
from django.utils import timezone
from django.utils.html import escape, linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe

from comments.checks import LINK
from config.identifying import find

register = template.Library()


@register.filter
def comment_html(text: str) -> SafeString:
    """Plain text as paragraphs; addresses become links that search engines do not follow."""
    # urlize escapes every quote of the text, so this attribute can only be its own.
    linked = urlize(text, nofollow=True, autoescape=True).replace('rel="nofollow"', 'rel="nofollow ugc"')
    return mark_safe(linebreaks(linked, autoescape=False))  # noqa: S308  # escaped by urlize


@register.filter
def marked_html(text: str) -> SafeString:
    """Plain text as paragraphs for the moderator: what the checks found is marked, no link leads anywhere."""
    spans = [(detail.start, detail.end) for detail in find(text, this_year=timezone.now().year)]
    spans += [match.span() for match in LINK.finditer(text)]
    pieces, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            pieces += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
            done = end
    pieces.append(escape(text[done:]))
    return mark_safe(linebreaks("".join(pieces), autoescape=False))  # noqa: S308  # every piece is escaped above
