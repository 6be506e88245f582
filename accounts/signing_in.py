"""The forms of the sign-in, which look for an address as it is kept (accounts.addresses)."""

from allauth.account import forms
from allauth.account.adapter import get_adapter


class LoginForm(forms.LoginForm):  # type: ignore[misc]  # allauth ships no types
    def clean_login(self) -> str:
        return str(get_adapter().clean_email(super().clean_login()))


class RequestLoginCodeForm(forms.RequestLoginCodeForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        if self.cleaned_data["email"]:
            self.cleaned_data["email"] = get_adapter().clean_email(self.cleaned_data["email"])
        return str(super().clean_email())
