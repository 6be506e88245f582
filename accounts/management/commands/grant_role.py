"""Roles from the command line: the way in for the first manager, and back in when the last one left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import Role, User


class Command(BaseCommand):
    help = "Give the person with EMAIL a role: " + ", ".join(Role.values)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["role"] not in Role.values:
            raise CommandError(f"{options['role']!r} is not a role. Choose one of: {', '.join(Role.values)}.")
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(
                f"Nobody here has the address {options['email']!r}. Make them first: manage.py create_admin"
            )
        actions.grant_role(user=user, role=options["role"], by=None)
        self.stdout.write(f"{user.email} is {Role(options['role']).label} now.")
