package server_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// The disk of the database fills up to its last byte, three times, while people work. What was acknowledged is there with
// its record, nothing else is, and with room it goes on by itself.
func TestNothingIsLostOnAFullDisk(t *testing.T) {
	storetest.OnSmallDisk(t, 64<<20, func(disk *storetest.Disk) {
		o := newOrdeal(t, servertest.Run(t, storetest.SQLite(t)))
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
	})
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
