from django.db import migrations

RELEASES = """
    ALTER TABLE learning_log_release
        ADD CONSTRAINT a_release_knows_what_is_joint
            FOREIGN KEY (entry_id, entry_is_joint) REFERENCES learning_log_entry (id, is_joint)
            DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT first_consent_is_to_this_release
            FOREIGN KEY (first_consent_id, id) REFERENCES learning_log_consent (id, release_id)
            DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT second_consent_is_to_this_release
            FOREIGN KEY (second_consent_id, id) REFERENCES learning_log_consent (id, release_id)
            DEFERRABLE INITIALLY DEFERRED;
"""
WITHOUT_RELEASES = """
    ALTER TABLE learning_log_release
        DROP CONSTRAINT a_release_knows_what_is_joint,
        DROP CONSTRAINT first_consent_is_to_this_release,
        DROP CONSTRAINT second_consent_is_to_this_release;
"""

KEPT_WORDS = """
    CREATE FUNCTION learning_log_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.answers, NEW.title, NEW.happened_on, NEW.next_step, NEW.next_step_on, NEW.approaches, NEW.tags,
                NEW.voice_id, NEW.number, NEW.is_kept)
           IS DISTINCT FROM
           (OLD.answers, OLD.title, OLD.happened_on, OLD.next_step, OLD.next_step_on, OLD.approaches, OLD.tags,
                OLD.voice_id, OLD.number, OLD.is_kept)
           AND NOT (NEW.answers = '{}' AND NEW.title = '' AND NEW.next_step = '' AND NEW.tags = '{}'
                AND NEW.number = OLD.number AND NEW.voice_id = OLD.voice_id)
        THEN
            RAISE EXCEPTION 'A kept version never changes; it can only be emptied.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER a_kept_version_never_changes BEFORE UPDATE ON learning_log_voiceversion
        FOR EACH ROW WHEN (OLD.is_kept) EXECUTE FUNCTION learning_log_keep_words();

    CREATE FUNCTION learning_log_keep_descriptions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.words <> '' AND NEW.words IS DISTINCT FROM OLD.words
           AND EXISTS (SELECT 1 FROM learning_log_voiceversion WHERE id = OLD.version_id AND is_kept)
        THEN
            RAISE EXCEPTION 'A kept version never changes; it can only be emptied.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER a_kept_description_never_changes BEFORE UPDATE ON learning_log_versionattachment
        FOR EACH ROW EXECUTE FUNCTION learning_log_keep_descriptions();
"""
WITHOUT_KEPT_WORDS = """
    DROP TRIGGER a_kept_version_never_changes ON learning_log_voiceversion;
    DROP TRIGGER a_kept_description_never_changes ON learning_log_versionattachment;
    DROP FUNCTION learning_log_keep_words;
    DROP FUNCTION learning_log_keep_descriptions;
"""

CONSENTS = """
    CREATE FUNCTION learning_log_fix_release() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM learning_log_consent WHERE release_id = NEW.release_id) THEN
            RAISE EXCEPTION 'What somebody has consented to takes no other words.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER a_release_is_fixed_before_the_first_consent BEFORE INSERT OR UPDATE ON learning_log_releasedversion
        FOR EACH ROW EXECUTE FUNCTION learning_log_fix_release();

    CREATE FUNCTION learning_log_fix_consent() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.release_id, NEW.person_id, NEW.given_at) IS DISTINCT FROM (OLD.release_id, OLD.person_id, OLD.given_at)
           OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
        THEN
            RAISE EXCEPTION 'A consent is withdrawn once, and never changed.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER a_consent_is_withdrawn_once BEFORE UPDATE ON learning_log_consent
        FOR EACH ROW EXECUTE FUNCTION learning_log_fix_consent();
"""
WITHOUT_CONSENTS = """
    DROP TRIGGER a_release_is_fixed_before_the_first_consent ON learning_log_releasedversion;
    DROP TRIGGER a_consent_is_withdrawn_once ON learning_log_consent;
    DROP FUNCTION learning_log_fix_release;
    DROP FUNCTION learning_log_fix_consent;
"""


class Migration(migrations.Migration):
    """Truths 12 and 13 of DESIGN §4: a release rests on consents to its own exact words, and those never change."""

    dependencies = [("learning_log", "0003_versions_and_releases")]

    operations = [
        migrations.RunSQL(RELEASES, WITHOUT_RELEASES),
        migrations.RunSQL(KEPT_WORDS, WITHOUT_KEPT_WORDS),
        migrations.RunSQL(CONSENTS, WITHOUT_CONSENTS),
    ]
