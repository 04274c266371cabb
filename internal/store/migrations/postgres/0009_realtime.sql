-- +goose Up
-- Tickets that open one WebSocket each, stored as hashes. What they were given for is a session, as it stood: amr, auth_time and the
-- epochs are those of the token that asked for the ticket. A ticket that was used is gone.
CREATE TABLE realtime_tickets (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    session_id      TEXT COLLATE "C" NOT NULL,
    secret_hash     BYTEA NOT NULL,
    amr             TEXT COLLATE "C" NOT NULL,
    auth_time       BIGINT NOT NULL,
    tenant_epoch    BIGINT NOT NULL,
    user_epoch      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX realtime_tickets_age ON realtime_tickets (tenant_id, expires_at);
CREATE INDEX realtime_tickets_session ON realtime_tickets (tenant_id, session_id);

-- The fourth wall, as in 0001.
ALTER TABLE realtime_tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE realtime_tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY realtime_tickets_own ON realtime_tickets USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
