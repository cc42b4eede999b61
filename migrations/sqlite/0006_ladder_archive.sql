-- Versions that are no longer offered, what a clone was made of, and a wall around what is published.

ALTER TABLE ladder ADD COLUMN archived_at TEXT CHECK (archived_at IS NULL OR state = 'PUBLISHED');
-- A version of the clinic or of the built-in library, which is not stored: its name is kept beside its id.
ALTER TABLE ladder ADD COLUMN cloned_from BLOB CHECK (length(cloned_from) = 16);
ALTER TABLE ladder ADD COLUMN cloned_from_key TEXT;
ALTER TABLE ladder ADD COLUMN cloned_from_version INTEGER CHECK (cloned_from_version >= 1);

-- Plans and decisions name a version: whatever query a fault lets through, a published one says for ever what it said.
CREATE TRIGGER ladder_published_stays BEFORE UPDATE ON ladder
    WHEN OLD.state = 'PUBLISHED'
        AND (NEW.key, NEW.version, NEW.state, NEW.definition, NEW.published_at)
            IS NOT (OLD.key, OLD.version, OLD.state, OLD.definition, OLD.published_at)
BEGIN
    SELECT RAISE(ABORT, 'a published ladder never changes');
END;
