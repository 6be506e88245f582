"""The first person of a new installation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import actions
from accounts.addresses import as_mailed


class Command(BaseCommand):
    help = "Make EMAIL a superuser (new or existing). They sign in with a code by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            address = as_mailed(options["email"])
        except (ValidationError, ValueError) as error:
            raise CommandError(f"{options['email']!r} is not an e-mail address.") from error
        user = actions.ensure_user(email=address, by=None, name=options["name"])
        actions.make_superuser(user=user, by=None)
        self.stdout.write(f"{user.email} is a superuser. Sign in with a code at /accounts/login/code/.")
