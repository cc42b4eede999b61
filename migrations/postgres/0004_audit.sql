-- Who did what, and who may: the audit trail with its chain, consents, broken glass, and what was erased. Ids, no names.

CREATE TABLE audit_event (
    clinic_id      UUID NOT NULL,
    id             UUID NOT NULL,
    at             TIMESTAMPTZ NOT NULL,
    actor_kind     TEXT NOT NULL CHECK (actor_kind IN ('PERSON', 'SERVICE', 'OPERATOR')),
    actor_id       UUID,
    -- As what they came: a set, comma-separated, or empty.
    roles          TEXT NOT NULL,
    -- Such as 'rung.v1.PlanService/GetPlan'.
    method         TEXT NOT NULL,
    effect         TEXT NOT NULL CHECK (effect IN ('READ', 'WRITE')),
    athlete_id     UUID,
    -- What else it was about, such as a member, a service account or an invitation.
    object_id      UUID,
    outcome        TEXT NOT NULL CHECK (outcome IN ('ALLOWED', 'DENIED', 'FAILED')),
    error_reason   TEXT,
    -- HL7 PurposeOfUse.
    purpose        TEXT NOT NULL,
    break_glass_id UUID,
    call_id        UUID NOT NULL,
    -- Address of the caller.
    network        TEXT,
    PRIMARY KEY (clinic_id, id),
    CHECK ((actor_kind = 'OPERATOR') = (actor_id IS NULL))
);
CREATE INDEX audit_event_by_athlete ON audit_event (clinic_id, athlete_id, id);
CREATE INDEX audit_event_by_actor ON audit_event (clinic_id, actor_id, id);
CREATE INDEX audit_event_by_time ON audit_event (clinic_id, at);

-- The chain beside the rows: a row is never touched again, not even to link it.
CREATE TABLE audit_link (
    clinic_id UUID NOT NULL,
    seq       BIGINT NOT NULL CHECK (seq >= 1),
    event_id  UUID NOT NULL,
    -- SHA-256 of the hash before it and the row.
    hash      BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (clinic_id, seq),
    UNIQUE (clinic_id, event_id)
);

-- The end of the chain: whoever holds this row's lock is the one who links.
CREATE TABLE audit_chain (
    clinic_id    UUID NOT NULL PRIMARY KEY,
    seq          BIGINT NOT NULL,
    hash         BYTEA NOT NULL CHECK (length(hash) = 32),
    -- The newest instant of a linked row.
    linked_until TIMESTAMPTZ NOT NULL
);

CREATE TABLE audit_head (
    clinic_id UUID NOT NULL,
    seq       BIGINT NOT NULL CHECK (seq >= 1),
    hash      BYTEA NOT NULL CHECK (length(hash) = 32),
    signed_at TIMESTAMPTZ NOT NULL,
    kid       TEXT NOT NULL,
    -- JWS in compact form.
    signature TEXT NOT NULL,
    PRIMARY KEY (clinic_id, seq)
);

-- Versions of what an athlete lets a supporter see; the newest counts. Append-only.
CREATE TABLE consent (
    clinic_id    UUID NOT NULL,
    athlete_id   UUID NOT NULL,
    supporter_id UUID NOT NULL,
    version      BIGINT NOT NULL CHECK (version >= 1),
    id           UUID NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('GRANTED', 'WITHDRAWN')),
    -- A set, comma-separated in a fixed order; empty in a withdrawal.
    parts        TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    valid_from   TIMESTAMPTZ NOT NULL,
    valid_until  TIMESTAMPTZ,
    recorded_at  TIMESTAMPTZ NOT NULL,
    recorded_by  UUID NOT NULL,
    PRIMARY KEY (clinic_id, athlete_id, supporter_id, version),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id),
    CHECK ((state = 'GRANTED') = (parts <> ''))
);
CREATE INDEX consent_by_supporter ON consent (clinic_id, supporter_id, id);
CREATE INDEX consent_by_athlete ON consent (clinic_id, athlete_id, id);

CREATE TABLE break_glass (
    clinic_id       UUID NOT NULL,
    id              UUID NOT NULL,
    athlete_id      UUID NOT NULL,
    person_id       UUID NOT NULL,
    reason          TEXT NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    expires_at      TIMESTAMPTZ NOT NULL,
    acknowledged_at TIMESTAMPTZ,
    acknowledged_by UUID,
    PRIMARY KEY (clinic_id, id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
CREATE INDEX break_glass_by_person ON break_glass (clinic_id, athlete_id, person_id, expires_at);

-- What was erased, so that a restored backup can be told to erase it again.
CREATE TABLE tombstone (
    clinic_id  UUID NOT NULL,
    athlete_id UUID NOT NULL,
    reason     TEXT NOT NULL,
    erased_at  TIMESTAMPTZ NOT NULL,
    erased_by  UUID,
    -- Kept under lock until then.
    hold_until TIMESTAMPTZ,
    PRIMARY KEY (clinic_id, athlete_id)
);

-- Set while the law keeps what is left of an erased record; nobody sees it.
ALTER TABLE athlete ADD COLUMN erased_at TIMESTAMPTZ;

-- Whose content a remembered answer carries.
ALTER TABLE request ADD COLUMN athlete_id UUID;
CREATE INDEX request_by_athlete ON request (clinic_id, athlete_id) WHERE athlete_id IS NOT NULL;
