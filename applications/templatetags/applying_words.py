"""Answers and who sees them, in words."""

from django import template
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applications.models import Answer, Application, Question
from applications.week_words import week_in_words

register = template.Library()


@register.simple_tag
def answer_in_words(answer: Answer | None) -> SafeString:
    """An answer as its question's kind reads: text as paragraphs, lists as lines, yes or no as the word."""
    if answer is None:
        return SafeString("")
    kind, value = answer.question.kind, answer.value
    if kind == Question.Kind.YES_NO:
        return format_html("{}", {True: _("Yes"), False: _("No")}.get(value, ""))
    if kind in {Question.Kind.SOME_OF, Question.Kind.TIMES}:
        lines = week_in_words(value) if kind == Question.Kind.TIMES else list(value)
        return format_html(
            '<ul class="plain">{}</ul>', format_html_join("", '<li dir="auto">{}</li>', [(line,) for line in lines])
        )
    return format_html('<div dir="auto">{}</div>', SafeString(linebreaks(str(value), autoescape=True)))


@register.simple_tag
def seen_in_words(question: Question, application: Application) -> str:
    """Who reads an answer to this question once the application is sent, and who before: AnswerQuerySet in words."""
    if question.asked_of == Question.AskedOf.TOGETHER:
        if application.is_pair:
            return _(
                "You both see and write this. Once it is sent, the programme team and the people who choose read it."
            )
        return _("Once you have sent it, the programme team and the people who choose read this.")
    if question.seen_by == Question.SeenBy.PARTNER:
        if application.is_pair:
            return _(
                "Your partner can read this as soon as they have joined. Once it is sent, the programme team and the "
                "people who choose read it, too."
            )
        return _(
            "Once you have sent it, the programme team and the people who choose read this, and somebody we introduce "
            "you to."
        )
    if question.seen_by == Question.SeenBy.REVIEWERS:
        return _("Once it is sent, the programme team and the people who choose read this. Not your partner.")
    if question.meaning == Question.Meaning.REACH and not application.is_pair:
        return _(
            "Only the programme team reads this, once it is sent. When you and somebody we introduce you to have both "
            "said yes, we tell it to them."
        )
    return _("Only the programme team reads this, once it is sent. Not your partner, and not the people who choose.")
