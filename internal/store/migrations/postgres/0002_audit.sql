-- +goose Up
-- The record's bytes, as built once; the columns beside them are what the trail is searched by.
CREATE TABLE audit_bodies (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT COLLATE "C" NOT NULL,
    time        BIGINT NOT NULL,
    actor_id    TEXT COLLATE "C" NOT NULL,
    sid         TEXT COLLATE "C" NOT NULL,
    event       TEXT COLLATE "C" NOT NULL,
    result      TEXT COLLATE "C" NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_bodies_actor ON audit_bodies (tenant_id, actor_id, id);
CREATE INDEX audit_bodies_event ON audit_bodies (tenant_id, event, id);
CREATE INDEX audit_bodies_sid ON audit_bodies (tenant_id, sid, id);

CREATE TABLE audit_targets (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    type        TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    record_id   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, type, target_id, record_id),
    FOREIGN KEY (tenant_id, record_id) REFERENCES audit_bodies (tenant_id, id)
);

-- What the record only commits to; can be erased without touching the record.
CREATE TABLE audit_personal (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    record_id   TEXT COLLATE "C" NOT NULL,
    field       TEXT COLLATE "C" NOT NULL,
    salt        BYTEA NOT NULL,
    value       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, record_id, field),
    FOREIGN KEY (tenant_id, record_id) REFERENCES audit_bodies (tenant_id, id)
);

-- The fourth wall, as in 0001.
ALTER TABLE audit_bodies ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_bodies FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_bodies_own ON audit_bodies USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE audit_targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_targets FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_targets_own ON audit_targets USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE audit_personal ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_personal FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_personal_own ON audit_personal USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));

-- Append-only: hygiene against mistakes; the proof of the trail is its tree.
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_bodies_append_only BEFORE UPDATE OR DELETE ON audit_bodies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_bodies_no_truncate BEFORE TRUNCATE ON audit_bodies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_targets_append_only BEFORE UPDATE OR DELETE ON audit_targets FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_targets_no_truncate BEFORE TRUNCATE ON audit_targets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_personal_no_update BEFORE UPDATE ON audit_personal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_personal_no_truncate BEFORE TRUNCATE ON audit_personal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
