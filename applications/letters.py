"""The words of a decision: built in, a cohort's own, and filled in for one person. Nothing here is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.exceptions import UnknownPlaceholder
from applications.models import Applicant, Application, Decision, Letter, LetterText
from applications.models.selection import Verdict
from applications.reserve_numbers import numbers_of
from cohorts.models import Cohort
from config.links import absolute

PLACEHOLDERS = {
    "name": gettext_lazy("the name of the person who gets the letter"),
    "partner": gettext_lazy("the name of the other of the two, or “your partner”"),
    "cohort": gettext_lazy("the name of the cohort"),
    "programme": gettext_lazy("the name of the programme"),
    "answer_by": gettext_lazy("the last day to answer, for an offer"),
    "place": gettext_lazy("the number on the reserve list"),
    "telephone": gettext_lazy("the programme’s telephone number, or its email address"),
    "link": gettext_lazy("the page to answer on, or to leave the reserve list, or the programme’s page"),
}
_IN_BRACES = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Text:
    """A subject and a body, with placeholders or without."""

    subject: str
    body: str


# Subject and body.
BUILT_IN: dict[str, tuple[Any, Any]] = {
    Verdict.OFFER: (
        gettext_lazy("A place for the two of you: {programme}"),
        gettext_lazy(
            "Dear {name},\n\n"
            "we are glad to offer you and {partner} a place in {programme}, {cohort}.\n\n"
            "Each of you says yes or no for yourself, by the end of {answer_by}:\n{link}\n\n"
            "We keep the place for you until then. After that it is free for another pair.\n\n"
            "If anything is unclear, or you would rather answer by telephone, ring us: {telephone}\n\n"
            "With warm wishes\nThe {programme} team"
        ),
    ),
    Verdict.RESERVE: (
        gettext_lazy("You are on the reserve list: {programme}"),
        gettext_lazy(
            "Dear {name},\n\n"
            "thank you for applying to {programme}, {cohort}. We would gladly have you with us, and there are fewer "
            "places than good applications. You are on our reserve list.\n\n"
            "When a place comes free for you, we write at once. Until then there is nothing you have to do. If you "
            "would rather not wait, tell us here:\n{link}\n\n"
            "If you would like to talk about it, ring us: {telephone}\n\n"
            "With warm wishes\nThe {programme} team"
        ),
    ),
    Verdict.NOT_THIS_TIME: (
        gettext_lazy("Your application to {programme}"),
        gettext_lazy(
            "Dear {name},\n\n"
            "thank you for applying to {programme}, {cohort}, and for the thought you put into it. We cannot offer "
            "you a place this time. There were many more applications than places, and this says nothing against "
            "what you want to make better.\n\n"
            "It is a “not yet”. You are welcome to apply again; what comes next is announced here:\n{link}\n\n"
            "If you would like to talk about it, ring us: {telephone}\n\n"
            "With warm wishes\nThe {programme} team"
        ),
    ),
}


def text_of(cohort: Cohort, verdict: str) -> Text:
    """The cohort's own words, or the built-in ones."""
    own = LetterText.objects.filter(cohort=cohort, verdict=verdict).first()
    if own:
        return Text(own.subject, own.body)
    subject, body = BUILT_IN[verdict]
    return Text(str(subject), str(body))


def unknown_placeholders(*texts: str) -> list[str]:
    """What stands in braces and is no placeholder, in order, each once."""
    found = [name for text in texts for name in _IN_BRACES.findall(text)]
    return [name for name in dict.fromkeys(found) if name not in PLACEHOLDERS]


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """`text` with every placeholder replaced, once: what a person typed is never read as a placeholder.

    Raises UnknownPlaceholder.
    """
    unknown = unknown_placeholders(text)
    if unknown:
        raise UnknownPlaceholder(unknown)
    return _IN_BRACES.sub(lambda match: values[match.group(1)], text)


def written(
    text: Text, decision: Decision, applicant: Applicant, others: list[Applicant], cohort: Cohort, *, number: int | None
) -> Text:
    """One person's letter. Their own words stand before the farewell; `number` is theirs on the reserve list.

    Raises UnknownPlaceholder.
    """
    values = values_for(decision, applicant, others, cohort, number=number)
    body = filled_in(text.body.replace("\r\n", "\n").strip(), values)
    if decision.words:
        before, gap, farewell = body.rpartition("\n\n")
        parts = [before, decision.words.strip(), farewell] if gap else [body, decision.words.strip()]
        body = "\n\n".join(parts)
    return Text(Truncator(" ".join(filled_in(text.subject, values).split())).chars(200), body)


def values_for(
    decision: Decision, applicant: Applicant, others: list[Applicant], cohort: Cohort, *, number: int | None
) -> dict[str, str]:
    programme = cohort.programme
    partner = next((one.name for one in others if one.pk != applicant.pk and one.name), "")
    return {
        "name": applicant.name or _("applicant"),
        "partner": partner or _("your partner"),
        "cohort": cohort.name,
        "programme": programme.name,
        "answer_by": formats.date_format(decision.answer_by, "l j F Y") if decision.answer_by else "",
        "place": str(number or ""),
        "telephone": programme.contact_phone or programme.contact_email or _("the programme team"),
        "link": absolute(link_for(decision.verdict, decision.application, cohort)),
    }


def link_for(verdict: str, application: Application, cohort: Cohort) -> str:
    if verdict == Verdict.OFFER:
        return reverse("pairs:offer", args=[application.reference])
    if verdict == Verdict.RESERVE:
        return reverse("applications:leave", args=[application.reference])
    return reverse("cohorts:programme_detail", args=[cohort.programme.slug])


def write_letters(*, decision: Decision, cohort: Cohort) -> list[Letter]:
    """Write, or write anew, the letters of a prepared decision, one for each of its people.

    Called inside the transaction that prepares it or changes its words. Raises UnknownPlaceholder.
    """
    people = list(decision.application.applicants.live())
    text = text_of(cohort, decision.verdict)
    number = numbers_of(cohort).get(decision.pk) if decision.verdict == Verdict.RESERVE else None
    decision.letters.all().delete()
    made = []
    for applicant in people:
        one = written(text, decision, applicant, people, cohort, number=number)
        made.append(Letter(decision=decision, applicant=applicant, subject=one.subject, body=one.body))
    return Letter.objects.bulk_create(made)
