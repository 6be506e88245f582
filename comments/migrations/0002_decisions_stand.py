"""The database's own guard over decisions: they stand, and no held comment becomes public without one."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION comments_decision_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER comments_decision_stands BEFORE UPDATE OR DELETE ON comments_decision
    FOR EACH ROW EXECUTE FUNCTION comments_decision_stands();

CREATE FUNCTION comments_published_by_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM comments_decision
        WHERE comment_id = NEW.id AND comment_version = OLD.version AND verb IN ('published', 'answered')
    ) THEN
        RAISE EXCEPTION 'comment % became public without a decision on version %', NEW.id, OLD.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER comments_published_by_decision AFTER UPDATE OF state ON comments_comment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'published' AND OLD.state IS DISTINCT FROM 'published')
    EXECUTE FUNCTION comments_published_by_decision();
"""

BACKWARDS = """
DROP TRIGGER comments_published_by_decision ON comments_comment;
DROP FUNCTION comments_published_by_decision();
DROP TRIGGER comments_decision_stands ON comments_decision;
DROP FUNCTION comments_decision_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
