package virtualdesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"
)

// person is somebody who has signed in, as what they are to the desk.
type person struct {
	*messenger
	login Login
	id    string // since the first sign-in
	part  part
	sight *sight // nil for the administrator, who follows nothing

	connection connection

	proving    sync.Mutex // guards factorStep
	factorStep int64      // the last step of the second factor that was used
}

// part is what somebody does at the desk.
type part string

// The parts.
const (
	asAdmin     part = "administrator"
	asRequester part = "requester"
	asAgent     part = "agent"
	asLead      part = "lead"
	asAuditor   part = "auditor"
)

func (d *desk) newPerson(p part, login Login) *person {
	at := &route{nodes: d.nodes, via: d.transport}
	at.at.Store(int32(len(d.requesters) + len(d.agents))) // people spread over the nodes
	return &person{messenger: &messenger{desk: d, http: &http.Client{Transport: at}}, login: login, part: p}
}

func (p *person) String() string { return string(p.part) + " " + p.login.Username }

// do sends a request once, with a fresh token or second factor where one is asked for first.
func (p *person) do(ctx context.Context, r request) error { return p.with(ctx, r, p.send) }

// insist is do for what may be done twice.
func (p *person) insist(ctx context.Context, r request) error {
	return p.with(ctx, r, p.messenger.insist)
}

func (p *person) with(ctx context.Context, r request, send func(context.Context, request) error) error {
	err := send(ctx, r)
	var no *refusal
	if !errors.As(err, &no) || no.Status != 401 {
		return err
	}
	if no.Code == "step_up_required" {
		err = p.stepUp(ctx)
	} else {
		err = p.signIn(ctx)
	}
	if err != nil {
		return err
	}
	return send(ctx, r)
}

// list reads all pages of a list.
func (p *person) list(ctx context.Context, path string, query url.Values) (items []json.RawMessage, err error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("limit", "200")
	for {
		var got page
		if err := p.insist(ctx, request{method: "GET", path: path + "?" + query.Encode(), into: &got}); err != nil {
			return nil, err
		}
		items = append(items, got.Items...)
		if got.Next == nil {
			return items, nil
		}
		query.Set("cursor", *got.Next)
	}
}

// issued is the answer to a sign-in.
type issued struct {
	AccessToken string `json:"access_token"`
	User        struct {
		ID string `json:"id"`
	} `json:"user"`
}

// signIn signs in with the password and, where one is demanded, the second factor, which is set up first
// by whoever has none.
func (p *person) signIn(ctx context.Context) error {
	var got issued
	err := p.messenger.insist(ctx, request{method: "POST", path: "/v1/auth/login", into: &got, body: map[string]string{
		"tenant": p.login.Tenant, "username": p.login.Username, "password": p.login.Password,
	}})
	var no *refusal
	if errors.As(err, &no) && no.Challenge != "" {
		got, err = p.answerChallenge(ctx, no)
	}
	if err != nil {
		return fmt.Errorf("signing in as %s: %w", p.login.Username, err)
	}
	if p.id == "" { // which others may be reading, when this is not the first time
		p.id = got.User.ID
	}
	p.setToken(got.AccessToken)
	return nil
}

// answerChallenge finishes a sign-in that wants a second factor.
func (p *person) answerChallenge(ctx context.Context, no *refusal) (got issued, err error) {
	if no.Code == "mfa_enrolment_required" {
		var shown struct {
			Secret string `json:"secret"`
		}
		err := p.messenger.insist(ctx, request{method: "POST", path: "/v1/auth/login/enrol", into: &shown,
			body: map[string]string{"challenge": no.Challenge}})
		if err != nil {
			return got, err
		}
		p.login.Secret = shown.Secret
	}
	if p.login.Secret == "" {
		return got, errors.New("a second factor is demanded: give its secret")
	}
	err = p.withCode(ctx, func(code string) error {
		return p.messenger.insist(ctx, request{method: "POST", path: "/v1/auth/login/otp", into: &got,
			body: map[string]string{"challenge": no.Challenge, "code": code}})
	})
	return got, err
}

// stepUp shows the second factor anew, for what is of high risk.
func (p *person) stepUp(ctx context.Context) error {
	var got issued
	err := p.withCode(ctx, func(code string) error {
		return p.messenger.insist(ctx, request{method: "POST", path: "/v1/auth/step-up", into: &got, body: map[string]string{"code": code}})
	})
	if err != nil {
		return fmt.Errorf("showing the second factor: %w", err)
	}
	p.setToken(got.AccessToken)
	return nil
}

// The steps of a second factor: 30 seconds each (RFC 6238), good once, and the next one is accepted early.
const (
	factorStep = 30 * time.Second
	earlySteps = 1
)

// withCode uses a code that was not used before. Somebody else may have used the present one: the next is
// tried too.
func (p *person) withCode(ctx context.Context, use func(code string) error) error {
	p.proving.Lock()
	defer p.proving.Unlock()
	for try := 0; ; try++ {
		step := max(time.Now().Unix()/int64(factorStep.Seconds()), p.factorStep+1)
		early := time.Unix((step-earlySteps)*int64(factorStep.Seconds()), 0)
		if !pause(ctx, time.Until(early)) {
			return ctx.Err()
		}
		code, err := totp.GenerateCode(p.login.Secret, time.Unix(step*int64(factorStep.Seconds()), 0))
		if err != nil {
			return errors.New("the secret of the second factor is base32")
		}
		p.factorStep = step
		if err = use(code); try == 2 || !refusedAs(err, "wrong_code") {
			return err
		}
	}
}

// dice makes what one person decides by chance.
func (d *desk) dice(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(d.config.Seed, stream)) }
