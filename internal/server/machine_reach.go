package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// Reached is how a command on the machine asks for operations: through the socket of the server that serves the place
// or, where none does, in this process.
type Reached struct {
	http.RoundTripper
	close func() error
}

// Close lets go of the place.
func (r *Reached) Close() error { return r.close() }

// How long a command waits for another one, or for a server that is just starting or stopping.
const (
	reachPatience = 5 * time.Second
	reachPause    = 50 * time.Millisecond
)

// Reach finds the way to the operations of a place. On SQLite a command that finds no server has the folder's lock while
// it works; on PostgreSQL it is a node for as long, beside others. It sets nothing up and migrates nothing.
func (p Place) Reach(ctx context.Context) (*Reached, error) {
	for end := time.Now().Add(reachPatience); ; {
		r, err := p.reach(ctx)
		if !errors.Is(err, store.ErrServed) || p.Postgres != "" || time.Now().After(end) {
			return r, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(reachPause):
		}
	}
}

func (p Place) reach(ctx context.Context) (*Reached, error) {
	if err := p.exists(); err != nil {
		return nil, err
	}
	if c, err := dialSocket(ctx, p.socket()); err == nil {
		return throughSocket(p.socket()), c.Close()
	}
	installation, err := p.alongside(ctx)
	if err != nil {
		return nil, err
	}
	r, err := installation.inProcess(ctx)
	if err != nil {
		return nil, errors.Join(err, installation.Close())
	}
	return r, nil
}

// alongside opens the place as it is, for the time of one command.
func (p Place) alongside(ctx context.Context) (*Installation, error) {
	if p.Postgres != "" {
		p.PostgresOwner = "" // nothing is migrated
		return p.Serve(ctx, "cli "+store.NewID(time.Now()), false)
	}
	file, err := p.lock()
	if err != nil {
		return nil, err
	}
	held := &hold{file: file}
	db, err := p.openDatabase(ctx)
	if err != nil {
		return nil, errors.Join(err, held.release(ctx))
	}
	return p.withKey(ctx, db, held, p.readKey)
}

func throughSocket(path string) *Reached {
	way := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dialSocket(ctx, path) },
	}
	return &Reached{way, func() error { way.CloseIdleConnections(); return nil }}
}

// inProcess is the program without listeners and without what runs beside requests, but for who keeps the records.
func (i *Installation) inProcess(ctx context.Context) (*Reached, error) {
	address, _, err := i.Address(ctx, "")
	if err != nil {
		return nil, err
	}
	s, err := i.tool(ctx, address)
	if err != nil {
		return nil, err
	}
	s.Audit.Start()
	return &Reached{within{s.API.OnMachine()}, func() error {
		s.Audit.Stop()
		return i.Close()
	}}, nil
}

// within asks a handler of this process.
type within struct{ handler http.Handler }

// RoundTrip returns the handler's answer.
func (w within) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context()) // a RoundTripper leaves what it is given as it is
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	a := &kept{status: http.StatusOK, header: http.Header{}}
	w.handler.ServeHTTP(a, r)
	return &http.Response{
		StatusCode: a.status, Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), Proto: r.Proto, ProtoMajor: r.ProtoMajor, ProtoMinor: r.ProtoMinor,
		Header: a.header, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}, nil
}

// kept is an answer in memory.
type kept struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
