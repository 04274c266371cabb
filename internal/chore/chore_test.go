package chore_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/usher-desk/usher/internal/chore"
)

// The times in these tests are those of a bubble: nobody waits.

func TestAChoreIsDoneUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c chore.Chore
		times := 0
		c.Start(time.Minute, func() { times++ })
		c.Start(time.Second, func() { t.Error("a second start counts") })
		<-time.After(3*time.Minute + time.Second)
		c.Stop()
		c.Stop()
		<-time.After(time.Hour)
		if times != 3 {
			t.Errorf("it was done %d times in three minutes", times)
		}
	})
}

func TestStopWaitsForTheChore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c chore.Chore
		begun, done := make(chan struct{}), false
		c.Start(time.Minute, func() {
			close(begun)
			<-time.After(time.Hour)
			done = true
		})
		<-begun
		c.Stop()
		if !done {
			t.Error("stopped in the middle")
		}
	})
}

func TestWhatIsStoppedDoesNotStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c chore.Chore
		c.Stop()
		c.Start(time.Second, func() { t.Error("it is done") })
		<-time.After(time.Minute)
		c.Stop()
	})
}

// Whatever the order in which many start and stop, nothing is done twice at once, or after a stop.
func TestManyStartAndStop(t *testing.T) {
	for range 100 {
		var c chore.Chore
		var others sync.WaitGroup
		var doing, stopped atomic.Bool
		for i := range 8 {
			others.Go(func() {
				if i%2 == 0 {
					c.Start(time.Microsecond, func() {
						if stopped.Load() || doing.Swap(true) {
							t.Error("done after a stop, or twice at once")
						}
						doing.Store(false)
					})
					return
				}
				c.Stop()
				stopped.Store(true)
			})
		}
		others.Wait()
		c.Stop()
	}
}
