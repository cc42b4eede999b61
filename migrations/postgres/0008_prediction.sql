-- What athletes expect of a session before it, and what ties check-ins together: the revision they were done under, the
-- one they correct, the prediction they answer. Append-only like check-ins.

ALTER TABLE check_in ADD COLUMN revision BIGINT NOT NULL DEFAULT 1 CHECK (revision >= 1);
-- The first one: corrections of corrections name it too, so that the newest of them is found by it.
ALTER TABLE check_in ADD COLUMN corrects_id UUID;
ALTER TABLE check_in ADD COLUMN prediction_id UUID;
CREATE INDEX check_in_by_corrected ON check_in (clinic_id, athlete_id, corrects_id, seq) WHERE corrects_id IS NOT NULL;
CREATE INDEX check_in_by_prediction ON check_in (clinic_id, athlete_id, prediction_id) WHERE prediction_id IS NOT NULL;

CREATE TABLE prediction (
    clinic_id UUID NOT NULL,
    athlete_id UUID NOT NULL,
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    revision BIGINT NOT NULL CHECK (revision >= 1),
    track_id UUID NOT NULL,
    rung BIGINT NOT NULL CHECK (rung >= 0),
    fingerprint BYTEA NOT NULL,
    -- When the athlete said it, by their own clock.
    made_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    entered_by UUID NOT NULL,
    feared_outcome TEXT NOT NULL,
    likelihood BIGINT NOT NULL CHECK (likelihood BETWEEN 0 AND 100),
    expected_fear BIGINT NOT NULL CHECK (expected_fear BETWEEN 0 AND 100),
    expected_pain BIGINT NOT NULL CHECK (expected_pain BETWEEN 0 AND 10),
    PRIMARY KEY (clinic_id, athlete_id, id),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
);
CREATE INDEX prediction_by_acceptance ON prediction (clinic_id, athlete_id, recorded_at, id);

-- The second wall, as in 0005.
ALTER TABLE prediction ENABLE ROW LEVEL SECURITY;
ALTER TABLE prediction FORCE ROW LEVEL SECURITY;
CREATE POLICY clinic_read ON prediction FOR SELECT USING (clinic_id = rung_clinic());
CREATE POLICY clinic_insert ON prediction FOR INSERT WITH CHECK (clinic_id = rung_clinic());
CREATE POLICY clinic_update ON prediction FOR UPDATE USING (clinic_id = rung_clinic())
    WITH CHECK (clinic_id = rung_clinic());
CREATE POLICY clinic_erase ON prediction FOR DELETE USING (clinic_id = rung_clinic() AND EXISTS (
    SELECT FROM tombstone t WHERE t.clinic_id = prediction.clinic_id AND t.athlete_id = prediction.athlete_id));
