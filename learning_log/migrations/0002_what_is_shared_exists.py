from django.db import migrations


class Migration(migrations.Migration):
    """What a partner reads is a version that was saved: the database holds it, for every release to come as well."""

    dependencies = [("learning_log", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE learning_log_voice ADD CONSTRAINT what_is_shared_is_a_saved_version
                    FOREIGN KEY (id, shared_version) REFERENCES learning_log_voiceversion (voice_id, number)
                    DEFERRABLE INITIALLY DEFERRED;
            """,
            reverse_sql="ALTER TABLE learning_log_voice DROP CONSTRAINT what_is_shared_is_a_saved_version;",
        ),
    ]
