package api_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// takeScans adds an operation that has take read the files which it is sent.
func takeScans(o *office, take func(io.Reader) error) {
	api.RegisterUpload(o.api, api.Operation{
		ID: "scan-create", Method: http.MethodPost, Path: "/v1/scans", Summary: "Send a scan",
		Access: api.SignedIn("it is a test"), Tenant: api.OfCaller, Event: "scan.create", Limit: api.OfFile(1 << 20),
	}, []string{"image/png"}, func(ctx context.Context, _ *struct{}, u *api.Upload) (*anythingOutput, error) {
		if _, err := u.Receive(ctx, take); err != nil {
			return nil, err
		}
		return &anythingOutput{"done"}, nil
	})
}

// cramped is an office whose disk is full once somebody says so.
func cramped(t *testing.T) (o *office, full *atomic.Bool) {
	full = &atomic.Bool{}
	o = &office{t: t, db: storetest.SQLite(t), room: func() bool { return !full.Load() }}
	o.serve(authenticate)
	return o, full
}

// Whoever was let in while there was room does not use up what is kept.
func TestAFileBreaksOffWhereTheRoomEnds(t *testing.T) {
	for name, where := range map[string]int{"in the middle": 3, "at the end": 6} {
		t.Run(name, func(t *testing.T) {
			o, full := cramped(t)
			takeScans(o, func(r io.Reader) error {
				if _, err := io.ReadFull(r, make([]byte, where)); err != nil {
					return err
				}
				if where == 6 {
					if _, err := io.Copy(io.Discard, r); err != nil {
						return err
					}
				}
				full.Store(true)
				_, err := io.Copy(io.Discard, r)
				if where == 6 {
					err = nil // it has its end already, and what comes of it takes room again
				}
				return err
			})
			o.do(chief, "POST", "/v1/scans", "a scan", "Content-Type", "image/png").ok(503).problem(503, "no_room")
		})
	}
}

func TestAUserSendsOnlySoManyFilesAtOnce(t *testing.T) {
	o := openOffice(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	takeScans(o, func(r io.Reader) error {
		begun <- struct{}{}
		<-goOn
		_, err := io.Copy(io.Discard, r)
		return err
	})
	send := func(token string) *answer {
		return o.do(token, "POST", "/v1/scans", "a scan", "Content-Type", "image/png")
	}
	var sent sync.WaitGroup
	for range 4 {
		sent.Go(func() { send(chief).ok(200) })
		<-begun
	}
	if wait := send(chief).ok(429).problem(429, "rate_limited"); wait.Code == "" {
		t.Error("one more is taken")
	}
	sent.Go(func() { send(nobody).ok(200) }) // who sends nothing else
	<-begun
	close(goOn)
	sent.Wait()
	sent.Go(func() { send(chief).ok(200) })
	<-begun
	sent.Wait()
}

// What goes on while there is no room leaves records, so that nobody may call as much as ever.
func TestEverybodyHasLittleWhileThereIsNoRoom(t *testing.T) {
	full := &atomic.Bool{}
	paces := api.Same(api.Pace{Burst: 1000, Every: time.Hour})
	paces["scarce"] = api.Pace{Burst: 3, Every: time.Hour}
	o := &office{t: t, db: storetest.SQLite(t), room: func() bool { return !full.Load() }, paces: paces}
	o.serve(authenticate)
	for range 5 {
		o.do(chief, "GET", "/v1/departments", "").ok(200)
	}
	full.Store(true)
	o.do(chief, "GET", "/v1/departments", "").ok(200)
	o.do(chief, "POST", "/v1/departments", `{"name":"x"}`).ok(503).problem(503, "no_room")
	o.do(chief, "GET", "/v1/departments", "").ok(200)
	o.do(chief, "GET", "/v1/departments", "").ok(429).problem(429, "rate_limited")
	o.do(reader, "GET", "/v1/departments", "").ok(200)
	full.Store(false)
	o.do(chief, "GET", "/v1/departments", "").ok(200)
}

func TestTheScarcePaceIsTheLeast(t *testing.T) {
	paces := api.DefaultPaces()
	for class, p := range paces {
		if scarce := paces["scarce"]; class != "scarce" && p.Every >= scarce.Every {
			t.Errorf("%s: %+v is no more than %+v", class, p, scarce)
		}
	}
}
