-- What athletes expect of a session before it, and what ties check-ins together: the revision they were done under, the
-- one they correct, the prediction they answer. Append-only like check-ins.

ALTER TABLE check_in ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1);
-- The first one: corrections of corrections name it too, so that the newest of them is found by it.
ALTER TABLE check_in ADD COLUMN corrects_id BLOB CHECK (length(corrects_id) = 16);
ALTER TABLE check_in ADD COLUMN prediction_id BLOB CHECK (length(prediction_id) = 16);
CREATE INDEX check_in_by_corrected ON check_in (clinic_id, athlete_id, corrects_id, seq) WHERE corrects_id IS NOT NULL;
CREATE INDEX check_in_by_prediction ON check_in (clinic_id, athlete_id, prediction_id) WHERE prediction_id IS NOT NULL;

CREATE TABLE prediction (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    id BLOB NOT NULL CHECK (length(id) = 16),
    plan_id BLOB NOT NULL CHECK (length(plan_id) = 16),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    track_id BLOB NOT NULL CHECK (length(track_id) = 16),
    rung INTEGER NOT NULL CHECK (rung >= 0),
    fingerprint BLOB NOT NULL,
    -- When the athlete said it, by their own clock.
    made_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16),
    feared_outcome TEXT NOT NULL,
    likelihood INTEGER NOT NULL CHECK (likelihood BETWEEN 0 AND 100),
    expected_fear INTEGER NOT NULL CHECK (expected_fear BETWEEN 0 AND 100),
    expected_pain INTEGER NOT NULL CHECK (expected_pain BETWEEN 0 AND 10),
    PRIMARY KEY (clinic_id, athlete_id, id),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
) STRICT;
CREATE INDEX prediction_by_acceptance ON prediction (clinic_id, athlete_id, recorded_at, id);
