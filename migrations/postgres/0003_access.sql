-- What signing in and being let in needs beyond a password: second factors, resets, service accounts, throttles, and the
-- number by which every replica learns that somebody was shut out.

ALTER TABLE clinic ADD COLUMN etag BIGINT NOT NULL DEFAULT 1;
ALTER TABLE clinic ADD COLUMN state TEXT NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'DEACTIVATED'));
-- Every physiotherapist of the clinic is in care of every athlete of it.
ALTER TABLE clinic ADD COLUMN shared_care BOOLEAN NOT NULL DEFAULT FALSE;
-- A set of roles as in membership, or empty.
ALTER TABLE clinic ADD COLUMN second_factor_roles TEXT NOT NULL DEFAULT '';

ALTER TABLE membership ADD COLUMN etag BIGINT NOT NULL DEFAULT 1;
-- When the clinic last had proof that the account is the person's: an invitation accepted, a reset of its own.
ALTER TABLE membership ADD COLUMN vouched_at TIMESTAMPTZ;
-- When an admin last made the account set a new password; a clinic that has not vouched since does not believe it.
ALTER TABLE credential ADD COLUMN reset_at TIMESTAMPTZ;

ALTER TABLE auth_session ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE auth_session ADD COLUMN refreshed_at TIMESTAMPTZ;
-- The newest rotation of which a token was used: before that, its answer may have got lost.
ALTER TABLE auth_session ADD COLUMN confirmed_rotation BIGINT NOT NULL DEFAULT 0;

-- What a supporter is to see, from the moment of acceptance on.
ALTER TABLE invitation ADD COLUMN consent_parts TEXT;
ALTER TABLE invitation ADD COLUMN consent_purpose TEXT;
ALTER TABLE invitation ADD COLUMN consent_until TIMESTAMPTZ;

-- A key signs from here on; every replica has read it by then.
ALTER TABLE signing_key ADD COLUMN active_from TIMESTAMPTZ;

CREATE TABLE second_factor (
    person_id    UUID NOT NULL PRIMARY KEY REFERENCES person (id),
    -- Nonce, then the secret under the key-encryption key.
    sealed       BYTEA NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    -- Until then it is an offer and counts for nothing.
    confirmed_at TIMESTAMPTZ,
    -- The credential's own reset_at at that moment: whoever had the code of that reset may have set the factor up.
    reset_at     TIMESTAMPTZ,
    -- The newest time step of which a code was taken: none before or at it works again.
    last_step    BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    -- SHA-256 of person and code.
    hash      BYTEA NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    person_id UUID NOT NULL REFERENCES person (id),
    used_at   TIMESTAMPTZ
);

CREATE INDEX recovery_code_by_person ON recovery_code (person_id);

CREATE TABLE reset_code (
    -- SHA-256 of the code; the code itself is shown once and kept nowhere.
    hash       BYTEA NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    clinic_id  UUID NOT NULL REFERENCES clinic (id),
    person_id  UUID NOT NULL REFERENCES person (id),
    created_by UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- Used, or replaced by a newer one.
    closed_at  TIMESTAMPTZ
);

CREATE INDEX reset_code_by_person ON reset_code (person_id);

CREATE TABLE service_account (
    id           UUID NOT NULL PRIMARY KEY,
    clinic_id    UUID NOT NULL REFERENCES clinic (id),
    display_name TEXT COLLATE "C" NOT NULL,
    -- A set, comma-separated in a fixed order.
    scopes       TEXT NOT NULL CHECK (scopes <> ''),
    created_at   TIMESTAMPTZ NOT NULL,
    created_by   UUID NOT NULL REFERENCES person (id),
    revoked_at   TIMESTAMPTZ
);

CREATE INDEX service_account_by_clinic ON service_account (clinic_id, id);

CREATE TABLE service_account_key (
    service_account_id UUID NOT NULL REFERENCES service_account (id),
    kid                TEXT NOT NULL,
    algorithm          TEXT NOT NULL CHECK (algorithm IN ('ES384', 'RS384', 'EdDSA')),
    -- SubjectPublicKeyInfo, DER.
    public_key         BYTEA NOT NULL,
    created_at         TIMESTAMPTZ NOT NULL,
    expires_at         TIMESTAMPTZ,
    PRIMARY KEY (service_account_id, kid)
);

-- Assertions that were used; kept for as long as one could be used again.
CREATE TABLE used_assertion (
    -- SHA-256 of service account and jti.
    hash       BYTEA NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    expires_at TIMESTAMPTZ NOT NULL
);

-- Attempts that cost something, counted for all replicas together (GCRA).
CREATE TABLE throttle (
    -- What is counted, as a keyed hash: no address of anybody stands here.
    key         BYTEA NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    -- Theoretical arrival time: microseconds since 1970.
    arrives_at  BIGINT NOT NULL
);

-- Counts up with every act that shuts somebody out. Replicas ask for it every second and forget whom they know.
CREATE TABLE access_epoch (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch BIGINT NOT NULL
);
INSERT INTO access_epoch (id, epoch) VALUES (1, 0);
