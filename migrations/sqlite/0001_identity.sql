-- Who there is: clinics, people, their place in a clinic, their sign-ins. A person belongs to no clinic; these tables
-- are never joined with clinical ones.

CREATE TABLE clinic (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    -- Lower case; the address a person signs in with.
    email        TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    created_at   TEXT NOT NULL
) STRICT;

-- Apart from person, so that no query for a name can carry a hash along.
CREATE TABLE credential (
    person_id     BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    -- PHC string: algorithm, parameters, salt and hash.
    password_hash TEXT NOT NULL,
    updated_at    TEXT NOT NULL
) STRICT;

CREATE TABLE membership (
    clinic_id  BLOB NOT NULL REFERENCES clinic (id),
    person_id  BLOB NOT NULL REFERENCES person (id),
    -- A set, comma-separated in a fixed order: 'ADMIN,PHYSIO'.
    roles      TEXT NOT NULL CHECK (roles <> ''),
    state      TEXT NOT NULL CHECK (state IN ('ACTIVE', 'DEACTIVATED')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (clinic_id, person_id)
) STRICT;

CREATE INDEX membership_by_person ON membership (person_id);

CREATE TABLE invitation (
    id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    clinic_id   BLOB NOT NULL REFERENCES clinic (id),
    -- SHA-256 of the code; the code itself is shown once and kept nowhere.
    code_hash   BLOB NOT NULL UNIQUE CHECK (length(code_hash) = 32),
    email       TEXT NOT NULL,
    roles       TEXT NOT NULL CHECK (roles <> ''),
    -- The athlete record the account is to be joined to.
    athlete_id  BLOB CHECK (length(athlete_id) = 16),
    -- Nobody, when the operator founded the clinic.
    invited_by  BLOB REFERENCES person (id),
    created_at  TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    accepted_at TEXT,
    accepted_by BLOB REFERENCES person (id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
) STRICT;

CREATE TABLE auth_session (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person_id  BLOB NOT NULL REFERENCES person (id),
    clinic_id  BLOB NOT NULL REFERENCES clinic (id),
    -- How often the refresh token was exchanged; counting it up is the lock of the session.
    rotation   INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    -- Absolute: no refresh moves it.
    expires_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE INDEX auth_session_by_person ON auth_session (person_id);

CREATE TABLE refresh_token (
    -- SHA-256 of the token.
    hash       BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    session_id BLOB NOT NULL REFERENCES auth_session (id),
    -- Its place in the session's chain. Unique: a token has one successor at most.
    rotation   INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    used_at    TEXT,
    UNIQUE (session_id, rotation)
) STRICT;

CREATE TABLE signing_key (
    kid        TEXT NOT NULL PRIMARY KEY,
    -- 1, 2, …: two servers that start at once cannot both make the first key.
    generation INTEGER NOT NULL UNIQUE,
    -- Nonce, then the private key under the key-encryption key.
    sealed     BLOB NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    created_at TEXT NOT NULL,
    retired_at TEXT
) STRICT;
