import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Words of any language are cut to their English stem, in the text and in the question alike; no word is too common to
# be found ("Will" and "May" are names). Accents, case and what stands between words make no difference.
CONFIGURATION = """
    CREATE TEXT SEARCH DICTIONARY learning_log_stem (TEMPLATE = snowball, LANGUAGE = english);
    CREATE TEXT SEARCH CONFIGURATION learning_log_words (COPY = simple);
    ALTER TEXT SEARCH CONFIGURATION learning_log_words
        ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH learning_log_stem;
"""
WITHOUT_CONFIGURATION = """
    DROP TEXT SEARCH CONFIGURATION learning_log_words;
    DROP TEXT SEARCH DICTIONARY learning_log_stem;
"""

FUNCTIONS = r"""
    CREATE FUNCTION learning_log_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT RETURN
        translate(
            CASE WHEN octet_length(words) = char_length(words) THEN lower(words)
                ELSE normalize(regexp_replace(normalize(lower(words), NFKD), '[\u0300-\u036f]+', '', 'g'), NFC)
            END,
            './@\_:=+~', '         ');

    -- Stems with their places, for phrases, and the words themselves, for their beginnings. More than a vector can hold
    -- (1 MB of different words) is cut: a text that cannot be searched to its end can still be saved.
    CREATE FUNCTION learning_log_vector(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
    DECLARE
        folded text := learning_log_fold(words);
    BEGIN
        LOOP
            BEGIN
                RETURN to_tsvector('learning_log_words', folded) || strip(to_tsvector('simple', folded));
            EXCEPTION WHEN program_limit_exceeded THEN
                folded := left(folded, char_length(folded) / 2);
            END;
        END LOOP;
    END $$;

    -- What was asked, or: all but its last word, and something that begins like that.
    CREATE FUNCTION learning_log_asked(asked text, before text, beginning text) RETURNS tsquery
        LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT RETURN
        websearch_to_tsquery('learning_log_words', learning_log_fold(asked)) || CASE WHEN beginning = '' THEN ''::tsquery
            ELSE websearch_to_tsquery('learning_log_words', learning_log_fold(before))
                && to_tsquery('simple', quote_literal(learning_log_fold(beginning)) || ':*')
            END;
"""
WITHOUT_FUNCTIONS = """
    DROP FUNCTION learning_log_asked;
    DROP FUNCTION learning_log_vector;
    DROP FUNCTION learning_log_fold;
"""

TRIGGERS = r"""
    ALTER TABLE learning_log_searchedwords ADD CONSTRAINT searched_words_go_with_their_version
        FOREIGN KEY (version_id) REFERENCES learning_log_voiceversion (id) ON DELETE CASCADE;

    CREATE FUNCTION learning_log_search(version bigint) RETURNS void LANGUAGE sql AS $$
        INSERT INTO learning_log_searchedwords (version_id, title, words)
        SELECT one.id, learning_log_vector(one.title), learning_log_vector(concat_ws(E'\n',
            array_to_string(one.answers, E'\n'), one.next_step, array_to_string(one.tags, E'\n'),
            (SELECT string_agg(concat_ws(E'\n', file.name, held.words), E'\n')
                FROM learning_log_versionattachment held JOIN learning_log_attachment file ON file.id = held.attachment_id
                WHERE held.version_id = one.id)))
        FROM learning_log_voiceversion one WHERE one.id = version
        ON CONFLICT (version_id) DO UPDATE SET title = excluded.title, words = excluded.words;
    $$;

    CREATE FUNCTION learning_log_search_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM learning_log_search(NEW.id);
        RETURN NULL;
    END $$;
    CREATE TRIGGER words_can_be_searched AFTER INSERT OR UPDATE OF title, answers, next_step, tags
        ON learning_log_voiceversion FOR EACH ROW EXECUTE FUNCTION learning_log_search_version();

    CREATE FUNCTION learning_log_search_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM learning_log_search(coalesce(NEW.version_id, OLD.version_id));
        RETURN NULL;
    END $$;
    CREATE TRIGGER words_of_files_can_be_searched AFTER INSERT OR DELETE OR UPDATE OF words
        ON learning_log_versionattachment FOR EACH ROW EXECUTE FUNCTION learning_log_search_attachment();

    SELECT learning_log_search(id) FROM learning_log_voiceversion;
"""
WITHOUT_TRIGGERS = """
    ALTER TABLE learning_log_searchedwords DROP CONSTRAINT searched_words_go_with_their_version;
    DROP TRIGGER words_can_be_searched ON learning_log_voiceversion;
    DROP TRIGGER words_of_files_can_be_searched ON learning_log_versionattachment;
    DROP FUNCTION learning_log_search_version;
    DROP FUNCTION learning_log_search_attachment;
    DROP FUNCTION learning_log_search;
"""


class Migration(migrations.Migration):
    """Full-text search over the words that a person may read."""

    dependencies = [("learning_log", "0006_copies_in_the_background")]

    operations = [
        migrations.RunSQL(CONFIGURATION, WITHOUT_CONFIGURATION),
        migrations.RunSQL(FUNCTIONS, WITHOUT_FUNCTIONS),
        migrations.CreateModel(
            name="SearchedWords",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="searched",
                        serialize=False,
                        to="learning_log.voiceversion",
                    ),
                ),
                ("title", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunSQL(TRIGGERS, WITHOUT_TRIGGERS),
    ]
