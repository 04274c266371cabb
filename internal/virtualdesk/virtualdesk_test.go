package virtualdesk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/virtualdesk"
)

// small is a desk that a test has time for.
func small(base string, keeper *servertest.User) virtualdesk.Config {
	return virtualdesk.Config{
		Bases:    []string{base},
		Admin:    virtualdesk.Login{Tenant: "acme", Username: keeper.Username, Password: servertest.Password, Secret: keeper.Secret},
		Duration: 3 * time.Second, Agents: 3, Requesters: 4, Arrivals: 400, Skills: 2, Seed: 7,
		Pace: 80 * time.Millisecond, Lag: 2 * time.Second,
	}
}

// newKeeper makes a tenant with an administrator.
func newKeeper(s *servertest.Server) *servertest.User {
	return s.NewTenant("acme", "it-desk").NewUser("keeper", nil, "admin")
}

// workAt runs a small desk before a server that has a fault, or none.
func workAt(t *testing.T, s *servertest.Server, fault *faulty) virtualdesk.Report {
	t.Helper()
	report, err := virtualdesk.Run(t.Context(), small(fault.before(t, s.Address()), newKeeper(s)))
	if err != nil {
		t.Fatal(err)
	}
	if report.Unexpected > 0 {
		t.Errorf("the desk's people were refused what they should not be: %+v", report)
	}
	return report
}

// eachLive is servertest.Each with desks that dispatch by themselves.
func eachLive(t *testing.T, f func(t *testing.T, s *servertest.Server)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, servertest.RunLive(t, db)) })
}

func TestADeskBreaksNothing(t *testing.T) {
	eachLive(t, func(t *testing.T, s *servertest.Server) {
		report := workAt(t, s, &faulty{})
		for _, i := range report.Broken {
			t.Errorf("%s: %s", i, report.Examples[i])
		}
		if report.Conversations == 0 || report.Assigned == 0 || report.Messages <= report.Conversations {
			t.Errorf("nothing happened: %+v", report)
		}
	})
}

// Each way in which a server could be wrong is found out, by the name of what broke.
func TestFaultsAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		fault func() *faulty
		want  virtualdesk.Invariant
		idle  bool // the server dispatches nothing
	}{
		"nobody dispatches": {func() *faulty { return &faulty{} }, "no_match_waits_beside_a_free_agent", true},
		"an event is dropped": {func() *faulty {
			once := first()
			return &faulty{hears: func(told map[string]any) []map[string]any {
				if isEvent(told, "message") && once() {
					return nil
				}
				return same(told)
			}}
		}, "sequences_have_no_gaps", false},
		"an event comes twice": {func() *faulty {
			once := first()
			return &faulty{hears: func(told map[string]any) []map[string]any {
				if isEvent(told, "row") && once() {
					return []map[string]any{told, told}
				}
				return same(told)
			}}
		}, "sequences_do_not_repeat", false},
		"a row is not what is there": {func() *faulty {
			return &faulty{hears: func(told map[string]any) []map[string]any {
				if isEvent(told, "row") {
					told["conversation"].(map[string]any)["version"] = json.Number("1000000")
				}
				return same(told)
			}}
		}, "what_is_followed_equals_what_is_there", false},
		"two agents hold one conversation": {func() *faulty {
			return &faulty{hears: func(told map[string]any) []map[string]any {
				if c, _ := told["conversation"].(map[string]any); c != nil && c["face"] == "requester" && c["assignee"] != nil {
					c["assignee"].(map[string]any)["id"] = "somebody else"
				}
				return same(told)
			}}
		}, "at_most_one_assignee", false},
		"a requester is shown a note": {func() *faulty {
			return &faulty{hears: func(told map[string]any) []map[string]any {
				if m, _ := told["message"].(map[string]any); m != nil && m["author_face"] == "agent" {
					m["kind"] = "note"
				}
				return same(told)
			}}
		}, "requesters_see_no_notes_or_whispers", false},
		"a load is wrong": {func() *faulty {
			return &faulty{answer: func(r *http.Request, body map[string]any) bool {
				items, _ := body["items"].([]any)
				if r.Method != "GET" || r.URL.Path != "/v1/agents" || len(items) == 0 {
					return false
				}
				a := items[0].(map[string]any)
				a["current_load"] = a["current_load"].(float64) + 1
				return true
			}}
		}, "load_is_what_is_held", false},
		"a message is acknowledged and not kept": {func() *faulty {
			once := first()
			return &faulty{swallow: func(w http.ResponseWriter, r *http.Request) bool {
				if !ofConversation(r, "POST", "/messages") || !once() {
					return false
				}
				w.WriteHeader(http.StatusCreated)
				return true
			}}
		}, "what_was_acknowledged_is_there", false},
		"a message is another one than was sent": {func() *faulty {
			return &faulty{answer: func(r *http.Request, body map[string]any) bool {
				items, _ := body["items"].([]any)
				if !ofConversation(r, "GET", "/messages") || len(items) == 0 {
					return false
				}
				m := items[0].(map[string]any)
				m["text"] = "Sorry. " + m["text"].(string)
				return true
			}}
		}, "everybody_reads_the_same", false},
		"tenures overlap": {func() *faulty {
			return &faulty{answer: func(r *http.Request, body map[string]any) bool {
				items, _ := body["items"].([]any)
				if !ofConversation(r, "GET", "/tenures") || len(items) == 0 {
					return false
				}
				body["items"] = append(items, items[0])
				return true
			}}
		}, "tenures_never_overlap", false},
		"the limit is exceeded": {func() *faulty {
			return &faulty{answer: func(r *http.Request, body map[string]any) bool {
				items, _ := body["items"].([]any)
				if !ofConversation(r, "GET", "/tenures") || len(items) == 0 {
					return false
				}
				last := items[len(items)-1].(map[string]any)
				last["forced"], last["ended_at"] = false, nil
				return true
			}}
		}, "never_over_the_limit", false},
		"the server fails": {func() *faulty {
			once := first()
			return &faulty{swallow: func(w http.ResponseWriter, r *http.Request) bool {
				if !ofConversation(r, "POST", "/messages") || !once() {
					return false
				}
				w.WriteHeader(http.StatusInternalServerError)
				return true
			}}
		}, "the_server_has_no_internal_errors", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := servertest.RunLive
			if c.idle {
				run = servertest.Run
			}
			report := workAt(t, run(t, storetest.SQLite(t)), c.fault())
			if !slices.Contains(report.Broken, c.want) {
				t.Errorf("%s did not break; of %d conversations, these did: %q", c.want, report.Conversations, report.Examples)
			}
		})
	}
}

// The desk can be told to keep away from where people work.
func TestATenantThatIsInUseIsLeftAlone(t *testing.T) {
	eachLive(t, func(t *testing.T, s *servertest.Server) {
		config := small(s.Address(), newKeeper(s))
		config.MustBeEmpty = true
		if _, err := virtualdesk.Run(t.Context(), config); err != nil {
			t.Fatal(err)
		}
		if _, err := virtualdesk.Run(t.Context(), config); err == nil || !strings.Contains(err.Error(), virtualdesk.ErrNotEmpty.Error()) {
			t.Errorf("%v", err)
		}
	})
}

// Who interrupts a desk is told what came of it so far.
func TestADeskEndsEarly(t *testing.T) {
	eachLive(t, func(t *testing.T, s *servertest.Server) {
		ctx, cancel := context.WithCancel(t.Context())
		config := small(s.Address(), newKeeper(s))
		config.Duration = time.Hour
		config.Disturb = func(context.Context) { cancel() }
		if _, err := virtualdesk.Run(ctx, config); err != nil {
			t.Error(err)
		}
	})
}
