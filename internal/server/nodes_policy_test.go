package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/cluster"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// changeAccess are the operations that raise the version of the tenant's policy when the walk calls them.
var changeAccess = []string{
	"department-create", "department-delete", "department-update",
	"exclusion-create", "exclusion-delete", "exclusion-update",
	"permission-list-set",
	"role-activate", "role-create", "role-deactivate", "role-delete", "role-update",
	"settings-update",
	"tenant-resume", "tenant-suspend",
	"user-create", "user-delete", "user-disable", "user-enable", "user-roles-set", "user-update",
}

// Whatever is called, whoever follows the policy has what is stored: the node that was asked, and one that has heard of
// nothing and asks the database. Neither reads more than what has changed, so that a path which the log knows nothing of
// would show here.
func TestEveryCallCanBeFollowed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newWalk(t, s)
		f := &follower{w: w, other: policy.New(policy.Config{DB: s.DB, Cluster: cluster.New()}), changing: map[string]bool{}}
		f.compare(t)
		for _, op := range s.API.Operations() {
			if kind := samples[op.ID].kind; op.Method != http.MethodGet && kind != "conversation" && kind != "tenant" {
				t.Run(op.ID, func(t *testing.T) { f.call(t, op.ID) })
			}
		}
		for _, id := range []string{"tenant-suspend", "tenant-resume"} { // last: they end every session
			f.call(t, id)
		}
		for _, id := range changeAccess {
			if !f.changing[id] {
				t.Errorf("%s has changed no access: it was called for nothing", id)
			}
		}
	})
}

// follower compares what two nodes know of a policy with what is stored.
type follower struct {
	w        *walk
	other    *policy.Service
	changing map[string]bool // the operations that raised the version
}

func (f *follower) call(t *testing.T, id string) {
	operations := f.w.s.API.Operations()
	op := operations[slices.IndexFunc(operations, func(op *api.Operation) bool { return op.ID == id })]
	sample := samples[id]
	client := f.w.chiefFor(sample)
	f.w.spares[client] = sessionOf(client)
	sample.caller = client.User
	at := sample.make(t, f.w, f.w.ours, f.w.ours.departments[0])
	before := f.compare(t)
	sample.call(t, f.w, client, op, at)
	if f.compare(t) > before {
		f.changing[id] = true
	}
}

// compare returns the version of the policy.
func (f *follower) compare(t *testing.T) int64 {
	t.Helper()
	var stored *policy.Compiled
	err := f.w.s.DB.Read(t.Context(), f.w.ours.ID, func(tx *store.Tx) (err error) {
		stored, err = policy.Load(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, node := range map[string]*policy.Service{"this node": f.w.s.Policy, "the other": f.other} {
		known, err := node.Latest(t.Context(), f.w.ours.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(f.said(stored), f.said(known)); diff != "" {
			t.Errorf("%s knows something else than what is stored (-stored +known):\n%s", name, diff)
		}
	}
	return stored.Version
}

// said is everything that a policy says.
func (f *follower) said(c *policy.Compiled) map[string]any {
	at := f.w.s.DB.Now()
	all := map[string]any{
		"data": c.Tenant(), "version": c.Version, "default": c.DefaultRole, "limit": c.MaxRolesPerUser, "administrators": c.Administrators(),
	}
	for _, subject := range c.Subjects() {
		all[subject.ID()] = fmt.Sprint(c.DemandsSecondFactor(subject.ID(), at), subject.PotentialGrants(), subject.WhatCan(at))
	}
	return all
}
