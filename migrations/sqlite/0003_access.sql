-- What signing in and being let in needs beyond a password: second factors, resets, service accounts, throttles, and the
-- number by which every replica learns that somebody was shut out.

ALTER TABLE clinic ADD COLUMN etag INTEGER NOT NULL DEFAULT 1;
ALTER TABLE clinic ADD COLUMN state TEXT NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'DEACTIVATED'));
-- Every physiotherapist of the clinic is in care of every athlete of it.
ALTER TABLE clinic ADD COLUMN shared_care INTEGER NOT NULL DEFAULT 0;
-- A set of roles as in membership, or empty.
ALTER TABLE clinic ADD COLUMN second_factor_roles TEXT NOT NULL DEFAULT '';

ALTER TABLE membership ADD COLUMN etag INTEGER NOT NULL DEFAULT 1;
-- When the clinic last had proof that the account is the person's: an invitation accepted, a reset of its own.
ALTER TABLE membership ADD COLUMN vouched_at TEXT;
-- When an admin last made the account set a new password; a clinic that has not vouched since does not believe it.
ALTER TABLE credential ADD COLUMN reset_at TEXT;

ALTER TABLE auth_session ADD COLUMN second_factor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE auth_session ADD COLUMN refreshed_at TEXT;
-- The newest rotation of which a token was used: before that, its answer may have got lost.
ALTER TABLE auth_session ADD COLUMN confirmed_rotation INTEGER NOT NULL DEFAULT 0;

-- What a supporter is to see, from the moment of acceptance on.
ALTER TABLE invitation ADD COLUMN consent_parts TEXT;
ALTER TABLE invitation ADD COLUMN consent_purpose TEXT;
ALTER TABLE invitation ADD COLUMN consent_until TEXT;

-- A key signs from here on; every replica has read it by then.
ALTER TABLE signing_key ADD COLUMN active_from TEXT;

CREATE TABLE second_factor (
    person_id    BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    -- Nonce, then the secret under the key-encryption key.
    sealed       BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    -- Until then it is an offer and counts for nothing.
    confirmed_at TEXT,
    -- The credential's own reset_at at that moment: whoever had the code of that reset may have set the factor up.
    reset_at     TEXT,
    -- The newest time step of which a code was taken: none before or at it works again.
    last_step    INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_code (
    -- SHA-256 of person and code.
    hash      BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    person_id BLOB NOT NULL REFERENCES person (id),
    used_at   TEXT
) STRICT;

CREATE INDEX recovery_code_by_person ON recovery_code (person_id);

CREATE TABLE reset_code (
    -- SHA-256 of the code; the code itself is shown once and kept nowhere.
    hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    clinic_id  BLOB NOT NULL REFERENCES clinic (id),
    person_id  BLOB NOT NULL REFERENCES person (id),
    created_by BLOB NOT NULL REFERENCES person (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    -- Used, or replaced by a newer one.
    closed_at  TEXT
) STRICT;

CREATE INDEX reset_code_by_person ON reset_code (person_id);

CREATE TABLE service_account (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    clinic_id    BLOB NOT NULL REFERENCES clinic (id),
    display_name TEXT NOT NULL,
    -- A set, comma-separated in a fixed order.
    scopes       TEXT NOT NULL CHECK (scopes <> ''),
    created_at   TEXT NOT NULL,
    created_by   BLOB NOT NULL REFERENCES person (id),
    revoked_at   TEXT
) STRICT;

CREATE INDEX service_account_by_clinic ON service_account (clinic_id, id);

CREATE TABLE service_account_key (
    service_account_id BLOB NOT NULL REFERENCES service_account (id),
    kid                TEXT NOT NULL,
    algorithm          TEXT NOT NULL CHECK (algorithm IN ('ES384', 'RS384', 'EdDSA')),
    -- SubjectPublicKeyInfo, DER.
    public_key         BLOB NOT NULL,
    created_at         TEXT NOT NULL,
    expires_at         TEXT,
    PRIMARY KEY (service_account_id, kid)
) STRICT;

-- Assertions that were used; kept for as long as one could be used again.
CREATE TABLE used_assertion (
    -- SHA-256 of service account and jti.
    hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    expires_at TEXT NOT NULL
) STRICT;

-- Attempts that cost something, counted for all replicas together (GCRA).
CREATE TABLE throttle (
    -- What is counted, as a keyed hash: no address of anybody stands here.
    key         BLOB NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    -- Theoretical arrival time: microseconds since 1970.
    arrives_at  INTEGER NOT NULL
) STRICT;

-- Counts up with every act that shuts somebody out. Replicas ask for it every second and forget whom they know.
CREATE TABLE access_epoch (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL
) STRICT;
INSERT INTO access_epoch (id, epoch) VALUES (1, 0);
