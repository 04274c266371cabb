package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/internal/virtualdesk"
)

// throwAway makes a server for the desk: a folder, a database where PostgreSQL is asked for, a tenant with
// an administrator, and nodes. Whatever goes wrong, nothing of it stays.
func (c simulateCommand) throwAway(ctx context.Context, std streams) (there site, err error) {
	var undo undoing
	there = site{
		admin: virtualdesk.Login{Tenant: "virtual", Username: "keeper", Password: strings.ToLower(rand.Text())}, close: undo.all,
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, undo.all())
		}
	}()
	place, err := c.makePlace(ctx, &undo)
	if err != nil {
		return there, err
	}
	ports, err := freePorts(c.Nodes)
	if err != nil {
		return there, err
	}
	for _, port := range ports {
		there.bases = append(there.bases, "http://"+port)
	}
	err = server.Initialise(ctx, place, server.FirstTenant{
		URL: there.bases[0], Admin: there.admin.Username, Password: there.admin.Password,
		Tenant: tenant.NewTenant{Slug: there.admin.Tenant, Name: "Virtual desk", Preset: "it-desk", Locale: "en", TimeZone: "Asia/Shanghai"},
	})
	if err != nil {
		return there, err
	}
	nodes, err := startNodes(place, ports, c.Redis, std.err)
	undo.add(nodes.stop)
	there.kills = nodes.killings
	fmt.Fprintf(std.err, "a throwaway server serves at %s\n", strings.Join(there.bases, ", "))
	if c.Kill {
		there.disturb = nodes.disturb
	}
	return there, err
}

// makePlace makes folder and database.
func (c simulateCommand) makePlace(ctx context.Context, undo *undoing) (place server.Place, err error) {
	if place.Data, err = os.MkdirTemp("", "usher-simulate-"); err != nil {
		return place, err
	}
	undo.add(func() error { return os.RemoveAll(place.Data) })
	creator := cmp.Or(c.PostgresOwner, c.Postgres)
	if creator == "" {
		return place, nil
	}
	db, err := store.ThrowawayPostgres(ctx, creator, "usher_simulate_", "")
	if err != nil {
		return place, fmt.Errorf("a throwaway database for the desk: %w", err)
	}
	undo.add(db.Remove)
	place.Postgres, place.PostgresOwner = db.Application, db.Owner
	return place, nil
}

// undoing are the things that take away what was made, the last one first.
type undoing struct{ things []func() error }

func (u *undoing) add(f func() error) { u.things = append(u.things, f) }

// all takes everything away, once.
func (u *undoing) all() (err error) {
	things := u.things
	u.things = nil
	for _, thing := range slices.Backward(things) {
		err = errors.Join(err, thing())
	}
	return err
}

// The ports of nodes lie below those that the kernel gives to outgoing connections: one that is killed must
// find its own free when it comes again.
const firstPort, portRange = 20_000, 12_000

// freePorts finds addresses on this machine that nobody listens on.
func freePorts(n int) (addresses []string, err error) {
	for range 100 * n {
		offset, err := rand.Int(rand.Reader, big.NewInt(portRange))
		if err != nil {
			return nil, err
		}
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+offset.Int64())
		listener, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		defer listener.Close() // all are held until they are all found
		if addresses = append(addresses, address); len(addresses) == n {
			return addresses, nil
		}
	}
	return nil, errors.New("no free ports on this machine")
}
