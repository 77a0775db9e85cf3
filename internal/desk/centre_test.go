package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/policy"
)

// noon is when the tests' worlds begin, where time does not matter.
var noon = time.Date(2030, 5, 1, 4, 0, 0, 0, time.UTC)

// clock is a world's clock that moves when the test says so.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// centre is a configured centre at work.
type centre struct {
	t     *testing.T
	world cad.World
	store *memstore.Store
	keys  *keyfile.Store
	clock *clock
	desk  *desk.Desk
}

var dispatcher = cad.Actor{ID: "p12", Role: policy.Dispatcher, Seat: "21"}

func newCentre(t *testing.T, world cad.World) *centre {
	t.Helper()
	c := bareCentre(t, world)
	c.must(joint.Configure{Charter: jointtest.Charter(jointtest.Centre)}, desk.Wish{Actor: cad.Actor{ID: "op", Role: policy.Operator}})
	for _, u := range []cad.UnitID{"101", "102", "211", "212", "221", "301"} {
		c.must(joint.SayUnit{Unit: u, To: "available"})
	}
	return c
}

// bareCentre is a centre that nobody has configured yet.
func bareCentre(t *testing.T, world cad.World) *centre {
	t.Helper()
	c := &centre{t: t, world: world, store: memstore.New(jointtest.Centre), keys: keyfile.Memory(), clock: &clock{now: noon}}
	c.open(c.store)
	t.Cleanup(func() {
		_ = c.desk.Close(context.WithoutCancel(t.Context()))
		_ = c.keys.Close()
	})
	return c
}

func (c *centre) config(s journal.Store) desk.Config {
	return desk.Config{Centre: jointtest.Centre, World: c.world, Store: s, Keys: c.keys, Clock: c.clock, Policy: policy.Roles{}}
}

func (c *centre) open(s journal.Store) {
	c.t.Helper()
	d, err := desk.Open(c.t.Context(), c.config(s))
	if err != nil {
		c.t.Fatalf("open: %v", err)
	}
	c.desk = d
}

// restart is the process starting again; keep says whether the snapshot of the stop is used.
func (c *centre) restart(keep bool) {
	c.t.Helper()
	before, at := c.hash()
	if err := c.desk.Close(c.t.Context()); err != nil {
		c.t.Fatalf("close: %v", err)
	}
	c.store = c.store.Reopen()
	if keep {
		c.open(c.store)
	} else {
		c.open(bare{c.store})
	}
	if after, then := c.hash(); before != after || at != then {
		c.t.Fatalf("after a restart (snapshot %v) the state at %d has another hash than at %d", keep, then, at)
	}
}

// crash is another process starting on what the first one left behind when it was killed.
func (c *centre) crash() {
	c.store = c.store.Reopen()
	c.open(c.store)
	if got, err := c.replay().Hash(); err != nil {
		c.t.Fatal(err)
	} else if sum, _ := c.hash(); got != sum {
		c.t.Fatal("after a crash the state is another one")
	}
}

// bare is a store whose snapshots were lost.
type bare struct{ *memstore.Store }

func (bare) LatestSnapshot(context.Context) (journal.Snapshot, bool, error) {
	return journal.Snapshot{}, false, nil
}

func (c *centre) do(cmd joint.Command, with ...desk.Wish) (desk.Reply, error) {
	w := desk.Wish{Actor: dispatcher}
	if len(with) > 0 {
		w = with[0]
	}
	if w.Actor.ID == "" {
		w.Actor = dispatcher
	}
	w.Command = cmd
	return c.desk.Do(c.t.Context(), w)
}

func (c *centre) must(cmd joint.Command, with ...desk.Wish) desk.Reply {
	c.t.Helper()
	reply, err := c.do(cmd, with...)
	if err != nil {
		c.t.Fatalf("%s: %v", cmd.Verb(), err)
	}
	return reply
}

func (c *centre) words(s cad.Subject, text string) cad.Sealed {
	sealed, err := c.desk.Seal(s, board.Words{Text: text})
	if err != nil {
		c.t.Errorf("seal: %v", err)
	}
	return sealed
}

func (c *centre) receive(id cad.IncidentID) joint.Receive {
	return joint.Receive{ID: id, Source: incident.Phone, Type: "theft", Place: jointtest.At(-200, 10), Private: c.words(incident.Subject(id), "my bicycle")}
}

func (c *centre) note(id cad.IncidentID, text string) joint.Command {
	return joint.AboutIncident{ID: id, Name: "note", Cmd: incident.Note{ID: id, Text: c.words(incident.Subject(id), text)}}
}

// finish brings an open incident to its close.
func (c *centre) finish(id cad.IncidentID) {
	c.t.Helper()
	for name, cmd := range map[string]incident.Command{"feedback": incident.GiveFeedback{ID: id, Kind: incident.Final, Result: "settled"}} {
		c.must(joint.AboutIncident{ID: id, Name: name, Cmd: cmd})
	}
	c.must(joint.AboutIncident{ID: id, Name: "review", Cmd: incident.Review{ID: id}})
	c.must(joint.AboutIncident{ID: id, Name: "close", Cmd: incident.Close{ID: id}})
}

func (c *centre) hash() ([32]byte, cad.Seq) {
	c.t.Helper()
	sum, seq, err := c.desk.Hash(c.t.Context())
	if err != nil {
		c.t.Fatalf("hash: %v", err)
	}
	return sum, seq
}

// follow is a board that follows the desk from now on.
func (c *centre) follow() *board.Board {
	c.t.Helper()
	b := board.New(policy.Roles{}, c.desk)
	err := c.desk.Watch(c.t.Context(), func(k desk.Commit) {
		if _, err := b.Apply(k.Change, k.Reset); err != nil {
			c.t.Errorf("board: %v", err)
		}
	})
	if err != nil {
		c.t.Fatalf("watch: %v", err)
	}
	return b
}

// replay folds the whole journal into an empty house.
func (c *centre) replay() *joint.House {
	c.t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		c.t.Fatal(err)
	}
	h := joint.NewHouse(func(s cad.Subject) ([]journal.Record, error) {
		var out []journal.Record
		for r, err := range c.store.BySubject(c.t.Context(), s) {
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
	for r, err := range c.store.Read(c.t.Context(), 0) {
		if err != nil {
			c.t.Fatal(err)
		}
		if err := h.Replay(codec, r); err != nil {
			c.t.Fatal(err)
		}
	}
	return h
}

// checkReplay is promise P5.
func (c *centre) checkReplay() {
	c.t.Helper()
	live, seq := c.hash()
	h := c.replay()
	if sum, err := h.Hash(); err != nil || sum != live || h.Seq != seq {
		b, _ := h.Bytes()
		c.t.Fatalf("the journal replays to another state at %d than the live one at %d (%v):\n%s", h.Seq, seq, err, c.firstDiff(b))
	}
}

// firstDiff shows where the live state, written down at a stop, leaves the replayed one.
func (c *centre) firstDiff(replayed []byte) string {
	if err := c.desk.Close(c.t.Context()); err != nil {
		return err.Error()
	}
	snap, _, _ := c.store.LatestSnapshot(c.t.Context())
	n := 0
	for n < len(snap.State) && n < len(replayed) && snap.State[n] == replayed[n] {
		n++
	}
	cut := func(b []byte) []byte { return b[max(0, n-150):min(len(b), n+150)] }
	return fmt.Sprintf("live   ...%s\nreplay ...%s", cut(snap.State), cut(replayed))
}

func wantKind(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Fatalf("got %v, want %s (%s)", err, kind, code)
	}
}

func (c *centre) records() int {
	n := 0
	for _, err := range c.store.Read(c.t.Context(), 0) {
		if err != nil {
			c.t.Fatal(err)
		}
		n++
	}
	return n
}

// journalHolds reports whether any stored byte of the journal reads so.
func (c *centre) journalHolds(text string) bool {
	for r, err := range c.store.Read(c.t.Context(), 0) {
		if err != nil {
			c.t.Fatal(err)
		}
		b, err := r.Bytes()
		if err != nil || bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}
