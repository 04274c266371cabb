-- +goose Up
-- How the desk of a tenant works. One row each; what a skill says for itself goes before.
CREATE TABLE desk_settings (
    tenant_id               TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tenants (tenant_id),
    fallback_department_id  TEXT COLLATE "C",               -- handles conversations whose skill has no department; null: none does
    relax_seconds           BIGINT NOT NULL,   -- from this age on also agents without the skill, who keep free slots
    overflow_seconds        BIGINT NOT NULL,   -- from this age on also the skill's fallback department
    open_seconds            BIGINT NOT NULL,   -- from this age on any agent of the department
    reserve                 BIGINT NOT NULL,   -- free slots that an agent keeps who is given what is relaxed
    preferred_seconds       BIGINT NOT NULL,   -- how long the requester's last agent goes first
    first_answer_seconds    BIGINT NOT NULL,   -- 0: nobody is hurried
    park_seconds            BIGINT NOT NULL,   -- silence of the requester after which a conversation is parked; 0: never
    resolve_seconds         BIGINT NOT NULL,   -- silence after which a parked one is resolved; 0: never
    reopen_seconds          BIGINT NOT NULL,   -- how long a resolved one can be reopened
    busy_may_take           BOOLEAN NOT NULL,
    monitors_shown          BOOLEAN NOT NULL,   -- the agent sees who monitors
    supervision_reason      BOOLEAN NOT NULL,   -- whoever monitors, whispers or barges says why
    version                 BIGINT NOT NULL,
    updated_at              BIGINT NOT NULL,
    FOREIGN KEY (tenant_id, fallback_department_id) REFERENCES departments (tenant_id, id)
);

-- The numbers that grow by one with each thing: of conversations for people, and of the streams that clients follow. A row is
-- locked from its increment to the commit, so that who has seen a number has seen all before it.
CREATE TABLE desk_positions (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    stream      TEXT COLLATE "C" NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, stream)
);

CREATE TABLE skills (
    tenant_id               TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id                      TEXT COLLATE "C" NOT NULL,
    name                    TEXT COLLATE "C" NOT NULL,
    name_key                TEXT COLLATE "C" NOT NULL,
    department_id           TEXT COLLATE "C",
    fallback_department_id  TEXT COLLATE "C",
    relax_seconds           BIGINT,    -- null: as the desk's settings say
    overflow_seconds        BIGINT,
    open_seconds            BIGINT,
    place                   BIGINT NOT NULL,   -- in lists, smallest first
    active                  BOOLEAN NOT NULL,   -- an inactive one is not offered to requesters
    version                 BIGINT NOT NULL,
    created_at              BIGINT NOT NULL,
    updated_at              BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_key),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id),
    FOREIGN KEY (tenant_id, fallback_department_id) REFERENCES departments (tenant_id, id)
);

-- A user who works conversations. current_load counts those that they hold, active or on_hold.
CREATE TABLE agents (
    tenant_id           TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    user_id             TEXT COLLATE "C" NOT NULL,
    status              TEXT COLLATE "C" NOT NULL CHECK (status IN ('online', 'busy', 'offline')),
    status_reason       TEXT COLLATE "C",               -- why the system set it; null: the agent or a supervisor did
    status_at           BIGINT NOT NULL,
    current_load        BIGINT NOT NULL CHECK (current_load >= 0),
    max_load            BIGINT NOT NULL CHECK (max_load BETWEEN 1 AND 100),
    last_assigned_at    BIGINT,
    lost_at             BIGINT,            -- since when no connection is alive; null while one is, or the agent is offline
    unanswered          BIGINT NOT NULL,   -- conversations in a row that went back for want of a first answer
    version             BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE agent_skills (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    user_id     TEXT COLLATE "C" NOT NULL,
    skill_id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, user_id, skill_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES agents (tenant_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, skill_id) REFERENCES skills (tenant_id, id)
);
CREATE INDEX agent_skills_skill ON agent_skills (tenant_id, skill_id);

-- Who is there: a node renews one row for each user with a connection to it, and one for each who polls.
CREATE TABLE presences (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    user_id     TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,      -- the node, or poll
    alive_until BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, source)
);
CREATE INDEX presences_age ON presences (tenant_id, alive_until);

-- assignee_id is the agent who holds the conversation or, once it waits for nobody any more, who held it last. last_agent_id
-- outlives a return to the queue. Those of one lane differ, for dispatch, in their age alone.
CREATE TABLE conversations (
    tenant_id           TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id                  TEXT COLLATE "C" NOT NULL,
    number              BIGINT NOT NULL,
    requester_id        TEXT COLLATE "C" NOT NULL,
    created_by          TEXT COLLATE "C" NOT NULL,
    client_msg_id       TEXT COLLATE "C",       -- what created_by calls the first message: asked again under it, there is no second conversation
    skill_id            TEXT COLLATE "C",
    department_id       TEXT COLLATE "C",
    priority            BIGINT NOT NULL CHECK (priority BETWEEN 0 AND 3),
    subject             TEXT COLLATE "C" NOT NULL,
    state               TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'active', 'on_hold', 'parked', 'resolved', 'closed', 'abandoned')),
    assignee_id         TEXT COLLATE "C",
    last_agent_id       TEXT COLLATE "C",
    preferred_id        TEXT COLLATE "C",       -- goes first until preferred_until
    preferred_until     BIGINT,
    queued_at           BIGINT NOT NULL,   -- since when it waits, for its age; a return to the queue leaves it
    enqueued_at         BIGINT NOT NULL,   -- when it last entered the queue
    assigned_at         BIGINT,            -- to whom holds it
    asked_at            BIGINT NOT NULL,   -- of the requester's last message
    answered_at         BIGINT,            -- of an agent's last message to the requester
    wake_at             BIGINT,            -- when a parked one returns by itself
    ended_at            BIGINT,            -- resolved, closed or abandoned
    cycle               BIGINT NOT NULL,   -- 1, and one more with each reopening
    last_seq            BIGINT NOT NULL,
    public_seq          BIGINT NOT NULL,
    rating              BIGINT CHECK (rating BETWEEN 1 AND 5),
    rating_reasons      TEXT COLLATE "C",               -- JSON
    rating_text         TEXT COLLATE "C",
    rated_at            BIGINT,
    version             BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL,
    lane                TEXT COLLATE "C" NOT NULL GENERATED ALWAYS AS
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
    tenant_id       TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    agent_id        TEXT COLLATE "C" NOT NULL,
    how             TEXT COLLATE "C" NOT NULL CHECK (how IN ('dispatch', 'take', 'assign', 'transfer', 'takeover')),
    pass            TEXT COLLATE "C",               -- of a dispatch: preferred, matched, relaxed, overflow, open
    forced          BOOLEAN NOT NULL,   -- over the agent's limit
    enqueued_at     BIGINT NOT NULL,   -- when the conversation had begun to wait
    started_at      BIGINT NOT NULL,
    answered_at     BIGINT,            -- first message to the requester
    ended_at        BIGINT,
    end_reason      TEXT COLLATE "C",
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
    tenant_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    agent_id        TEXT COLLATE "C" NOT NULL,
    reason          TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, agent_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);

-- What reports count: one row from the first wait to the resolution, and another after each reopening.
CREATE TABLE conversation_cycles (
    tenant_id           TEXT COLLATE "C" NOT NULL,
    conversation_id     TEXT COLLATE "C" NOT NULL,
    cycle               BIGINT NOT NULL,
    skill_id            TEXT COLLATE "C",
    department_id       TEXT COLLATE "C",
    agent_id            TEXT COLLATE "C",       -- who holds it, or held it last: who resolved it
    first_agent_id      TEXT COLLATE "C",       -- who held it first
    answered_by         TEXT COLLATE "C",       -- who held it when it was answered
    queued_at           BIGINT NOT NULL,
    assigned_at         BIGINT,    -- to the first agent
    answered_at         BIGINT,    -- first
    ended_at            BIGINT,
    end_state           TEXT COLLATE "C",       -- resolved or abandoned
    rating              BIGINT,
    PRIMARY KEY (tenant_id, conversation_id, cycle),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE INDEX conversation_cycles_time ON conversation_cycles (tenant_id, queued_at);

-- seq counts everything said and done in a conversation, public_seq what its requester sees of it.
CREATE TABLE messages (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    seq             BIGINT NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    public_seq      BIGINT,
    kind            TEXT COLLATE "C" NOT NULL CHECK (kind IN ('text', 'file', 'system', 'note', 'whisper')),
    author_id       TEXT COLLATE "C",       -- null: the system
    author_face     TEXT COLLATE "C" NOT NULL CHECK (author_face IN ('requester', 'agent', 'supervisor', 'system')),
    body            TEXT COLLATE "C" NOT NULL,      -- of a system line, its code
    details         TEXT COLLATE "C",               -- of a system line, JSON; of a note, whom it mentions
    file_id         TEXT COLLATE "C",
    listener_id     TEXT COLLATE "C",               -- of a whisper, the assignee of that time
    client_msg_id   TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, seq),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE UNIQUE INDEX messages_public ON messages (tenant_id, conversation_id, public_seq) WHERE public_seq IS NOT NULL;
CREATE UNIQUE INDEX messages_retry ON messages (tenant_id, conversation_id, author_id, client_msg_id) WHERE client_msg_id IS NOT NULL;

-- The words of a conversation, for search: what its requester may read, and beside it what only others may.
CREATE TABLE conversation_words (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    word            TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    public          BOOLEAN NOT NULL,
    PRIMARY KEY (tenant_id, word, conversation_id, public),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);

-- How far somebody has been sent and has read a conversation: in public_seq for its requester, else in seq.
CREATE TABLE conversation_cursors (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    delivered_seq   BIGINT NOT NULL,
    read_seq        BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, user_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);

-- What happened, in order, for those who follow lists; what stood before says who loses sight of the row. requester_seq counts
-- what the requester may notice.
CREATE TABLE desk_events (
    tenant_id               TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    seq                     BIGINT NOT NULL,
    conversation_id         TEXT COLLATE "C" NOT NULL,
    requester_id            TEXT COLLATE "C" NOT NULL,
    requester_seq           BIGINT,
    state_before            TEXT COLLATE "C",       -- null: it is new
    assignee_before         TEXT COLLATE "C",
    department_before       TEXT COLLATE "C",
    created_at              BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX desk_events_requester ON desk_events (tenant_id, requester_id, requester_seq) WHERE requester_seq IS NOT NULL;
CREATE INDEX desk_events_age ON desk_events (tenant_id, created_at);

CREATE TABLE tags (
    tenant_id   TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id          TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name_key)
);

CREATE TABLE conversation_tags (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    tag_id          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, tag_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, tag_id) REFERENCES tags (tenant_id, id)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tenant_id, tag_id, conversation_id);

CREATE TABLE canned_replies (
    tenant_id       TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT COLLATE "C" NOT NULL,
    author_id       TEXT COLLATE "C" NOT NULL,
    department_id   TEXT COLLATE "C",       -- null: for the whole tenant
    title           TEXT COLLATE "C" NOT NULL,
    title_key       TEXT COLLATE "C" NOT NULL,
    shortcut        TEXT COLLATE "C",
    body            TEXT COLLATE "C" NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, author_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, department_id) REFERENCES departments (tenant_id, id)
);
CREATE UNIQUE INDEX canned_replies_shortcut ON canned_replies (tenant_id, shortcut) WHERE shortcut IS NOT NULL;

-- What was uploaded. The bytes lie outside, under the name that blob holds; a file without a conversation is its uploader's alone.
CREATE TABLE files (
    tenant_id       TEXT COLLATE "C" NOT NULL REFERENCES tenants (tenant_id),
    id              TEXT COLLATE "C" NOT NULL,
    uploader_id     TEXT COLLATE "C" NOT NULL,
    name            TEXT COLLATE "C" NOT NULL,
    media_type      TEXT COLLATE "C" NOT NULL,
    size            BIGINT NOT NULL,
    sha256          TEXT COLLATE "C" NOT NULL,
    blob            TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, uploader_id) REFERENCES users (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE UNIQUE INDEX files_blob ON files (tenant_id, blob);
CREATE INDEX files_loose ON files (tenant_id, created_at) WHERE conversation_id IS NULL;
CREATE INDEX files_conversation ON files (tenant_id, conversation_id);

-- Who watches a conversation, and whether they speak: several may monitor, one at a time whispers or barges.
CREATE TABLE supervisions (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    conversation_id TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL,
    mode            TEXT COLLATE "C" NOT NULL CHECK (mode IN ('monitor', 'whisper', 'barge')),
    reason          TEXT COLLATE "C",
    started_at      BIGINT NOT NULL,
    mode_at         BIGINT NOT NULL,
    ended_at        BIGINT,
    end_reason      TEXT COLLATE "C",
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE UNIQUE INDEX supervisions_open ON supervisions (tenant_id, conversation_id, user_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX supervisions_voice ON supervisions (tenant_id, conversation_id) WHERE ended_at IS NULL AND mode IN ('whisper', 'barge');
CREATE INDEX supervisions_user ON supervisions (tenant_id, user_id, started_at);

-- Every tenant that there is already gets a desk as a new one does. The owner too sees the list of tenants only where it asks for it.
SELECT set_config('app.tenant', '*', true);
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
    SELECT 'computer' AS id, '电脑' AS name, CAST(NULL AS BIGINT) AS relax, 1 AS place
    UNION ALL SELECT 'software', '软件', NULL, 2
    UNION ALL SELECT 'peripheral', '外设', NULL, 3
    UNION ALL SELECT 'network', '网络', NULL, 4
    UNION ALL SELECT 'security', '安全', 900, 5
    UNION ALL SELECT 'asset', '资产', NULL, 6
    UNION ALL SELECT 'other', '其他', NULL, 7) s
WHERE t.tenant_id <> 'platform';

-- The fourth wall, as in 0001.
ALTER TABLE desk_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_settings_own ON desk_settings USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE desk_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_positions FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_positions_own ON desk_positions USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE skills ENABLE ROW LEVEL SECURITY;
ALTER TABLE skills FORCE ROW LEVEL SECURITY;
CREATE POLICY skills_own ON skills USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE agents ENABLE ROW LEVEL SECURITY;
ALTER TABLE agents FORCE ROW LEVEL SECURITY;
CREATE POLICY agents_own ON agents USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE agent_skills ENABLE ROW LEVEL SECURITY;
ALTER TABLE agent_skills FORCE ROW LEVEL SECURITY;
CREATE POLICY agent_skills_own ON agent_skills USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE presences ENABLE ROW LEVEL SECURITY;
ALTER TABLE presences FORCE ROW LEVEL SECURITY;
CREATE POLICY presences_own ON presences USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversations FORCE ROW LEVEL SECURITY;
CREATE POLICY conversations_own ON conversations USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE tenures ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenures_own ON tenures USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE conversation_exclusions ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_exclusions FORCE ROW LEVEL SECURITY;
CREATE POLICY conversation_exclusions_own ON conversation_exclusions USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE conversation_cycles ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_cycles FORCE ROW LEVEL SECURITY;
CREATE POLICY conversation_cycles_own ON conversation_cycles USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY messages_own ON messages USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE conversation_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_words FORCE ROW LEVEL SECURITY;
CREATE POLICY conversation_words_own ON conversation_words USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE conversation_cursors ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_cursors FORCE ROW LEVEL SECURITY;
CREATE POLICY conversation_cursors_own ON conversation_cursors USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE desk_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_events FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_events_own ON desk_events USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE tags FORCE ROW LEVEL SECURITY;
CREATE POLICY tags_own ON tags USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE conversation_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE conversation_tags FORCE ROW LEVEL SECURITY;
CREATE POLICY conversation_tags_own ON conversation_tags USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE canned_replies ENABLE ROW LEVEL SECURITY;
ALTER TABLE canned_replies FORCE ROW LEVEL SECURITY;
CREATE POLICY canned_replies_own ON canned_replies USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
ALTER TABLE files FORCE ROW LEVEL SECURITY;
CREATE POLICY files_own ON files USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
ALTER TABLE supervisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE supervisions FORCE ROW LEVEL SECURITY;
CREATE POLICY supervisions_own ON supervisions USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
