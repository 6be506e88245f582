"""What allauth asks of us."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by accepting an invitation; nobody signs up from the outside."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
