"""A refused form, as the template pack draws it and a browser parses it."""

from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.template import engines
from django.template.loader import render_to_string

from portal.gallery import REFUSED, ExampleForm

FORM = "{% load crispy_forms_tags %}{{ form|crispy }}"


def drawn(form: ExampleForm) -> Element:
    """The summary and the fields, parsed as a browser would."""
    summary = render_to_string("components/error_summary.html", {"form": form})
    fields = engines["django"].from_string(FORM).render({"form": form})
    page: Element = html5lib.parse(f"{summary}<form>{fields}</form>", namespaceHTMLElements=False)
    return page


@pytest.fixture
def refused() -> Element:
    return drawn(ExampleForm(REFUSED))


@pytest.fixture
def blank() -> Element:
    return drawn(ExampleForm())


def ids(page: Element) -> list[str]:
    return [node.attrib["id"] for node in page.iter() if "id" in node.attrib]


def words(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def field(page: Element, name: str) -> Element:
    return next(node for node in page.iter() if node.get("id") == f"div_id_{name}")


def test_no_id_stands_twice(refused: Element, blank: Element) -> None:
    for page in (refused, blank):
        assert sorted(ids(page)) == sorted(set(ids(page)))


def test_what_describes_a_control_exists(refused: Element) -> None:
    described = {target for node in refused.iter() for target in node.get("aria-describedby", "").split()}

    assert described
    assert described <= set(ids(refused))


def test_what_a_label_names_exists(refused: Element) -> None:
    assert {label.attrib["for"] for label in refused.iter("label")} <= set(ids(refused))


def test_label_then_hint_then_error_then_control(refused: Element) -> None:
    order = [node.get("id") or node.tag for node in field(refused, "name")]

    assert order == ["label", "id_name_helptext", "id_name_error", "id_name"]


def test_hint_and_error_describe_the_control(refused: Element) -> None:
    control = next(node for node in refused.iter("input") if node.get("id") == "id_name")

    assert control.get("aria-describedby") == "id_name_helptext id_name_error"
    assert control.get("aria-invalid") == "true"
    assert "is-invalid" in control.get("class", "")


def test_nothing_says_required_by_bubble_or_star(refused: Element, blank: Element) -> None:
    for page in (refused, blank):
        assert [node.tag for node in page.iter() if "required" in node.attrib] == []
        assert "*" not in words(page)


def test_optional_fields_say_so_and_no_other_does(blank: Element) -> None:
    said = [words(parent) for parent in blank.iter() if any(child.get("class") == "optional" for child in parent)]

    assert said == ["Your role (optional)", "Which of these does it touch? (optional)"]


def test_groups_are_fieldsets_with_a_legend(blank: Element) -> None:
    legends = [words(group[0]) for group in blank.iter("fieldset") if group[0].tag == "legend"]

    assert legends == [
        "How we should reach you",
        "Which of these does it touch? (optional)",
        "When you first noticed",
    ]


def test_a_refused_form_keeps_what_was_typed(refused: Element) -> None:
    values = {node.get("name"): node.get("value") for node in refused.iter("input")}

    assert values["email"] == "winifred.osgathorpe@"
    assert values["noticed_on_month"] == "September"
    assert words(next(refused.iter("textarea"))) == "Three sentences are no good if the post is wrong."


def test_the_summary_links_to_the_first_control_of_each_refused_field(refused: Element) -> None:
    links = {link.attrib["href"].removeprefix("#"): words(link) for link in refused.iter("a")}

    assert links == {
        "id_name": "Enter your name",
        "id_email": "Enter an email address in the right form, like name@example.org",
        "id_reach_0": "Choose how we should reach you",
        "id_noticed_on_0": "The day you first noticed must include a year.",
        "id_agrees": "Tick the box when you have both read it",
    }
    controls = {node.get("id") for node in refused.iter() if node.tag in {"input", "select", "textarea"}}
    assert set(links) <= controls


def test_the_summary_says_the_same_words_as_the_fields(refused: Element) -> None:
    beside = [
        words(line).removeprefix("Error: ")
        for node in refused.iter("div")
        if "invalid-feedback" in node.get("class", "")
        for line in node
    ]

    assert [words(link) for link in refused.iter("a")] == beside


def test_the_summary_takes_the_focus_and_is_announced(refused: Element) -> None:
    summary = next(node for node in refused.iter() if node.get("class") == "error-summary")

    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    assert "data-takes-focus" in summary.attrib
    assert words(summary[0]) == "There is a problem"


def test_a_form_without_errors_has_no_summary(blank: Element) -> None:
    assert [node for node in blank.iter() if node.get("class") == "error-summary"] == []


def test_an_empty_field_is_named_in_the_summary_and_beside_the_field() -> None:
    page = drawn(ExampleForm({"name": "Winifred", "reach": "mail", "noticed_on_day": ""}))

    summary = [words(link) for link in page.iter("a")]
    assert "Fill in “Your comment”" in summary
    assert "Choose an answer to “Where you live”" in summary
    assert words(field(page, "text")).startswith("Your comment Error: Fill in “Your comment”")
    assert "This field is required." not in words(page)
