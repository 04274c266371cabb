-- +goose Up
-- How the desk of a tenant works. One row each; what a skill says for itself goes before.
CREATE TABLE desk_settings (
    tenant_id               TEXT NOT NULL PRIMARY KEY REFERENCES tenants (tenant_id),
    fallback_department_id  TEXT,               -- handles conversations whose skill has no department; null: none does
    relax_seconds           INTEGER NOT NULL,   -- from this age on also agents without the skill, who keep free slots
    overflow_seconds        INTEGER NOT NULL,   -- from this age on also the skill's fallback department
    open_seconds            INTEGER NOT NULL,   -- from this age on any agent of the department
    reserve                 INTEGER NOT NULL,   -- free slots that an agent keeps who is given what is relaxed
    preferred_seconds       INTEGER NOT NULL,   -- how long the requester's last agent goes first
    first_answer_seconds    INTEGER NOT NULL,   -- 0: nobody is hurried
    park_seconds            INTEGER NOT NULL,   -- silence of the requester after which a conversation is parked; 0: never
    resolve_seconds         INTEGER NOT NULL,   -- silence after which a parked one is resolved; 0: never
    reopen_seconds          INTEGER NOT NULL,   -- how long a resolved one can be reopened
    busy_may_take           BOOLEAN NOT NULL,
    monitors_shown          BOOLEAN NOT NULL,   -- the agent sees who monitors
    supervision_reason      BOOLEAN NOT NULL,   -- whoever monitors, whispers or barges says why
    version                 INTEGER NOT NULL,
    updated_at              INTEGER NOT NULL,
    FOREIGN KEY (tenant_id, fallback_department_id) REFERENCES departments (tenant_id, id)
);

-- The numbers that grow by one with each thing: of conversations for people, and of the streams that clients follow. A row is
-- locked from its increment to the commit, so that who has seen a number has seen all before it.
CREATE TABLE desk_positions (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    stream      TEXT NOT NULL,
    last        INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, stream)
);

CREATE TABLE skills (
    tenant_id               TEXT NOT NULL REFERENCES tenants (tenant_id),
    id                      TEXT NOT NULL,
    name                    TEXT NOT NULL,
    name_key                TEXT NOT NULL,
    department_id           TEXT,
    fallback_department_id  TEXT,
    relax_seconds           INTEGER,    -- null: as the desk's settings say
    overflow_seconds        INTEGER,
    open_seconds            INTEGER,
    place                   INTEGER NOT NULL,   -- in lists, smallest first
    active                  BOOLEAN NOT NULL,   -- an inactive one is not offered to requesters
    version                 INTEGER NOT NULL,
    created_at              INTEGER NOT NULL,
    updated_at              INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_key),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id),
    FOREIGN KEY (tenant_id, fallback_department_id) REFERENCES departments (tenant_id, id)
);

-- A user who works conversations. current_load counts those that they hold, active or on_hold.
CREATE TABLE agents (
    tenant_id           TEXT NOT NULL REFERENCES tenants (tenant_id),
    user_id             TEXT NOT NULL,
    status              TEXT NOT NULL CHECK (status IN ('online', 'busy', 'offline')),
    status_reason       TEXT,               -- why the system set it; null: the agent or a supervisor did
    status_at           INTEGER NOT NULL,
    current_load        INTEGER NOT NULL CHECK (current_load >= 0),
    max_load            INTEGER NOT NULL CHECK (max_load BETWEEN 1 AND 100),
    last_assigned_at    INTEGER,
    lost_at             INTEGER,            -- since when no connection is alive; null while one is, or the agent is offline
    unanswered          INTEGER NOT NULL,   -- conversations in a row that went back for want of a first answer
    version             INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE agent_skills (
    tenant_id   TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    skill_id    TEXT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, skill_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES agents (tenant_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, skill_id) REFERENCES skills (tenant_id, id)
);
CREATE INDEX agent_skills_skill ON agent_skills (tenant_id, skill_id);

-- Who is there: a node renews one row for each user with a connection to it, and one for each who polls.
CREATE TABLE presences (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    user_id     TEXT NOT NULL,
    source      TEXT NOT NULL,      -- the node, or poll
    alive_until INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, user_id, source)
);
CREATE INDEX presences_age ON presences (tenant_id, alive_until);

-- assignee_id is the agent who holds the conversation or, once it waits for nobody any more, who held it last. last_agent_id
-- outlives a return to the queue. Those of one lane differ, for dispatch, in their age alone.
CREATE TABLE conversations (
    tenant_id           TEXT NOT NULL REFERENCES tenants (tenant_id),
    id                  TEXT NOT NULL,
    number              INTEGER NOT NULL,
    requester_id        TEXT NOT NULL,
    created_by          TEXT NOT NULL,
    client_msg_id       TEXT,       -- what created_by calls the first message: asked again under it, there is no second conversation
    skill_id            TEXT,
    department_id       TEXT,
    priority            INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
    subject             TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('queued', 'active', 'on_hold', 'parked', 'resolved', 'closed', 'abandoned')),
    assignee_id         TEXT,
    last_agent_id       TEXT,
    preferred_id        TEXT,       -- goes first until preferred_until
    preferred_until     INTEGER,
    queued_at           INTEGER NOT NULL,   -- since when it waits, for its age; a return to the queue leaves it
    enqueued_at         INTEGER NOT NULL,   -- when it last entered the queue
    assigned_at         INTEGER,            -- to whom holds it
    asked_at            INTEGER NOT NULL,   -- of the requester's last message
    answered_at         INTEGER,            -- of an agent's last message to the requester
    wake_at             INTEGER,            -- when a parked one returns by itself
    ended_at            INTEGER,            -- resolved, closed or abandoned
    cycle               INTEGER NOT NULL,   -- 1, and one more with each reopening
    last_seq            INTEGER NOT NULL,
    public_seq          INTEGER NOT NULL,
    rating              INTEGER CHECK (rating BETWEEN 1 AND 5),
    rating_reasons      TEXT,               -- JSON
    rating_text         TEXT,
    rated_at            INTEGER,
    version             INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    lane                TEXT NOT NULL GENERATED ALWAYS AS
        (coalesce(skill_id, '') || '/' || coalesce(department_id, '') || '/' || CAST(priority AS TEXT)) STORED,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    CHECK (state <> 'queued' OR assignee_id IS NULL),
    CHECK (state NOT IN ('active', 'on_hold') OR assignee_id IS NOT NULL),
    FOREIGN KEY (tenant_id, requester_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, assignee_id) REFERENCES agents (tenant_id, user_id),
    FOREIGN KEY (tenant_id, skill_id) REFERENCES skills (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
);
CREATE UNIQUE INDEX conversations_retry ON conversations (tenant_id, created_by, client_msg_id) WHERE client_msg_id IS NOT NULL;
CREATE INDEX conversations_waiting ON conversations (tenant_id, skill_id, queued_at, id) WHERE state = 'queued';
CREATE INDEX conversations_lane ON conversations (tenant_id, lane, queued_at, number) WHERE state = 'queued';
CREATE INDEX conversations_preferred ON conversations (tenant_id, preferred_id, preferred_until) WHERE state = 'queued' AND preferred_id IS NOT NULL;
CREATE INDEX conversations_wake ON conversations (tenant_id, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX conversations_parked ON conversations (tenant_id, asked_at) WHERE state = 'parked';
CREATE INDEX conversations_ended ON conversations (tenant_id, ended_at) WHERE state = 'resolved';
CREATE INDEX conversations_held ON conversations (tenant_id, assignee_id, id) WHERE state IN ('active', 'on_hold');
CREATE INDEX conversations_assignee ON conversations (tenant_id, assignee_id, updated_at, id);
CREATE INDEX conversations_requester ON conversations (tenant_id, requester_id, updated_at, id);
CREATE INDEX conversations_department ON conversations (tenant_id, department_id, state, updated_at, id);
CREATE INDEX conversations_state ON conversations (tenant_id, state, updated_at, id);
CREATE INDEX conversations_recent ON conversations (tenant_id, updated_at, id);

-- Who held a conversation, from when to when. One at most has no end.
CREATE TABLE tenures (
    tenant_id       TEXT NOT NULL,
    id              TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    agent_id        TEXT NOT NULL,
    how             TEXT NOT NULL CHECK (how IN ('dispatch', 'take', 'assign', 'transfer', 'takeover')),
    pass            TEXT,               -- of a dispatch: preferred, matched, relaxed, overflow, open
    forced          BOOLEAN NOT NULL,   -- over the agent's limit
    enqueued_at     INTEGER NOT NULL,   -- when the conversation had begun to wait
    started_at      INTEGER NOT NULL,
    answered_at     INTEGER,            -- first message to the requester
    ended_at        INTEGER,
    end_reason      TEXT,
    PRIMARY KEY (tenant_id, id),
    CHECK (ended_at IS NULL OR ended_at >= started_at),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, user_id)
);
CREATE UNIQUE INDEX tenures_open ON tenures (tenant_id, conversation_id) WHERE ended_at IS NULL;
CREATE INDEX tenures_conversation ON tenures (tenant_id, conversation_id, started_at);
CREATE INDEX tenures_agent ON tenures (tenant_id, agent_id, started_at);

-- Agents whom dispatch passes over for a conversation.
CREATE TABLE conversation_exclusions (
    tenant_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    agent_id        TEXT NOT NULL,
    reason          TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, agent_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);

-- What reports count: one row from the first wait to the resolution, and another after each reopening.
CREATE TABLE conversation_cycles (
    tenant_id           TEXT NOT NULL,
    conversation_id     TEXT NOT NULL,
    cycle               INTEGER NOT NULL,
    skill_id            TEXT,
    department_id       TEXT,
    agent_id            TEXT,       -- who holds it, or held it last: who resolved it
    first_agent_id      TEXT,       -- who held it first
    answered_by         TEXT,       -- who held it when it was answered
    queued_at           INTEGER NOT NULL,
    assigned_at         INTEGER,    -- to the first agent
    answered_at         INTEGER,    -- first
    ended_at            INTEGER,
    end_state           TEXT,       -- resolved or abandoned
    rating              INTEGER,
    PRIMARY KEY (tenant_id, conversation_id, cycle),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE INDEX conversation_cycles_time ON conversation_cycles (tenant_id, queued_at);

-- seq counts everything said and done in a conversation, public_seq what its requester sees of it.
CREATE TABLE messages (
    tenant_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    seq             INTEGER NOT NULL,
    id              TEXT NOT NULL,
    public_seq      INTEGER,
    kind            TEXT NOT NULL CHECK (kind IN ('text', 'file', 'system', 'note', 'whisper')),
    author_id       TEXT,       -- null: the system
    author_face     TEXT NOT NULL CHECK (author_face IN ('requester', 'agent', 'supervisor', 'system')),
    body            TEXT NOT NULL,      -- of a system line, its code
    details         TEXT,               -- of a system line, JSON; of a note, whom it mentions
    file_id         TEXT,
    listener_id     TEXT,               -- of a whisper, the assignee of that time
    client_msg_id   TEXT,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, seq),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE UNIQUE INDEX messages_public ON messages (tenant_id, conversation_id, public_seq) WHERE public_seq IS NOT NULL;
CREATE UNIQUE INDEX messages_retry ON messages (tenant_id, conversation_id, author_id, client_msg_id) WHERE client_msg_id IS NOT NULL;

-- The words of a conversation, for search: what its requester may read, and beside it what only others may.
CREATE TABLE conversation_words (
    tenant_id       TEXT NOT NULL,
    word            TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    public          BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, word, conversation_id, public),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);

-- How far somebody has been sent and has read a conversation: in public_seq for its requester, else in seq.
CREATE TABLE conversation_cursors (
    tenant_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    delivered_seq   INTEGER NOT NULL,
    read_seq        INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, user_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);

-- What happened, in order, for those who follow lists; what stood before says who loses sight of the row. requester_seq counts
-- what the requester may notice.
CREATE TABLE desk_events (
    tenant_id               TEXT NOT NULL REFERENCES tenants (tenant_id),
    seq                     INTEGER NOT NULL,
    conversation_id         TEXT NOT NULL,
    requester_id            TEXT NOT NULL,
    requester_seq           INTEGER,
    state_before            TEXT,       -- null: it is new
    assignee_before         TEXT,
    department_before       TEXT,
    created_at              INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX desk_events_requester ON desk_events (tenant_id, requester_id, requester_seq) WHERE requester_seq IS NOT NULL;
CREATE INDEX desk_events_age ON desk_events (tenant_id, created_at);

CREATE TABLE tags (
    tenant_id   TEXT NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_key)
);

CREATE TABLE conversation_tags (
    tenant_id       TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    tag_id          TEXT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, tag_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, tag_id) REFERENCES tags (tenant_id, id)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tenant_id, tag_id, conversation_id);

CREATE TABLE canned_replies (
    tenant_id       TEXT NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT NOT NULL,
    author_id       TEXT NOT NULL,
    department_id   TEXT,       -- null: for the whole tenant
    title           TEXT NOT NULL,
    title_key       TEXT NOT NULL,
    shortcut        TEXT,
    body            TEXT NOT NULL,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
);
CREATE UNIQUE INDEX canned_replies_shortcut ON canned_replies (tenant_id, shortcut) WHERE shortcut IS NOT NULL;

-- What was uploaded. The bytes lie outside, under the name that blob holds; a file without a conversation is its uploader's alone.
CREATE TABLE files (
    tenant_id       TEXT NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT NOT NULL,
    uploader_id     TEXT NOT NULL,
    name            TEXT NOT NULL,
    media_type      TEXT NOT NULL,
    size            INTEGER NOT NULL,
    sha256          TEXT NOT NULL,
    blob            TEXT NOT NULL,
    conversation_id TEXT,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, uploader_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE UNIQUE INDEX files_blob ON files (tenant_id, blob);
CREATE INDEX files_loose ON files (tenant_id, created_at) WHERE conversation_id IS NULL;
CREATE INDEX files_conversation ON files (tenant_id, conversation_id);

-- Who watches a conversation, and whether they speak: several may monitor, one at a time whispers or barges.
CREATE TABLE supervisions (
    tenant_id       TEXT NOT NULL,
    id              TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    mode            TEXT NOT NULL CHECK (mode IN ('monitor', 'whisper', 'barge')),
    reason          TEXT,
    started_at      INTEGER NOT NULL,
    mode_at         INTEGER NOT NULL,
    ended_at        INTEGER,
    end_reason      TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX supervisions_open ON supervisions (tenant_id, conversation_id, user_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX supervisions_voice ON supervisions (tenant_id, conversation_id) WHERE ended_at IS NULL AND mode IN ('whisper', 'barge');
CREATE INDEX supervisions_user ON supervisions (tenant_id, user_id, started_at);

-- Every tenant that there is already gets a desk as a new one does.
INSERT INTO desk_settings (tenant_id, relax_seconds, overflow_seconds, open_seconds, reserve, preferred_seconds,
    first_answer_seconds, park_seconds, resolve_seconds, reopen_seconds, busy_may_take, monitors_shown, supervision_reason, version, updated_at)
SELECT tenant_id, 120, 300, 900, 1, 30, 0, 0, 0, 259200, true, true, false, 1, 0
FROM tenants WHERE tenant_id <> 'platform';
INSERT INTO desk_positions (tenant_id, stream, last)
SELECT tenant_id, 'desk', 0 FROM tenants WHERE tenant_id <> 'platform';
INSERT INTO desk_positions (tenant_id, stream, last)
SELECT tenant_id, 'number', 1000 FROM tenants WHERE tenant_id <> 'platform';
INSERT INTO skills (tenant_id, id, name, name_key, relax_seconds, overflow_seconds, open_seconds, place, active, version, created_at, updated_at)
SELECT t.tenant_id, s.id, s.name, s.name, s.relax, s.relax, s.relax, s.place, true, 1, 0, 0
FROM tenants t
CROSS JOIN (
    SELECT 'computer' AS id, '电脑' AS name, CAST(NULL AS INTEGER) AS relax, 1 AS place
    UNION ALL SELECT 'software', '软件', NULL, 2
    UNION ALL SELECT 'peripheral', '外设', NULL, 3
    UNION ALL SELECT 'network', '网络', NULL, 4
    UNION ALL SELECT 'security', '安全', 900, 5
    UNION ALL SELECT 'asset', '资产', NULL, 6
    UNION ALL SELECT 'other', '其他', NULL, 7) s
WHERE t.tenant_id <> 'platform';
