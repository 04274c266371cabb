package session_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/seal"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// stillClock moves only when the test says so, so that no slow machine changes what is awaited.
type stillClock struct{ micros atomic.Int64 }

func (c *stillClock) Now() time.Time          { return time.UnixMicro(c.micros.Load()) }
func (c *stillClock) Advance(d time.Duration) { c.micros.Add(d.Microseconds()) }

// eachStillProgram is eachProgram with a clock that stands still. Its program is spoken to by post.
func eachStillProgram(t *testing.T, f func(t *testing.T, p *program, clock *stillClock)) {
	t.Helper()
	eachProgram(t, func(t *testing.T, p *program) {
		clock := &stillClock{}
		clock.micros.Store(time.Now().UnixMicro())
		p.Server = &servertest.Server{Server: start(t, p.DB.WithClock(clock.Now), p.URL), DB: p.DB.WithClock(clock.Now), URL: p.URL}
		f(t, p, clock)
	})
}

// start runs another program on the database, as after a restart.
func start(t *testing.T, db *store.DB, url string) *server.Server {
	t.Helper()
	program, err := server.New(t.Context(), server.Config{DB: db, Master: masterKey(t, "servertest's own 32 bytes of key"), URL: url, Node: "again", BcryptCost: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(program.Stop)
	return program
}

func masterKey(t *testing.T, bytes string) *seal.Key {
	t.Helper()
	key, err := seal.NewKey([]byte(bytes))
	if err != nil {
		t.Fatal(err)
	}
	return key
}
