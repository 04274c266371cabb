package desk

import (
	"context"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

func (s *Service) boardRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "board-read", Method: http.MethodGet, Path: "/v1/board", Summary: "Read the wall board",
		Access: api.Needs("dashboard:read"), Tenant: api.OfCaller, Event: "board.read", Limit: api.Ordinary,
	}, s.handleBoard)
}

// boardJSON is the board as a reader sees it, over HTTP and as a snapshot of the stream.
type boardJSON struct {
	At      time.Time        `json:"at" doc:"When it was read; ages go on from there"`
	Waiting waitingJSON      `json:"waiting"`
	Open    openJSON         `json:"open" doc:"Conversations in which somebody has something to do, by state"`
	Slots   slotsJSON        `json:"slots" doc:"Of agents who are online and connected"`
	Today   todayJSON        `json:"today"`
	Groups  groupsJSON       `json:"groups" doc:"How many agents, by what they receive"`
	Tiles   []tileJSON       `json:"tiles" doc:"By skill and department: where new conversations come, and where some wait"`
	Agents  []boardAgentJSON `json:"agents" doc:"By name: those whom the reader's agent:read covers"`
}

type waitingJSON struct {
	Count int64      `json:"count"`
	Since *time.Time `json:"since" doc:"Since when the one waits that waits longest; null when none does"`
}

func (j *waitingJSON) add(w laneWait) {
	j.Count += w.count
	if j.Since == nil || w.since.Before(*j.Since) {
		j.Since = &w.since
	}
}

type openJSON struct {
	Queued int64 `json:"queued"`
	Active int64 `json:"active"`
	OnHold int64 `json:"on_hold"`
	Parked int64 `json:"parked"`
}

func (j *openJSON) add(o openCount) {
	switch o.state {
	case Active:
		j.Active += o.count
	case OnHold:
		j.OnHold += o.count
	case Parked:
		j.Parked += o.count
	}
}

type slotsJSON struct {
	Held  int `json:"held"`
	Total int `json:"total"`
}

// todayJSON is about the cycles that began today, each figure as the report of the same name has it.
type todayJSON struct {
	Date          string   `json:"date" format:"date" doc:"Today, in the tenant's time zone"`
	Began         int64    `json:"began" doc:"Conversations opened and reopened"`
	Answered      int64    `json:"answered"`
	ServiceLevel  *float64 `json:"service_level" doc:"Share answered within 60 seconds; null when there is nothing to judge by" example:"0.85"`
	FirstResponse *float64 `json:"first_response" doc:"Average, in seconds"`
	Resolved      int64    `json:"resolved"`
	Resolution    *float64 `json:"resolution" doc:"Average, in seconds"`
	Abandoned     int64    `json:"abandoned"`
	Rated         int64    `json:"rated"`
	Rating        *float64 `json:"rating" doc:"Average, of 1 to 5"`
}

type groupsJSON struct {
	Free    int `json:"free" doc:"Online and connected, with a free slot"`
	Full    int `json:"full" doc:"Online and connected, without one"`
	Busy    int `json:"busy"`
	Offline int `json:"offline" doc:"Offline, or not connected"`
}

type tileJSON struct {
	Skill      api.OrNull[named] `json:"skill" doc:"Null for conversations that need none"`
	Department api.OrNull[named] `json:"department" doc:"Null for those that no department handles"`
	Waiting    waitingJSON       `json:"waiting"`
	Agents     groupsJSON        `json:"agents" doc:"Who have the skill and are in the department or below it"`
}

type boardAgentJSON struct {
	Agent           named      `json:"agent"`
	Status          string     `json:"status" enum:"online,busy,offline"`
	StatusAt        time.Time  `json:"status_at" doc:"Since when"`
	Connected       bool       `json:"connected"`
	Load            int        `json:"current_load"`
	MaxLoad         int        `json:"max_load"`
	Over            bool       `json:"over_limit"`
	Skills          []named    `json:"skills"`
	UnansweredSince *time.Time `json:"unanswered_since" doc:"When the question came that has waited longest for an answer of theirs; null for none"`
}

type boardOutput struct{ Body boardJSON }

func (s *Service) handleBoard(ctx context.Context, _ *struct{}) (*boardOutput, error) {
	by := caller.Must(ctx)
	var f figures
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		f, err = s.boardFigures(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &boardOutput{Body: f.seenBy(by.Subject, by.At)}, nil
}
