package desk_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
	"shuniu/internal/memstore"
)

// disk is a store on a disk that can be full, with a reserve beside it.
type disk struct {
	*memstore.Store
	mu    sync.Mutex
	full  bool
	spare int // Appends that fit into the released reserve.
	kept  bool
}

func (d *disk) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full = full
}

func (d *disk) room(cad.Seq, int) (memstore.Failure, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case !d.full:
	case d.spare > 0:
		d.spare--
	default:
		return memstore.BeforeStore, journal.ErrFull
	}
	return memstore.Never, nil
}

func (d *disk) ReleaseReserve() (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.kept
	if was {
		d.kept, d.spare = false, 5
	}
	return was, nil
}

func (d *disk) RestoreReserve() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return journal.ErrFull
	}
	d.kept = true
	return nil
}

// A full disk takes calls and duress on its reserve, refuses the rest, and comes back by itself.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t, cad.Live)
		c.must(c.receive("i1"))
		if err := c.desk.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := &disk{Store: c.store.Reopen(), kept: true}
		c.store = s.Store
		c.open(s)
		b := c.follow()

		release := c.hold()
		c.later(c.note("i1", "the last that fits"), desk.Wish{})
		synctest.Wait()
		note, call := c.later(c.note("i1", "no room"), desk.Wish{}), c.later(c.receive("i2"), desk.Wish{Key: "k2", Body: []byte("b")})
		synctest.Wait()
		s.fill(true)
		s.OnAppend(s.room)
		release()
		synctest.Wait()
		wantKind(t, note.err, fault.Unavailable, "not_stored")
		if call.err != nil {
			t.Errorf("the call of the group that met the full disk: %v", call.err)
		}
		_, err := c.do(c.note("i1", "still no room"))
		wantKind(t, err, fault.Unavailable, "disk_full")
		c.must(c.receive("i3"))
		c.must(duress("101"))
		if c.desk.Health() == nil {
			t.Error("nobody is told that the disk is full")
		}
		c.checkReplay()

		time.Sleep(11 * time.Second) // Nothing has been freed.
		_, err = c.do(c.note("i1", "still no room"))
		wantKind(t, err, fault.Unavailable, "disk_full")
		s.fill(false)
		time.Sleep(11 * time.Second)
		c.must(c.note("i1", "room again"))
		if err := c.desk.Health(); err != nil {
			t.Errorf("it says still: %v", err)
		}
		c.checkReplay()
		sameRows(t, b, c.follow())
	})
}

// When the reserve is used up too, the caller hears within two seconds that nothing was stored; the desk lives on.
func TestReserveUsedUp(t *testing.T) {
	c := newCentre(t, cad.Live)
	if err := c.desk.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &disk{Store: c.store.Reopen(), kept: true, full: true}
	c.store = s.Store
	c.open(s)
	s.OnAppend(s.room)
	for n := range 5 {
		c.must(c.receive(cad.IncidentID(rune('a' + n))))
	}
	_, err := c.do(c.receive("f"))
	wantKind(t, err, fault.Unavailable, "not_stored")
	s.fill(false)
	c.must(c.receive("f"))
	c.checkReplay()
}
