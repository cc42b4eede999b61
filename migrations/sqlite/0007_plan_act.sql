-- Plans that are amended, and that time moves by itself.

-- The state as the engine writes it: its first byte is the format. Null, or of another format: it is made again from the
-- events. Nothing of it is lost with the text that stood here, for the events give all of it.
ALTER TABLE plan_state DROP COLUMN state;
ALTER TABLE plan_state ADD COLUMN state BLOB CHECK (length(state) <= 4096);
-- What has become of the small goals since the revision; null: nothing.
ALTER TABLE plan_state ADD COLUMN goals TEXT;
-- When time alone may change the state next; null: never, as it is. Whatever stands here already is looked at once.
ALTER TABLE plan_state ADD COLUMN due_at TEXT DEFAULT '1970-01-01T00:00:00+00:00';
CREATE INDEX plan_state_by_due ON plan_state (clinic_id, due_at, plan_id) WHERE due_at IS NOT NULL;

-- How a revision came about; null for the first one.
ALTER TABLE plan_revision ADD COLUMN seq INTEGER CHECK ((seq IS NULL) = (revision = 1));
ALTER TABLE plan_revision ADD COLUMN reason TEXT;
ALTER TABLE plan_revision ADD COLUMN changes TEXT;
