-- Versions that are no longer offered, what a clone was made of, and a wall around what is published. Row-level security
-- and the grants of the table hold for its new columns.

ALTER TABLE ladder ADD COLUMN archived_at TIMESTAMPTZ CHECK (archived_at IS NULL OR state = 'PUBLISHED');
-- A version of the clinic or of the built-in library, which is not stored: its name is kept beside its id.
ALTER TABLE ladder ADD COLUMN cloned_from UUID;
ALTER TABLE ladder ADD COLUMN cloned_from_key TEXT COLLATE "C";
ALTER TABLE ladder ADD COLUMN cloned_from_version BIGINT CHECK (cloned_from_version >= 1);

-- Plans and decisions name a version: whatever query a fault lets through, a published one says for ever what it said.
CREATE FUNCTION ladder_published_stays() RETURNS TRIGGER LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'a published ladder never changes'; END $$;
CREATE TRIGGER ladder_published_stays BEFORE UPDATE ON ladder FOR EACH ROW
    WHEN (OLD.state = 'PUBLISHED'
        AND (NEW.key, NEW.version, NEW.state, NEW.definition, NEW.published_at)
            IS DISTINCT FROM (OLD.key, OLD.version, OLD.state, OLD.definition, OLD.published_at))
    EXECUTE FUNCTION ladder_published_stays();
