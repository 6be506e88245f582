from typing import Any

from django.db import migrations, models


def carry_over(apps: Any, _editor: Any) -> None:
    """Who had switched all reminders off goes on getting none of either kind."""
    subscription = apps.get_model("notifications", "Subscription")
    off = subscription.objects.filter(category="reminder", is_on=False)
    subscription.objects.bulk_create(
        [
            subscription(user_id=one.user_id, category="nudge", is_on=False, changed_at=one.changed_at)
            for one in off.iterator()
        ],
        batch_size=1_000,
    )


def drop(apps: Any, _editor: Any) -> None:
    apps.get_model("notifications", "Subscription").objects.filter(category="nudge").delete()


class Migration(migrations.Migration):
    """Reminders to write are switched off by themselves; those of sessions go on."""

    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AlterField(
            "subscription",
            "category",
            models.CharField(
                max_length=10,
                choices=[
                    ("reminder", "Reminders of sessions"),
                    ("nudge", "Reminders to write"),
                    ("digest", "Weekly digest"),
                ],
            ),
        ),
        migrations.RemoveConstraint("subscription", "only_optional_mail_has_one"),
        migrations.AddConstraint(
            "subscription",
            models.CheckConstraint(
                condition=models.Q(category__in=["reminder", "nudge", "digest"]), name="only_optional_mail_has_one"
            ),
        ),
        migrations.RunPython(carry_over, drop),
    ]
