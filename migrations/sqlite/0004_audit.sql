-- Who did what, and who may: the audit trail with its chain, consents, broken glass, and what was erased. Ids, no names.

CREATE TABLE audit_event (
    clinic_id      BLOB NOT NULL CHECK (length(clinic_id) = 16),
    id             BLOB NOT NULL CHECK (length(id) = 16),
    at             TEXT NOT NULL,
    actor_kind     TEXT NOT NULL CHECK (actor_kind IN ('PERSON', 'SERVICE', 'OPERATOR')),
    actor_id       BLOB CHECK (length(actor_id) = 16),
    -- As what they came: a set, comma-separated, or empty.
    roles          TEXT NOT NULL,
    -- Such as 'rung.v1.PlanService/GetPlan'.
    method         TEXT NOT NULL,
    effect         TEXT NOT NULL CHECK (effect IN ('READ', 'WRITE')),
    athlete_id     BLOB CHECK (length(athlete_id) = 16),
    -- What else it was about, such as a member, a service account or an invitation.
    object_id      BLOB CHECK (length(object_id) = 16),
    outcome        TEXT NOT NULL CHECK (outcome IN ('ALLOWED', 'DENIED', 'FAILED')),
    error_reason   TEXT,
    -- HL7 PurposeOfUse.
    purpose        TEXT NOT NULL,
    break_glass_id BLOB CHECK (length(break_glass_id) = 16),
    call_id        BLOB NOT NULL CHECK (length(call_id) = 16),
    -- Address of the caller.
    network        TEXT,
    PRIMARY KEY (clinic_id, id),
    CHECK ((actor_kind = 'OPERATOR') = (actor_id IS NULL))
) STRICT;
CREATE INDEX audit_event_by_athlete ON audit_event (clinic_id, athlete_id, id);
CREATE INDEX audit_event_by_actor ON audit_event (clinic_id, actor_id, id);
CREATE INDEX audit_event_by_time ON audit_event (clinic_id, at);

-- The chain beside the rows: a row is never touched again, not even to link it.
CREATE TABLE audit_link (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    seq       INTEGER NOT NULL CHECK (seq >= 1),
    event_id  BLOB NOT NULL CHECK (length(event_id) = 16),
    -- SHA-256 of the hash before it and the row.
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (clinic_id, seq),
    UNIQUE (clinic_id, event_id)
) STRICT;

-- The end of the chain: whoever holds this row's lock is the one who links.
CREATE TABLE audit_chain (
    clinic_id    BLOB NOT NULL PRIMARY KEY,
    seq          INTEGER NOT NULL,
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    -- The newest instant of a linked row.
    linked_until TEXT NOT NULL
) STRICT;

CREATE TABLE audit_head (
    clinic_id BLOB NOT NULL CHECK (length(clinic_id) = 16),
    seq       INTEGER NOT NULL CHECK (seq >= 1),
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    signed_at TEXT NOT NULL,
    kid       TEXT NOT NULL,
    -- JWS in compact form.
    signature TEXT NOT NULL,
    PRIMARY KEY (clinic_id, seq)
) STRICT;

-- Versions of what an athlete lets a supporter see; the newest counts. Append-only.
CREATE TABLE consent (
    clinic_id    BLOB NOT NULL CHECK (length(clinic_id) = 16),
    athlete_id   BLOB NOT NULL CHECK (length(athlete_id) = 16),
    supporter_id BLOB NOT NULL CHECK (length(supporter_id) = 16),
    version      INTEGER NOT NULL CHECK (version >= 1),
    id           BLOB NOT NULL CHECK (length(id) = 16),
    state        TEXT NOT NULL CHECK (state IN ('GRANTED', 'WITHDRAWN')),
    -- A set, comma-separated in a fixed order; empty in a withdrawal.
    parts        TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    valid_from   TEXT NOT NULL,
    valid_until  TEXT,
    recorded_at  TEXT NOT NULL,
    recorded_by  BLOB NOT NULL CHECK (length(recorded_by) = 16),
    PRIMARY KEY (clinic_id, athlete_id, supporter_id, version),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id),
    CHECK ((state = 'GRANTED') = (parts <> ''))
) STRICT;
CREATE INDEX consent_by_supporter ON consent (clinic_id, supporter_id, id);
CREATE INDEX consent_by_athlete ON consent (clinic_id, athlete_id, id);

CREATE TABLE break_glass (
    clinic_id       BLOB NOT NULL CHECK (length(clinic_id) = 16),
    id              BLOB NOT NULL CHECK (length(id) = 16),
    athlete_id      BLOB NOT NULL CHECK (length(athlete_id) = 16),
    person_id       BLOB NOT NULL CHECK (length(person_id) = 16),
    reason          TEXT NOT NULL,
    at              TEXT NOT NULL,
    expires_at      TEXT NOT NULL,
    acknowledged_at TEXT,
    acknowledged_by BLOB CHECK (length(acknowledged_by) = 16),
    PRIMARY KEY (clinic_id, id),
    FOREIGN KEY (clinic_id, athlete_id) REFERENCES athlete (clinic_id, id),
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
) STRICT;
CREATE INDEX break_glass_by_person ON break_glass (clinic_id, athlete_id, person_id, expires_at);

-- What was erased, so that a restored backup can be told to erase it again.
CREATE TABLE tombstone (
    clinic_id  BLOB NOT NULL CHECK (length(clinic_id) = 16),
    athlete_id BLOB NOT NULL CHECK (length(athlete_id) = 16),
    reason     TEXT NOT NULL,
    erased_at  TEXT NOT NULL,
    erased_by  BLOB CHECK (length(erased_by) = 16),
    -- Kept under lock until then.
    hold_until TEXT,
    PRIMARY KEY (clinic_id, athlete_id)
) STRICT;

-- Set while the law keeps what is left of an erased record; nobody sees it.
ALTER TABLE athlete ADD COLUMN erased_at TEXT;

-- Whose content a remembered answer carries.
ALTER TABLE request ADD COLUMN athlete_id BLOB;
CREATE INDEX request_by_athlete ON request (clinic_id, athlete_id) WHERE athlete_id IS NOT NULL;
