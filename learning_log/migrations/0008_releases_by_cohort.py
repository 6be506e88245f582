import django.db.models.deletion
from django.db import migrations, models

FILLED = """
    CREATE FUNCTION learning_log_release_cohort() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.cohort_id := (SELECT pair.cohort_id FROM learning_log_entry entry JOIN pairs_pair pair ON pair.id = entry.pair_id
            WHERE entry.id = NEW.entry_id);
        RETURN NEW;
    END $$;
    CREATE TRIGGER a_release_stands_in_its_entrys_cohort BEFORE INSERT OR UPDATE OF entry_id, cohort_id
        ON learning_log_release FOR EACH ROW EXECUTE FUNCTION learning_log_release_cohort();
    UPDATE learning_log_release SET cohort_id = NULL;
"""
NOT_FILLED = """
    DROP TRIGGER a_release_stands_in_its_entrys_cohort ON learning_log_release;
    DROP FUNCTION learning_log_release_cohort;
"""


class Migration(migrations.Migration):
    """Each release knows its cohort, so that what its members may read is found by index."""

    dependencies = [
        ("cohorts", "0002_break"),
        ("learning_log", "0007_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="cohort",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cohorts.cohort",
            ),
        ),
        migrations.RunSQL(FILLED, NOT_FILLED),
        # The foreign keys of the rows just filled are checked before the table changes again.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"),
        migrations.AlterField(
            model_name="release",
            name="cohort",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cohorts.cohort",
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                condition=models.Q(("ended_at", None), ("released_at__isnull", False)),
                fields=["cohort", "audience"],
                name="releases_in_a_cohort",
            ),
        ),
    ]
