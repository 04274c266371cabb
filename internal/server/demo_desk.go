package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// fillDemoDesk has the people of a demonstration's tenant work their desk in the days before now, through
// the same operations as anybody: by the same rules, and on the record. A desk where anything was asked
// already is left as it is.
func (p *demoPast) fillDemoDesk(ctx context.Context, t tenant.Tenant, now time.Time) error {
	desk, found := demoDesks[t.Slug]
	if !found {
		return nil
	}
	p.clock.set(now.Add(-demoBegan))
	stage, err := p.stage(ctx, t)
	if err != nil {
		return err
	}
	if used, err := stage.used(ctx); err != nil || used {
		return err
	}
	if err := stage.furnish(ctx, desk); err != nil {
		return fmt.Errorf("furnishing the desk: %w", err)
	}
	for _, story := range desk.stories {
		if err := stage.tell(ctx, now, story); err != nil {
			return fmt.Errorf("%q: %w", story.subject, err)
		}
	}
	p.clock.set(now)
	return stage.goHome(ctx)
}

// demoDesk is what the desk of a demonstration's tenant begins with.
type demoDesk struct {
	requesters []demoRequester
	agents     []demoAgent
	skills     map[string]string // name → name of the department that serves it
	tags       []string
	canned     []demoCanned
	stories    []demoStory
}

// demoRequester asks and has no password: the demonstration's own people do, and see their own.
type demoRequester struct{ username, name string }

type demoAgent struct {
	username string
	limit    int
	skills   []string
}

type demoCanned struct{ title, shortcut, body string }

// demoStory is one conversation: who asks for what, how long ago, and what was said and done then.
type demoStory struct {
	ago                       time.Duration
	requester, skill, subject string
	text                      string
	steps                     []demoStep
}

// demoStep is one thing that somebody does, some time after the step before.
type demoStep struct {
	after time.Duration
	who   string // username; "" for the requester
	do    string // of demoDeeds
	what  string // text, name of a tag or agent, score; "" for none
}

// furnish makes what a desk has before anybody asks.
func (st *demoStage) furnish(ctx context.Context, d demoDesk) error {
	if err := st.addRequesters(ctx, d.requesters); err != nil {
		return err
	}
	departments, err := st.named(ctx, "/v1/departments")
	if err != nil {
		return err
	}
	if st.skills, err = st.named(ctx, "/v1/skills"); err != nil {
		return err
	}
	for name, department := range d.skills {
		skill := st.skills[name]
		if err := st.as(ctx, "admin", "PATCH", "/v1/skills/"+skill.id, skill.version, map[string]any{"department": departments[department].id}, nil); err != nil {
			return err
		}
	}
	for _, a := range d.agents {
		tags := []string{}
		for _, name := range a.skills {
			tags = append(tags, st.skills[name].id)
		}
		if err := st.as(ctx, "admin", "POST", "/v1/agents", 0, map[string]any{"user": st.people[a.username], "max_load": a.limit, "skill_tags": tags}, nil); err != nil {
			return err
		}
	}
	return st.furnishWords(ctx, d)
}

// furnishWords makes tags and canned replies, and has the agents begin their day.
func (st *demoStage) furnishWords(ctx context.Context, d demoDesk) error {
	for _, name := range d.tags {
		var made demoThing
		if err := st.as(ctx, "admin", "POST", "/v1/tags", 0, map[string]any{"name": name}, &made); err != nil {
			return err
		}
		st.tags[name] = made.ID
	}
	for _, c := range d.canned {
		body := map[string]any{"title": c.title, "shortcut": c.shortcut, "body": c.body}
		if err := st.as(ctx, "admin", "POST", "/v1/canned-replies", 0, body, nil); err != nil {
			return err
		}
	}
	for _, a := range d.agents {
		st.agents = append(st.agents, a.username)
		if err := st.as(ctx, a.username, "PUT", "/v1/me/agent", 0, map[string]any{"status": "online"}, nil); err != nil {
			return err
		}
	}
	return nil
}

// goHome has the agents leave what they hold as it is: nobody is there until somebody signs in as one.
func (st *demoStage) goHome(ctx context.Context) error {
	for _, a := range st.agents {
		if err := st.as(ctx, a, "PUT", "/v1/me/agent", 0, map[string]any{"status": "offline", "keep": true}, nil); err != nil {
			return err
		}
	}
	return nil
}

// addRequesters adds people who ask. They are of no department.
func (st *demoStage) addRequesters(ctx context.Context, list []demoRequester) error {
	return st.past.config.DB.Write(ctx, st.tenant.ID, func(tx *store.Tx) error {
		role := st.tenant.DefaultRole
		if _, err := tenant.Lock(ctx, tx); err != nil {
			return err
		}
		for _, r := range list {
			user, err := st.past.Identity.Create(ctx, tx, identity.NewUser{Username: r.username, Name: r.name})
			if err != nil {
				return err
			}
			if err := giveRole(ctx, tx, user.ID, role); err != nil {
				return err
			}
			st.people[r.username] = user.ID
		}
		return nil
	})
}

// tell plays one story.
func (st *demoStage) tell(ctx context.Context, now time.Time, story demoStory) error {
	st.past.clock.set(now.Add(-story.ago))
	st.now = demoScene{story: story}
	body := map[string]any{"skill": st.skills[story.skill].id, "subject": story.subject, "text": story.text}
	if err := st.change(ctx, story.requester, "POST", "/v1/conversations", body); err != nil {
		return err
	}
	for _, step := range story.steps {
		st.past.clock.set(st.past.clock.now().Add(step.after))
		who := step.who
		if who == "" {
			who = story.requester
		}
		deed := demoDeeds[step.do]
		if deed == nil {
			return fmt.Errorf("nobody knows how to %s", step.do)
		}
		if err := deed(ctx, st, who, step.what); err != nil {
			return fmt.Errorf("%s: %s: %w", who, step.do, err)
		}
	}
	return nil
}

// demoDeeds are the things that people do in stories.
var demoDeeds = map[string]func(ctx context.Context, st *demoStage, who, what string) error{
	"say":  say("text"),
	"note": say("note"),
	"take": plain("take"), "hold": plain("hold"), "resume": plain("resume"), "park": plain("park"),
	"resolve": plain("resolve"), "reopen": plain("reopen"), "leave": plain("leave"),
	"pass on": func(ctx context.Context, st *demoStage, who, what string) error {
		return st.do(ctx, who, "transfer", map[string]any{"agent": st.people[what]})
	},
	"rate": func(ctx context.Context, st *demoStage, who, what string) error {
		score, words, _ := strings.Cut(what, " ")
		reasons, text, _ := strings.Cut(words, ": ")
		return st.do(ctx, who, "rating", map[string]any{
			"score": int(score[0] - '0'), "reasons": slices.DeleteFunc(strings.Split(reasons, " "), func(r string) bool { return r == "" }), "text": text,
		})
	},
	"tag": func(ctx context.Context, st *demoStage, who, what string) error {
		return st.change(ctx, who, "PATCH", st.now.path(), map[string]any{"tags": []string{st.tags[what]}})
	},
	"raise": func(ctx context.Context, st *demoStage, who, what string) error {
		return st.change(ctx, who, "PATCH", st.now.path(), map[string]any{"priority": int(what[0] - '0')})
	},
	"whisper": supervise("whisper"),
	"barge":   supervise("barge"),
	"stop listening": func(ctx context.Context, st *demoStage, who, _ string) error {
		return st.as(ctx, who, "DELETE", st.now.path()+"/monitor", 0, nil, nil)
	},
	"send": func(ctx context.Context, st *demoStage, who, what string) error { return st.send(ctx, who, what) },
}

func say(kind string) func(context.Context, *demoStage, string, string) error {
	return func(ctx context.Context, st *demoStage, who, what string) error {
		return st.as(ctx, who, "POST", st.now.path()+"/messages", 0, map[string]any{"kind": kind, "text": what}, nil)
	}
}

func plain(deed string) func(context.Context, *demoStage, string, string) error {
	return func(ctx context.Context, st *demoStage, who, _ string) error {
		return st.do(ctx, who, deed, map[string]any{})
	}
}

func supervise(mode string) func(context.Context, *demoStage, string, string) error {
	return func(ctx context.Context, st *demoStage, who, what string) error {
		return st.as(ctx, who, "POST", st.now.path()+"/"+mode, 0, map[string]any{"text": what}, nil)
	}
}
