-- +goose Up
CREATE TABLE users (
    tenant_id       TEXT NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT NOT NULL,
    username        TEXT NOT NULL,
    username_key    TEXT NOT NULL,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    email           TEXT NOT NULL,
    phone           TEXT NOT NULL,
    locale          TEXT NOT NULL,
    active          BOOLEAN NOT NULL,
    permission_list TEXT,
    password_hash   TEXT,
    wecom_user_id   TEXT,
    -- The first administrator counts as able to sign in from creation, until the link is redeemed.
    first_admin     BOOLEAN NOT NULL,
    epoch           INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, username_key)
);
CREATE INDEX users_page ON users (tenant_id, name_key, id);

CREATE TABLE user_departments (
    tenant_id       TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    department_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, department_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX user_departments_department ON user_departments (tenant_id, department_id, user_id);

-- A single-use link that lets its bearer choose a password; only the secret's hash is kept.
CREATE TABLE password_links (
    tenant_id   TEXT NOT NULL,
    id          TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX password_links_user ON password_links (tenant_id, user_id);
