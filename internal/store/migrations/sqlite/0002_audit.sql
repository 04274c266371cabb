-- +goose Up
-- The record's bytes, as built once; the columns beside them are what the trail is searched by.
CREATE TABLE audit_bodies (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT NOT NULL,
    time        INTEGER NOT NULL,
    actor_id    TEXT NOT NULL,
    sid         TEXT NOT NULL,
    event       TEXT NOT NULL,
    result      TEXT NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_bodies_actor ON audit_bodies (tenant_id, actor_id, id);
CREATE INDEX audit_bodies_event ON audit_bodies (tenant_id, event, id);
CREATE INDEX audit_bodies_sid ON audit_bodies (tenant_id, sid, id);

CREATE TABLE audit_targets (
    tenant_id   TEXT NOT NULL,
    type        TEXT NOT NULL,
    target_id   TEXT NOT NULL,
    record_id   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, type, target_id, record_id),
    FOREIGN KEY (tenant_id, record_id) REFERENCES audit_bodies (tenant_id, id)
) WITHOUT ROWID;

-- What the record only commits to; can be erased without touching the record.
CREATE TABLE audit_personal (
    tenant_id   TEXT NOT NULL,
    record_id   TEXT NOT NULL,
    field       TEXT NOT NULL,
    salt        BLOB NOT NULL,
    value       TEXT NOT NULL,
    PRIMARY KEY (tenant_id, record_id, field),
    FOREIGN KEY (tenant_id, record_id) REFERENCES audit_bodies (tenant_id, id)
) WITHOUT ROWID;

-- Append-only: hygiene against mistakes; the proof of the trail is its tree.
-- +goose StatementBegin
CREATE TRIGGER audit_bodies_no_update BEFORE UPDATE ON audit_bodies
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_bodies_no_delete BEFORE DELETE ON audit_bodies
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_targets_no_update BEFORE UPDATE ON audit_targets
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_targets_no_delete BEFORE DELETE ON audit_targets
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_personal_no_update BEFORE UPDATE ON audit_personal
BEGIN SELECT RAISE(ABORT, 'personal values are erased, never changed'); END;
-- +goose StatementEnd
-- INSERT OR REPLACE removes the row in its way without asking the triggers above (https://www.sqlite.org/lang_conflict.html).
-- The row may be in its way by the key or by its hidden number, which audit_targets and audit_personal do not have; and
-- a target is nothing but its key.
-- +goose StatementBegin
CREATE TRIGGER audit_bodies_no_replace BEFORE INSERT ON audit_bodies
WHEN EXISTS (SELECT 1 FROM audit_bodies b WHERE b.tenant_id = NEW.tenant_id AND b.id = NEW.id)
    OR EXISTS (SELECT 1 FROM audit_bodies b WHERE b.rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_personal_no_replace BEFORE INSERT ON audit_personal
WHEN EXISTS (SELECT 1 FROM audit_personal p WHERE p.tenant_id = NEW.tenant_id AND p.record_id = NEW.record_id AND p.field = NEW.field)
BEGIN SELECT RAISE(ABORT, 'personal values are erased, never changed'); END;
-- +goose StatementEnd
