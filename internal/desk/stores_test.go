package desk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
	"shuniu/internal/postgres"
	"shuniu/internal/postgres/pgtest"
	"shuniu/internal/sqlite"
)

// fragile is a store on a disk whose next append fails when the test says so.
type fragile struct {
	journal.Store
	bare bool // Its snapshots were lost.
	when memstore.Failure
}

var errDiskGone = errors.New("the disk is gone")

// Append fails before or after it was stored, if that was ordered.
func (f *fragile) Append(ctx context.Context, epoch journal.Epoch, after cad.Seq, records []journal.Record, answers []journal.Answer) error {
	when := f.when
	f.when = memstore.Never
	if when == memstore.BeforeStore {
		return errDiskGone
	}
	if err := f.Store.Append(ctx, epoch, after, records, answers); err != nil {
		return err
	}
	if when == memstore.AfterStore {
		return errDiskGone
	}
	return nil
}

// LatestSnapshot finds none when they were lost.
func (f *fragile) LatestSnapshot(ctx context.Context) (journal.Snapshot, bool, error) {
	if f.bare {
		return journal.Snapshot{}, false, nil
	}
	return f.Store.LatestSnapshot(ctx)
}

// twin is a second centre that is told everything that the first one is told, and keeps it in another store.
type twin struct {
	c     *centre // The first one: its keys and its clock are the twin's, too.
	make  func() (journal.Store, error)
	store *fragile
	desk  *desk.Desk
}

func (w *twin) open(bare bool) {
	w.c.t.Helper()
	s, err := w.make()
	if err != nil {
		w.c.t.Fatalf("open: %v", err)
	}
	w.store = &fragile{Store: s, bare: bare}
	if w.desk, err = desk.Open(w.c.t.Context(), w.c.config(w.store)); err != nil {
		w.c.t.Fatalf("open: %v", err)
	}
}

func (w *twin) close() error {
	return errors.Join(w.desk.Close(context.WithoutCancel(w.c.t.Context())), w.store.Close())
}

// do tells both the same and compares what they say.
func (w *twin) do(cmd joint.Command, with desk.Wish) error {
	w.c.t.Helper()
	reply, err := w.c.do(cmd, with)
	with.Command = cmd
	if with.Actor.ID == "" {
		with.Actor = dispatcher
	}
	other, second := w.desk.Do(w.c.t.Context(), with)
	var a, b *fault.Error
	errors.As(err, &a)
	errors.As(second, &b)
	if (err == nil) != (second == nil) || a != nil && b != nil && (a.Code != b.Code || a.Kind != b.Kind) || !reflect.DeepEqual(reply, other) {
		w.c.t.Fatalf("%s: in memory %+v (%v), here %+v (%v)", cmd.Verb(), reply, err, other, second)
	}
	return err
}

// same compares the journals record by record, the live states, and the state that this journal replays to.
func (w *twin) same() {
	w.c.t.Helper()
	live, seq := w.c.hash()
	sum, at, err := w.desk.Hash(w.c.t.Context())
	if err != nil || at != seq || sum != live {
		w.c.t.Fatalf("the live state at %d is another one than in memory at %d (%v)", at, seq, err)
	}
	want, stop := iter.Pull2(w.c.store.Leaves(w.c.t.Context(), 0, seq))
	defer stop()
	n := cad.Seq(0)
	for leaf, err := range w.store.Leaves(w.c.t.Context(), 0, seq) {
		n++
		if other, _, ok := want(); err != nil || !ok || leaf != other {
			w.c.t.Fatalf("record %d is not the one in memory: %v, %v (%v)", n, leaf, other, err)
		}
	}
	if _, more, ok := want(); n != seq || ok {
		w.c.t.Fatalf("%d records here, %d in memory (%v)", n, seq, more)
	}
	again, err := replayOf(w.c.t.Context(), w.store)
	if err != nil {
		w.c.t.Fatal(err)
	}
	if sum, err := again.Hash(); err != nil || sum != live || again.Seq != seq {
		w.c.t.Fatalf("the journal replays to another state at %d than the live one at %d (%v)", again.Seq, seq, err)
	}
}

// replayOf folds a whole journal into an empty house.
func replayOf(ctx context.Context, s journal.Store) (*joint.House, error) {
	codec, err := joint.NewCodec()
	if err != nil {
		return nil, err
	}
	h := joint.NewHouse(func(sub cad.Subject) (out []journal.Record, err error) {
		for r, err := range s.BySubject(ctx, sub) {
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
	for r, err := range s.Read(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if err := h.Replay(codec, r); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// Promise P5 on every store: the walk of TestReplayEqualsLive, told to a desk over memory and to one over the real
// store. Both say the same, write the same records, and come to the same state, live and replayed; with failing
// appends, and restarts with snapshots and without.
func TestEveryStoreTellsTheSame(t *testing.T) {
	for name, make := range map[string]func(t *testing.T) func() (journal.Store, error){
		"sqlite": func(t *testing.T) func() (journal.Store, error) {
			path := filepath.Join(t.TempDir(), "journal.db")
			return func() (journal.Store, error) {
				return sqlite.Open(t.Context(), path, sqlite.Options{Centre: jointtest.Centre, ReserveBytes: -1, WALBytes: -1})
			}
		},
		"postgres": func(t *testing.T) func() (journal.Store, error) {
			dsn := pgtest.Start(t).DSN()
			return func() (journal.Store, error) {
				return postgres.Open(t.Context(), dsn, jointtest.Centre, postgres.Options{})
			}
		},
	} {
		t.Run(name, func(t *testing.T) { walkTogether(t, make(t), 1, 1000) })
	}
}

func walkTogether(t *testing.T, open func() (journal.Store, error), seed uint64, steps int) {
	c := bareCentre(t, cad.Live)
	w := &twin{c: c, make: open}
	w.open(false)
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	tell := func(cmd joint.Command, with desk.Wish) {
		if err := w.do(cmd, with); err != nil {
			t.Fatalf("%s: %v", cmd.Verb(), err)
		}
	}
	tell(joint.Configure{Charter: jointtest.Charter(jointtest.Centre)}, desk.Wish{Actor: cad.Actor{ID: "op", Role: policy.Operator}})
	for _, u := range []cad.UnitID{"101", "102", "211", "212", "221", "301"} {
		tell(joint.SayUnit{Unit: u, To: "available"}, desk.Wish{})
	}
	people := &walker{c: c, r: rand.New(rand.NewPCG(seed, 7))}
	taken, failed, repeats := 0, 0, 0
	var told []func() error // What was taken, to be sent again.
	for n := range steps {
		c.clock.pass(time.Duration(people.r.IntN(20*60)) * time.Second)
		with := desk.Wish{Key: fmt.Sprint(n), Body: fmt.Append(nil, n)}
		if people.r.IntN(100) == 0 {
			when := pick(people.r, memstore.BeforeStore, memstore.AfterStore)
			c.store.FailNext(when, errDiskGone)
			w.store.when = when
		}
		cmd := people.command()
		err := w.do(cmd, with)
		switch {
		case err == nil:
			taken++
			told = append(told, func() error { return w.do(cmd, with) })
		case fault.KindOf(err) == fault.Internal:
			t.Fatalf("step %d: %s %+v: %v", n, cmd.Verb(), cmd, err)
		case fault.KindOf(err) == fault.Unavailable:
			failed++
		}
		if people.r.IntN(10) == 0 && w.do(cmd, with) == nil {
			repeats++
		}
		if n%200 == 199 {
			w.same()
			keep := people.r.IntN(2) == 0
			c.restart(keep)
			if err := w.close(); err != nil {
				t.Fatal(err)
			}
			w.open(!keep)
			for _, again := range told { // Those of long ago are not in memory any more.
				if err := again(); err != nil {
					t.Fatalf("what was taken before a restart: %v", err)
				}
			}
			w.same()
		}
	}
	if taken < steps/4 || failed < 3 || repeats < steps/40 {
		t.Errorf("the walk proves little: %d taken, %d not stored, %d repeats", taken, failed, repeats)
	}
}
