import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Copies are put together and made in the background, and know which words of others are in them."""

    dependencies = [
        ("learning_log", "0005_introduced"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="copy",
            options={"ordering": ["-created_at", "-pk"], "verbose_name_plural": "copies"},
        ),
        migrations.AddField(
            model_name="copy",
            name="others_responses",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, help_text="Others' answers in it."
            ),
        ),
        migrations.AddField(
            model_name="copy",
            name="others_versions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, help_text="Others' versions in it."
            ),
        ),
        migrations.AddField(
            model_name="copy",
            name="with_answers",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="copy",
            name="attempts",
            field=models.PositiveIntegerField(default=0, help_text="Numbers the claim: an older one changes nothing."),
        ),
        migrations.AlterField(
            model_name="copy",
            name="form",
            field=models.CharField(
                choices=[
                    ("pdf", "PDF, to print or to send"),
                    ("docx", "Word, to go on working with"),
                    ("html", "Web page, to read anywhere"),
                    ("json", "Data, for another program"),
                ],
                default="pdf",
                max_length=4,
            ),
        ),
        migrations.AlterField(
            model_name="copy",
            name="form_key",
            field=models.UUIDField(help_text="Names the form it was asked for with: a second click is the same copy."),
        ),
        migrations.AlterField(
            model_name="copy",
            name="state",
            field=models.CharField(
                choices=[
                    ("choosing", "Being put together"),
                    ("waiting", "Waiting"),
                    ("making", "Being made"),
                    ("ready", "Ready"),
                    ("failed", "Could not be made"),
                    ("withdrawn", "No longer shared with you"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="copy",
            index=models.Index(fields=["expires_at"], name="copies_to_clear"),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.UniqueConstraint(fields=("owner", "form_key"), name="one_copy_per_form"),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ready"), _negated=True),
                    ("entries_done", models.F("entries_total")),
                    _connector="OR",
                ),
                name="a_ready_copy_is_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="copy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "choosing"), _negated=True), ("chosen__isnull", False), _connector="OR"
                ),
                name="what_is_put_together_is_chosen",
            ),
        ),
    ]
