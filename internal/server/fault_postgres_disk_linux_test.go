package server_test

import (
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// The disk of PostgreSQL's tables fills up to its last byte, three times, while people work. What was acknowledged is there
// with its record, nothing else is, and with room it goes on by itself.
func TestNothingIsLostOnAFullDiskOfPostgreSQL(t *testing.T) {
	storetest.OnSmallDisk(t, 128<<20, func(disk *storetest.Disk) {
		newOrdeal(t, servertest.Run(t, open(t, disk.Postgres()))).onFullDisk(t, disk)
	})
}

// Pages have room left from before, here for a record and there for none: until that is used up each call is answered, or
// refused for good measure; then nobody is told that something was done, and who needs no record is answered as ever.
func TestNothingIsDoneWithoutRoomForPostgreSQL(t *testing.T) {
	storetest.OnSmallDisk(t, 128<<20, func(disk *storetest.Disk) {
		o := newOrdeal(t, servertest.Run(t, open(t, disk.Postgres())))
		o.create(t)
		disk.Fill(0)
		for n, silent := 0, 0; silent < 3; n++ {
			if n == 5000 {
				t.Fatal("the disk does not fill up")
			}
			silent++
			if o.create(t) == 201 || o.read(t) == 200 {
				silent = 0
			}
		}
		o.withoutRecord(t)
		o.whole(t, false)
		disk.MakeRoom()
		if got := o.create(t); got != 201 {
			t.Errorf("with room again a change is answered %d", got)
		}
		o.admin.Do("GET", "/v1/users", nil).Expect(200)
		o.whole(t, false)
	})
}
