"""An address is kept as mail knows it, wherever it comes in, and one that mail does not know is asked for again."""

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.addresses import AddressField, as_mailed
from accounts.models import Role, User
from notifications.models import LedgerRow
from portal.bringing_in import cells
from tests.accounts.factories import PASSWORD, make_person, make_staff
from tests.pairs.factories import make_cohort

KEPT = {
    "Ada@Example.ORG": "ada@example.org",
    " ada@example.org ": "ada@example.org",
    "ada@bücher.example": "ada@xn--bcher-kva.example",
    "ada@BÜCHER.example": "ada@xn--bcher-kva.example",
    "ada@straße.example": "ada@strasse.example",
    "o'neil+pairs@example.org": "o'neil+pairs@example.org",
}
# Letters that Unicode takes for those of ASCII, or that Python and a database may lower differently.
NOT_MAILED = ["\u017fada@example.org", "\u212aada@example.org", f"ada@{'ü' * 62}.example"]


class OneField(forms.Form):
    email = AddressField(required=False)


@pytest.mark.parametrize(("typed", "kept"), KEPT.items())
def test_an_address_is_kept_as_mail_knows_it(typed: str, kept: str) -> None:
    form = OneField({"email": typed})

    assert form.is_valid()
    assert form.cleaned_data["email"] == as_mailed(typed) == kept == as_mailed(kept)


@pytest.mark.parametrize("typed", NOT_MAILED)
def test_an_address_that_mail_does_not_know_is_refused(typed: str) -> None:
    assert "email" in OneField({"email": typed}).errors
    with pytest.raises(cells.Wrong, match="This is not an email address"):
        cells.email(typed)
    with pytest.raises(CommandError):
        call_command("create_admin", typed)


def test_no_address_is_none() -> None:
    form = OneField({"email": ""})

    assert form.is_valid()
    assert form.cleaned_data["email"] == ""


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [*NOT_MAILED, "ada@x\ua7cb.example", "ada@İ.example"])
def test_no_page_breaks_on_an_address(client: Client, typed: str) -> None:
    cohort = make_cohort(state="open")
    public = {
        "/accounts/login/": {"login": typed, "password": PASSWORD},
        "/accounts/login/code/": {"email": typed},
        "/accounts/signup/": {"email": typed, "password1": PASSWORD},
        "/accounts/password/reset/": {"email": typed},
        f"/cohorts/{cohort.slug}/apply/": {"email": typed},
    }
    answers = {path: client.post(path, fields).status_code for path, fields in public.items()}
    client.force_login(make_staff(Role.MANAGER))
    inside = {
        "/staff/people/grant/": {"email": typed, "role": "facilitator"},
        f"/staff/cohorts/{cohort.slug}/pairs/new/": {
            "challenge": "x",
            "professional_email": typed,
            "partner_email": "b@example.org",
        },
        f"/staff/programmes/{cohort.programme.slug}/edit/": {"name": "P", "charity": "C", "contact_email": typed},
    }
    answers |= {path: client.post(path, fields).status_code for path, fields in inside.items()}

    assert {path: status for path, status in answers.items() if status not in {200, 302}} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["ada@bücher.example", "Ada@BÜCHER.example", "ada@xn--bcher-kva.example"])
def test_a_person_finds_their_account_however_they_type_its_domain(client: Client, typed: str) -> None:
    person = make_person(email=as_mailed("ada@bücher.example"))

    client.post("/accounts/login/code/", {"email": typed})

    assert LedgerRow.objects.latest("pk").recipient == person
    answer = client.post("/accounts/login/", {"login": typed, "password": PASSWORD})
    assert answer.status_code == 302
    assert User.objects.count() == 1
