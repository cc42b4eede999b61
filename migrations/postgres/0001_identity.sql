-- Who there is: clinics, people, their place in a clinic, their sign-ins. A person belongs to no clinic; these tables
-- are never joined with clinical ones.

CREATE TABLE clinic (
    id         UUID NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE person (
    id           UUID NOT NULL PRIMARY KEY,
    -- Lower case; the address a person signs in with.
    email        TEXT COLLATE "C" NOT NULL UNIQUE,
    display_name TEXT COLLATE "C" NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL
);

-- Apart from person, so that no query for a name can carry a hash along.
CREATE TABLE credential (
    person_id     UUID NOT NULL PRIMARY KEY REFERENCES person (id),
    -- PHC string: algorithm, parameters, salt and hash.
    password_hash TEXT NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE membership (
    clinic_id  UUID NOT NULL REFERENCES clinic (id),
    person_id  UUID NOT NULL REFERENCES person (id),
    -- A set, comma-separated in a fixed order: 'ADMIN,PHYSIO'.
    roles      TEXT NOT NULL CHECK (roles <> ''),
    state      TEXT NOT NULL CHECK (state IN ('ACTIVE', 'DEACTIVATED')),
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (clinic_id, person_id)
);

CREATE INDEX membership_by_person ON membership (person_id);

CREATE TABLE invitation (
    id          UUID NOT NULL PRIMARY KEY,
    clinic_id   UUID NOT NULL REFERENCES clinic (id),
    -- SHA-256 of the code; the code itself is shown once and kept nowhere.
    code_hash   BYTEA NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    email       TEXT COLLATE "C" NOT NULL,
    roles       TEXT NOT NULL CHECK (roles <> ''),
    -- The athlete record the account is to be joined to.
    athlete_id  UUID,
    -- Nobody, when the operator founded the clinic.
    invited_by  UUID REFERENCES person (id),
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    accepted_at TIMESTAMPTZ,
    accepted_by UUID REFERENCES person (id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
);

CREATE TABLE auth_session (
    id         UUID NOT NULL PRIMARY KEY,
    person_id  UUID NOT NULL REFERENCES person (id),
    clinic_id  UUID NOT NULL REFERENCES clinic (id),
    -- How often the refresh token was exchanged; counting it up is the lock of the session.
    rotation   BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- Absolute: no refresh moves it.
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);

CREATE INDEX auth_session_by_person ON auth_session (person_id);

CREATE TABLE refresh_token (
    -- SHA-256 of the token.
    hash       BYTEA NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    session_id UUID NOT NULL REFERENCES auth_session (id),
    -- Its place in the session's chain. Unique: a token has one successor at most.
    rotation   BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    UNIQUE (session_id, rotation)
);

CREATE TABLE signing_key (
    kid        TEXT NOT NULL PRIMARY KEY,
    -- 1, 2, …: two servers that start at once cannot both make the first key.
    generation BIGINT NOT NULL UNIQUE,
    -- Nonce, then the private key under the key-encryption key.
    sealed     BYTEA NOT NULL,
    public_key BYTEA NOT NULL CHECK (length(public_key) = 32),
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);
