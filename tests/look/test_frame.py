"""The frame round every page: what it costs, where it leads, and what stands when nothing else does."""

import html5lib
import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from tests.accounts.factories import make_person, make_staff

ABOUT = ["/about/accessibility/", "/about/privacy/", "/about/contact/", "/about/moderation/"]
ERRORS = ["400", "403", "404", "429", "500"]


def links(html: bytes | str) -> list[tuple[str, str]]:
    """(words, address) of every link, as a browser would find them."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    return [(" ".join("".join(link.itertext()).split()), link.attrib["href"]) for link in page.iter("a")]


def nav(html: bytes) -> list[str]:
    page = html5lib.parse(html, namespaceHTMLElements=False)
    main = next(node for node in page.iter("nav") if "site-nav" in node.get("class", ""))
    return [" ".join("".join(link.itertext()).split()) for link in main.iter("a")]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", *ABOUT])
def test_a_visitor_gets_no_cookie(path: str, client: Client) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert not response.cookies


@pytest.mark.django_db
def test_the_frame_costs_a_visitor_no_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        client.get("/about/privacy/")


@pytest.mark.django_db
def test_home_costs_a_visitor_a_query_each_for_guides_cohorts_programmes_and_stories(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        client.get("/")


@pytest.mark.django_db
def test_the_frame_asks_once_for_a_signed_in_persons_roles(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_person())
    client.get("/about/privacy/")

    with django_assert_num_queries(2):  # the session, the person with their roles
        client.get("/about/privacy/")


@pytest.mark.django_db
def test_each_audience_has_its_own_links(client: Client) -> None:
    visitor = nav(client.get("/about/privacy/").content)
    client.force_login(make_person())
    member = nav(client.get("/about/privacy/").content)

    assert visitor == ["Guides", "Stories", "Sign in"]
    assert member == ["Our pair", "Learning log", "Sessions", "Guides", "Stories", "Settings"]


@pytest.mark.django_db
def test_the_console_names_only_what_a_role_opens(client: Client) -> None:
    client.force_login(make_staff(Role.MODERATOR))
    moderator = nav(client.get("/staff/").content)
    client.force_login(make_staff(Role.FINANCE))
    finance = nav(client.get("/staff/").content)

    assert "Moderation" in moderator
    assert "Cohorts" not in moderator
    assert not {"Moderation", "Cohorts", "Outbox"} & set(finance)


@pytest.mark.django_db
def test_larger_text_follows_the_person(client: Client) -> None:
    client.force_login(make_person(large_text=True))

    assert b'data-text="large"' in client.get("/about/privacy/").content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", *ABOUT])
def test_every_link_of_a_public_page_leads_somewhere(path: str, client: Client) -> None:
    inside = {address for _words, address in links(client.get(path).content) if address.startswith("/")}

    assert {address: client.get(address).status_code for address in inside} == dict.fromkeys(inside, 200)


@pytest.mark.django_db
def test_the_gallery_is_for_staff(client: Client) -> None:
    client.force_login(make_staff(Role.MODERATOR))
    html = client.get("/gallery/").content
    page = html5lib.parse(html, namespaceHTMLElements=False)
    found = [node.attrib["id"] for node in page.iter() if "id" in node.attrib]

    assert sorted(found) == sorted(set(found))
    assert {address.removeprefix("#") for _words, address in links(html) if address.startswith("#")} <= set(found)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_no_database_and_no_context(name: str) -> None:
    html = render_to_string(f"{name}.html")
    page = html5lib.parse(html, namespaceHTMLElements=False)
    titles = [" ".join("".join(node.itertext()).split()) for node in page.iter("h1")]

    assert len(titles) == 1
    assert f"<title>{titles[0]} – Alongside</title>" in html
    assert ("Go back", "#") not in links(html)


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_our_words(client: Client) -> None:
    response = client.get("/nothing/at/all/")

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
