package sim_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
)

// handClock is a world's clock that is moved by hand, also backwards.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// disk is a journal in memory on a disk that breaks when the shift says so.
type disk struct {
	*memstore.Store
	bare bool // Its snapshots were lost.

	mu       sync.Mutex
	epoch    journal.Epoch
	hold     chan struct{} // The next append waits for it.
	when     memstore.Failure
	err      error // The next append fails, or the one after the held one.
	sick     int   // So many times it cannot be opened for writing.
	full     bool
	reserved bool
	spare    int // Appends that fit into the released reserve.
}

// reserveAppends is how many appends the reserve is good for.
const reserveAppends = 40

func newDisk(s *memstore.Store, bare bool) *disk {
	d := &disk{Store: s, bare: bare, reserved: true}
	d.OnAppend(d.breaks)
	return d
}

// breaks is asked at each append whether and how it fails.
func (d *disk) breaks(cad.Seq, int) (memstore.Failure, error) {
	d.mu.Lock()
	hold := d.hold
	d.hold = nil
	d.mu.Unlock()
	if hold != nil {
		<-hold
		return memstore.Never, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.when != memstore.Never {
		when, err := d.when, d.err
		d.when, d.err = memstore.Never, nil
		return when, err
	}
	switch {
	case !d.full:
	case d.spare > 0:
		d.spare--
	default:
		return memstore.BeforeStore, journal.ErrFull
	}
	return memstore.Never, nil
}

func (d *disk) failNext(when memstore.Failure, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.when, d.err = when, err
}

// failAfterHold lets the append after the held one fail.
func (d *disk) failAfterHold(when memstore.Failure, err error) { d.failNext(when, err) }

// holdNext stops the next append in the middle until release is called.
func (d *disk) holdNext() (release func()) {
	hold := make(chan struct{})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hold = hold
	return func() {
		d.mu.Lock()
		d.hold = nil // Nothing may have been appended at all.
		d.mu.Unlock()
		close(hold)
	}
}

// calm forgets a failure that was to come.
func (d *disk) calm() { d.failNext(memstore.Never, nil) }

func (d *disk) refuseToBegin(times int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sick = times
}

// fill fills the disk, or frees it. A failure that was to come is forgotten: a full disk is enough.
func (d *disk) fill(full bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full, d.when = full, memstore.Never
}

// Begin takes a new epoch, unless the disk is gone.
func (d *disk) Begin(ctx context.Context) (journal.Epoch, journal.Head, error) {
	d.mu.Lock()
	sick := d.sick > 0
	d.sick = max(0, d.sick-1)
	d.mu.Unlock()
	if sick {
		return 0, journal.Head{}, errors.New("no such disk")
	}
	e, h, err := d.Store.Begin(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.epoch = e
	return e, h, err
}

// LatestSnapshot finds none on a disk that lost them.
func (d *disk) LatestSnapshot(ctx context.Context) (journal.Snapshot, bool, error) {
	if d.bare {
		return journal.Snapshot{}, false, nil
	}
	return d.Store.LatestSnapshot(ctx)
}

// ReleaseReserve gives the reserve up.
func (d *disk) ReleaseReserve() (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.reserved
	if was {
		d.reserved, d.spare = false, reserveAppends
	}
	return was, nil
}

// RestoreReserve lays the reserve aside again, if there is room.
func (d *disk) RestoreReserve() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return journal.ErrFull
	}
	d.reserved = true
	return nil
}

// record is one stored record.
func (d *disk) record(ctx context.Context, seq cad.Seq) (journal.Record, error) {
	for r, err := range d.Read(ctx, seq-1) {
		return r, err
	}
	return journal.Record{}, fmt.Errorf("there is no record %d", seq)
}

// replay folds the whole journal into an empty house.
func (d *disk) replay(ctx context.Context) (*joint.House, error) {
	codec, err := joint.NewCodec()
	if err != nil {
		return nil, err
	}
	h := joint.NewHouse(func(s cad.Subject) (out []journal.Record, err error) {
		for r, err := range d.BySubject(ctx, s) {
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
	for r, err := range d.Read(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if err := h.Replay(codec, r); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// hall is one centre's one world: a desk on a disk, with everybody who watches it.
type hall struct {
	s     *shift
	id    cad.CentreID
	world cad.World
	disk  *disk
	keys  *keyfile.Store
	clock *handClock
	desk  *desk.Desk
	board *board.Board
	laws  *laws
	book  *book
	crowd crowd
}

func newHall(s *shift, id cad.CentreID, world cad.World) *hall {
	h := &hall{
		s: s, id: id, world: world, disk: newDisk(memstore.New(id), false), keys: keyfile.Memory(),
		clock: &handClock{now: time.Date(2030, 5, 1, 4, 0, 0, 0, time.UTC)},
	}
	h.laws, h.book = newLaws(h), newBook(h)
	h.open()
	h.tell(h.as(desk.System(), joint.Configure{Charter: jointtest.Charter(id)}))
	for _, u := range crews() {
		h.tell(h.as(dispatcher, joint.SayUnit{Unit: u, To: "available"}))
	}
	return h
}

func (h *hall) open() {
	ctx := h.s.t.Context()
	d, err := desk.Open(ctx, desk.Config{Centre: h.id, World: h.world, Store: h.disk, Keys: h.keys, Clock: h.clock, Policy: policy.Roles{}, SnapshotEvery: 100})
	if err != nil {
		h.s.t.Fatalf("seed %d, moment %d: the %s world of %s cannot be opened: %v", h.s.seed, h.s.moment, h.world, h.id, err)
	}
	b := board.New(policy.Roles{}, d)
	h.desk, h.board = d, b
	disk := h.disk
	if err := d.Watch(ctx, func(k desk.Commit) { h.see(disk, b, k) }); err != nil {
		h.s.t.Fatalf("seed %d: the desk cannot be watched: %v", h.s.seed, err)
	}
}

// see is what happens after every append, on the writer's own goroutine.
func (h *hall) see(disk *disk, b *board.Board, k desk.Commit) {
	if end, err := disk.Head(h.s.t.Context()); err != nil || k.Change.To > end.Seq {
		h.s.fail(h, "P1", "record %d is shown, but the journal ends at %d (%v)", k.Change.To, end.Seq, err)
	}
	if at := b.AsOf(); !k.Reset && k.Change.From != at {
		h.s.fail(h, "P4", "the board is at %d and is shown what follows %d", at, k.Change.From)
	}
	if _, err := b.Apply(k.Change, k.Reset); err != nil {
		h.s.fail(h, "P4", "a board cannot follow: %v", err)
	}
	h.laws.catchUp(disk)
	h.checkPrimaries(b)
}

// checkPrimaries is promise P3 on what the boards show.
func (h *hall) checkPrimaries(b *board.Board) {
	b.Look(func(house *joint.House) {
		for id := range house.Units {
			stack, primaries := house.Stack(id), 0
			for _, a := range stack {
				if a.Primary {
					primaries++
				}
			}
			if primaries > 1 || primaries == 0 && len(stack) > 0 {
				h.s.fail(h, "P3", "at %d unit %s has %d primaries among %d assignments", house.Seq, id, primaries, len(stack))
			}
		}
	})
}

// reopen is another process on the same disk; bare loses the snapshots.
func (h *hall) reopen(bare bool) {
	h.disk = newDisk(h.disk.Reopen(), bare)
	h.open()
}

// retire stops a desk for good.
func (h *hall) retire(d *desk.Desk) {
	if err := d.Close(context.WithoutCancel(h.s.t.Context())); err != nil {
		h.s.t.Errorf("seed %d: a desk cannot be closed: %v", h.s.seed, err)
	}
}

func (h *hall) stop() {
	h.retire(h.desk)
	if err := h.keys.Close(); err != nil {
		h.s.t.Error(err)
	}
}

func (h *hall) head() cad.Seq { return h.end().Seq }

// end is the end of the journal.
func (h *hall) end() journal.Head {
	end, err := h.disk.Head(h.s.t.Context())
	if err != nil {
		h.s.fail(h, "P1", "the journal's end cannot be read: %v", err)
	}
	return end
}

func (h *hall) epoch() journal.Epoch {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	return h.disk.epoch
}
