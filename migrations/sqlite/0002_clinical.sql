-- Athletes, ladders, plans and what happened to them. Every row belongs to a clinic, whose id leads each key.
-- Check-ins, events and decisions are append-only.

CREATE TABLE athlete (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    id BLOB NOT NULL CHECK (length(id) = 16),
    etag INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    person_id BLOB CHECK (length(person_id) = 16),
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL CHECK (length(created_by) = 16),
    PRIMARY KEY (clinic_id, id)
) STRICT;
CREATE INDEX athlete_by_name ON athlete (clinic_id, display_name, id);
CREATE UNIQUE INDEX athlete_of_person ON athlete (clinic_id, person_id) WHERE person_id IS NOT NULL;

CREATE TABLE care_team (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16),
    lead INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (clinic_id, athlete_id, person_id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id)
) STRICT;
CREATE INDEX care_team_by_person ON care_team (clinic_id, person_id, athlete_id);
CREATE UNIQUE INDEX care_team_one_lead ON care_team (clinic_id, athlete_id) WHERE lead;

CREATE TABLE ladder (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    id BLOB NOT NULL CHECK (length(id) = 16),
    etag INTEGER NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    state TEXT NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED')),
    definition TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL CHECK (length(created_by) = 16),
    published_at TEXT,
    PRIMARY KEY (clinic_id, id),
    UNIQUE (clinic_id, key, version),
    CHECK ((state = 'PUBLISHED') = (published_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX ladder_one_draft ON ladder (clinic_id, key) WHERE state = 'DRAFT';

CREATE TABLE plan (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    id BLOB NOT NULL CHECK (length(id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL CHECK (length(created_by) = 16),
    PRIMARY KEY (clinic_id, id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id)
) STRICT;
CREATE INDEX plan_by_athlete ON plan (clinic_id, athlete_id, id);

CREATE TABLE plan_revision (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    plan_id BLOB NOT NULL CHECK (length(plan_id) = 16),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    definition TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL CHECK (length(created_by) = 16),
    PRIMARY KEY (clinic_id, plan_id, revision),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
) STRICT;

-- The one small row that a write locks first. Its version is the etag, and the seq of the last event.
CREATE TABLE plan_state (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    plan_id BLOB NOT NULL CHECK (length(plan_id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    version INTEGER NOT NULL CHECK (version >= 0),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'ACTIVE', 'PAUSED')),
    state TEXT NOT NULL,
    last_check_in_at TEXT,
    PRIMARY KEY (clinic_id, plan_id),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
) STRICT;
CREATE UNIQUE INDEX plan_state_one_open ON plan_state (clinic_id, athlete_id) WHERE status <> 'DRAFT';

-- Everything the engine was asked to decide on, in the order of acceptance: replaying it gives the state again.
CREATE TABLE plan_event (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    plan_id BLOB NOT NULL CHECK (length(plan_id) = 16),
    seq INTEGER NOT NULL CHECK (seq >= 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    event TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by BLOB NOT NULL CHECK (length(recorded_by) = 16),
    PRIMARY KEY (clinic_id, plan_id, seq),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
) STRICT;

CREATE TABLE check_in (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    id BLOB NOT NULL CHECK (length(id) = 16),
    plan_id BLOB NOT NULL CHECK (length(plan_id) = 16),
    seq INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    performed_at TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    civil_date TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    entered_by BLOB NOT NULL CHECK (length(entered_by) = 16),
    judged TEXT NOT NULL CHECK (judged IN ('FULLY', 'RED_FLAGS_ONLY')),
    report TEXT NOT NULL,
    PRIMARY KEY (clinic_id, athlete_id, id),
    UNIQUE (clinic_id, plan_id, seq),
    FOREIGN KEY (clinic_id, plan_id, seq) REFERENCES plan_event (clinic_id, plan_id, seq)
) STRICT;
CREATE INDEX check_in_by_acceptance ON check_in (clinic_id, athlete_id, recorded_at, id);

CREATE TABLE decision (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    plan_id BLOB NOT NULL CHECK (length(plan_id) = 16),
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    id BLOB NOT NULL CHECK (length(id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    check_in_id BLOB CHECK (length(check_in_id) = 16),
    decision TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, seq, ordinal),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, plan_id, seq) REFERENCES plan_event (clinic_id, plan_id, seq)
) STRICT;

-- Answers to repeat when a request comes again under its request_id.
CREATE TABLE request (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    person_id BLOB NOT NULL CHECK (length(person_id) = 16),
    request_id BLOB NOT NULL CHECK (length(request_id) = 16),
    fingerprint BLOB NOT NULL,
    response BLOB NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (clinic_id, person_id, request_id)
) STRICT;
