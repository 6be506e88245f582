"""What staff say about one question."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Question, QuestionSet
from applications.starter import STARTER
from cohorts.forms import PlainForm, long_text

PRIVATE = {Question.Meaning.REACH, Question.Meaning.NEVER_WITH}
OF_THE_BOARD = {Question.Meaning.CHALLENGE, Question.Meaning.LOCAL_SYSTEM}


class QuestionForm(PlainForm):
    text = forms.CharField(
        label=gettext_lazy("The question"),
        help_text=gettext_lazy("As you would ask it face to face. One thing at a time."),
        max_length=300,
        error_messages={"required": gettext_lazy("Enter the question.")},
    )
    hint = forms.CharField(
        label=gettext_lazy("A line of help"),
        help_text=gettext_lazy("What may be left out, or an example."),
        max_length=600,
        required=False,
    )
    asked_of = forms.ChoiceField(
        label=gettext_lazy("Who answers it"), choices=Question.AskedOf.choices, widget=forms.RadioSelect
    )
    asked_when = forms.ChoiceField(
        label=gettext_lazy("When it is asked"), choices=Question.AskedWhen.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("How it is answered"), choices=Question.Kind.choices, widget=forms.RadioSelect
    )
    choices = forms.CharField(
        label=gettext_lazy("The list to choose from"),
        help_text=gettext_lazy("One a line. Only for the two kinds with a list."),
        max_length=4000,
        required=False,
        widget=long_text(rows=6),
    )
    seen_by = forms.ChoiceField(
        label=gettext_lazy("Who sees the answer, once it is sent"),
        help_text=gettext_lazy("What the two answer together is seen by reviewers in any case."),
        choices=Question.SeenBy.choices,
        widget=forms.RadioSelect,
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("What the programme does with it"),
        help_text=gettext_lazy("Matching reads meanings, not words: each can be had once."),
        choices=Question.Meaning.choices,
        required=False,
    )
    is_required = forms.BooleanField(label=gettext_lazy("It has to be answered before sending"), required=False)

    FIELDS = ("text", "hint", "asked_of", "asked_when", "kind", "seen_by", "meaning", "is_required")

    def __init__(
        self, *args: Any, questions: QuestionSet | None, question: Question | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=self.of(question), **kwargs)
        self._questions, self._question = questions, question

    @classmethod
    def of(cls, question: Question | None) -> dict[str, Any]:
        if question is None:
            return {
                "asked_of": Question.AskedOf.EACH,
                "asked_when": Question.AskedWhen.ALWAYS,
                "kind": Question.Kind.LONG,
                "seen_by": Question.SeenBy.TEAM,
            }
        return {name: getattr(question, name) for name in cls.FIELDS} | {"choices": "\n".join(question.choices)}

    def clean_choices(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needs_list = cleaned.get("kind") in {Question.Kind.ONE_OF, Question.Kind.SOME_OF}
        if needs_list and len(cleaned.get("choices", [])) < 2:
            self.add_error("choices", _("Enter at least two things to choose from, one a line."))
        if any(len(choice) > 200 for choice in cleaned.get("choices", [])):
            self.add_error("choices", _("A line of the list can have at most 200 letters."))
        meaning = cleaned.get("meaning")
        if meaning and (taken := self._other_texts().get(meaning)):
            self.add_error("meaning", _("“%(text)s” has this meaning already.") % {"text": taken})
        if meaning in PRIVATE:
            if cleaned.get("seen_by") != Question.SeenBy.TEAM:
                self.add_error("seen_by", _("What this means is for the team alone. Nobody else may read it."))
            if cleaned.get("asked_of") == Question.AskedOf.TOGETHER:
                self.add_error("asked_of", _("What this means is private: each person answers it for themselves."))
        if meaning in OF_THE_BOARD:
            if cleaned.get("asked_of") != Question.AskedOf.TOGETHER:
                self.add_error("asked_of", _("An application has one answer with this meaning: ask the two together."))
            if cleaned.get("kind") in {Question.Kind.YES_NO, Question.Kind.SOME_OF, Question.Kind.TIMES}:
                self.add_error("kind", _("What this means is a line, a few sentences, or one of a list."))
        if meaning and (cleaned.get("kind") == Question.Kind.TIMES) != (meaning == Question.Meaning.TIMES):
            self.add_error("meaning", _("When they can meet is asked as times of the week, and nothing else is."))
        return cleaned

    def _other_texts(self) -> dict[str, str]:
        """What the other questions mean. A cohort without a set begins with the starter's."""
        if self._questions is None:
            return {str(one["meaning"]): str(one["text"]) for one in STARTER if one.get("meaning")}
        others = self._questions.questions.exclude(meaning="")
        if self._question is not None:
            others = others.exclude(key=self._question.key)
        return dict(others.values_list("meaning", "text"))
