-- +goose Up
-- Tickets that open one WebSocket each, stored as hashes. What they were given for is a session, as it stood: amr, auth_time and the
-- epochs are those of the token that asked for the ticket. A ticket that was used is gone.
CREATE TABLE realtime_tickets (
    tenant_id       TEXT NOT NULL,
    id              TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    session_id      TEXT NOT NULL,
    secret_hash     BLOB NOT NULL,
    amr             TEXT NOT NULL,
    auth_time       INTEGER NOT NULL,
    tenant_epoch    INTEGER NOT NULL,
    user_epoch      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX realtime_tickets_age ON realtime_tickets (tenant_id, expires_at);
CREATE INDEX realtime_tickets_session ON realtime_tickets (tenant_id, session_id);
