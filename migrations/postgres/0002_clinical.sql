-- Athletes, ladders, plans and what happened to them. Every row belongs to a clinic, whose id leads each key.
-- Check-ins, events and decisions are append-only.

CREATE TABLE athlete (
    clinic_id UUID NOT NULL,
    id UUID NOT NULL,
    etag BIGINT NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    time_zone TEXT NOT NULL,
    person_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID NOT NULL,
    PRIMARY KEY (clinic_id, id)
);
CREATE INDEX athlete_by_name ON athlete (clinic_id, display_name, id);
CREATE UNIQUE INDEX athlete_of_person ON athlete (clinic_id, person_id) WHERE person_id IS NOT NULL;

CREATE TABLE care_team (
    clinic_id UUID NOT NULL,
    athlete_id UUID NOT NULL,
    person_id UUID NOT NULL,
    lead BOOLEAN NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (clinic_id, athlete_id, person_id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id)
);
CREATE INDEX care_team_by_person ON care_team (clinic_id, person_id, athlete_id);
CREATE UNIQUE INDEX care_team_one_lead ON care_team (clinic_id, athlete_id) WHERE lead;

CREATE TABLE ladder (
    clinic_id UUID NOT NULL,
    id UUID NOT NULL,
    etag BIGINT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    state TEXT NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED')),
    definition JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID NOT NULL,
    published_at TIMESTAMPTZ,
    PRIMARY KEY (clinic_id, id),
    UNIQUE (clinic_id, key, version),
    CHECK ((state = 'PUBLISHED') = (published_at IS NOT NULL))
);
CREATE UNIQUE INDEX ladder_one_draft ON ladder (clinic_id, key) WHERE state = 'DRAFT';

CREATE TABLE plan (
    clinic_id UUID NOT NULL,
    id UUID NOT NULL,
    athlete_id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID NOT NULL,
    PRIMARY KEY (clinic_id, id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id)
);
CREATE INDEX plan_by_athlete ON plan (clinic_id, athlete_id, id);

CREATE TABLE plan_revision (
    clinic_id UUID NOT NULL,
    plan_id UUID NOT NULL,
    revision BIGINT NOT NULL CHECK (revision >= 1),
    definition JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    created_by UUID NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, revision),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
);

-- The one small row that a write locks first. Its version is the etag, and the seq of the last event.
CREATE TABLE plan_state (
    clinic_id UUID NOT NULL,
    plan_id UUID NOT NULL,
    athlete_id UUID NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 0),
    revision BIGINT NOT NULL CHECK (revision >= 1),
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'ACTIVE', 'PAUSED')),
    state JSONB NOT NULL,
    last_check_in_at TIMESTAMPTZ,
    PRIMARY KEY (clinic_id, plan_id),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
);
CREATE UNIQUE INDEX plan_state_one_open ON plan_state (clinic_id, athlete_id) WHERE status <> 'DRAFT';

-- Everything the engine was asked to decide on, in the order of acceptance: replaying it gives the state again.
CREATE TABLE plan_event (
    clinic_id UUID NOT NULL,
    plan_id UUID NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 1),
    id UUID NOT NULL,
    event JSONB NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, seq),
    FOREIGN KEY (clinic_id, plan_id) REFERENCES plan (clinic_id, id)
);

CREATE TABLE check_in (
    clinic_id UUID NOT NULL,
    athlete_id UUID NOT NULL,
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    fingerprint BYTEA NOT NULL,
    performed_at TIMESTAMPTZ NOT NULL,
    time_zone TEXT NOT NULL,
    civil_date DATE NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    entered_by UUID NOT NULL,
    judged TEXT NOT NULL CHECK (judged IN ('FULLY', 'RED_FLAGS_ONLY')),
    report JSONB NOT NULL,
    PRIMARY KEY (clinic_id, athlete_id, id),
    UNIQUE (clinic_id, plan_id, seq),
    FOREIGN KEY (clinic_id, plan_id, seq) REFERENCES plan_event (clinic_id, plan_id, seq)
);
CREATE INDEX check_in_by_acceptance ON check_in (clinic_id, athlete_id, recorded_at, id);

CREATE TABLE decision (
    clinic_id UUID NOT NULL,
    plan_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
    id UUID NOT NULL,
    athlete_id UUID NOT NULL,
    check_in_id UUID,
    decision JSONB NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (clinic_id, plan_id, seq, ordinal),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, plan_id, seq) REFERENCES plan_event (clinic_id, plan_id, seq)
);

-- Answers to repeat when a request comes again under its request_id.
CREATE TABLE request (
    clinic_id UUID NOT NULL,
    person_id UUID NOT NULL,
    request_id UUID NOT NULL,
    fingerprint BYTEA NOT NULL,
    response BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (clinic_id, person_id, request_id)
);
