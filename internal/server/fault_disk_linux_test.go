package server_test

import (
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// The disk of the database fills up to its last byte, three times, while people work. What was acknowledged is there with
// its record, nothing else is, and with room it goes on by itself.
func TestNothingIsLostOnAFullDisk(t *testing.T) {
	storetest.OnSmallDisk(t, 64<<20, func(disk *storetest.Disk) {
		newOrdeal(t, servertest.Run(t, storetest.SQLite(t))).onFullDisk(t, disk)
	})
}

// onFullDisk takes the room from people who work, three times, and gives it back.
func (o *ordeal) onFullDisk(t *testing.T, disk *storetest.Disk) {
	t.Helper()
	done, refused, stop := o.keepAsking(t)
	for range 3 {
		for range 10 {
			<-done
		}
		disk.Fill(0)
		for range 10 {
			<-refused
		}
		disk.MakeRoom()
	}
	for range 10 {
		<-done
	}
	stop()
	o.whole(t, false)
}

// With little room left new work is refused, and that is on the record; reading and taking access away go on.
func TestNewWorkIsRefusedWhileThereIsLittleRoom(t *testing.T) {
	storetest.OnSmallDisk(t, 64<<20, func(disk *storetest.Disk) {
		dir := t.TempDir()
		o := newOrdeal(t, servertest.RunOnDisk(t, storetest.SQLite(t), func() (int64, error) { return server.FreeOn(dir) }, 16<<20))
		told := newTrailReader(t, o.Server, o.acme.ID)
		li := o.acme.NewUser("li", nil, "user")
		disk.Fill(8 << 20)
		told.fresh(t)
		refused := o.admin.Do("POST", "/v1/users", object{"username": "late"}).Refused(503, "no_room")
		if r := told.one(t, refused, o.acme.ID); r.Action.Event != "user.create" || r.Outcome.Reason != "no_room" || refused.Header.Get("Retry-After") != "60" {
			t.Errorf("%+v, %v", r.Outcome, refused.Header)
		}
		o.admin.Do("GET", "/v1/users", nil).Expect(200)
		o.admin.Do("POST", "/v1/users/"+li.ID+"/disable", nil).Expect(200)
		if a := o.Client().Do("GET", "/readyz", nil).Expect(200); a.String("status") != "degraded" || !strings.Contains(string(a.Body), `"disk":"low"`) {
			t.Errorf("%s", a.Body)
		}
		if text := scrape(o.Server); !regexp.MustCompile(`(?m)^usher_disk_free_bytes [1-8]\.\d+e\+06$`).MatchString(text) {
			t.Error(text)
		}
		disk.MakeRoom()
		if got := o.create(t); got != 201 {
			t.Errorf("with room again a change is answered %d", got)
		}
		o.whole(t, false)
	})
}

// scrape is what Prometheus gets.
func scrape(s *servertest.Server) string {
	answer := httptest.NewRecorder()
	s.Admin().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	return answer.Body.String()
}

// While there is no room, what is there can be read by whoever needs no record of it, and nobody is told that something
// was done.
func TestNothingIsDoneWithoutRoom(t *testing.T) {
	storetest.OnSmallDisk(t, 64<<20, func(disk *storetest.Disk) {
		o := newOrdeal(t, servertest.Run(t, storetest.SQLite(t)))
		o.create(t)
		disk.Fill(0)
		// The log of the database has room left from before; it is used up by what is larger and then by what is smaller.
		for n := 0; o.create(t) == 201 || o.admin.Do("GET", "/v1/users", nil).Status == 200; n++ {
			if n == 5000 {
				t.Fatal("the disk does not fill up")
			}
		}
		o.down(t)
		o.whole(t, false)
		disk.MakeRoom()
		if got := o.create(t); got != 201 {
			t.Errorf("with room again a change is answered %d", got)
		}
		o.admin.Do("GET", "/v1/users", nil).Expect(200)
		o.whole(t, false)
	})
}
