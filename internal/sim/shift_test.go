package sim_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/memstore"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "seed of the first simulated shift; 0 with -shifts picks a new one")   //nolint:gochecknoglobals // A flag.
	shiftFlag = flag.Int("shifts", 0, "how many simulated shifts; 0 is one with -seed, and a few fixed ones") //nolint:gochecknoglobals // A flag.
)

// How long a shift is, in moments at which something is asked or something breaks. A shorter one is the beginning of a
// longer one.
const (
	momentsShort = 600 // In a run without flags.
	momentsWhole = 2000
	auditEvery   = 150 // Moments between two audits of everything.
)

// fixedSeeds are those of a run without flags, so that it says the same every time.
func fixedSeeds() []uint64 { return []uint64{1, 2} }

// TestShift simulates shifts: two centres and a drill side by side, random commands of every room through real desks,
// and everything that can break breaks. After every append the promises are checked; a failure names the promise and
// the seed, and the same seed gives the same shift again.
func TestShift(t *testing.T) {
	seeds, moments := fixedSeeds(), momentsShort
	if *seedFlag != 0 || *shiftFlag != 0 {
		first := *seedFlag
		if first == 0 {
			first = uint64(time.Now().UnixNano())
		}
		seeds, moments = nil, momentsWhole
		for n := range max(1, *shiftFlag) {
			seeds = append(seeds, first+uint64(n))
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newShift(t, seed).run(moments) })
		})
	}
}

// shift is one simulated shift.
type shift struct {
	t      *testing.T
	seed   uint64
	dice   *rand.Rand
	moment int
	halls  []*hall

	mu     sync.Mutex
	broken bool
	count  map[string]int // How often each thing was met.
}

func newShift(t *testing.T, seed uint64) *shift {
	s := &shift{t: t, seed: seed, dice: rand.New(rand.NewPCG(seed, 20)), count: map[string]int{}}
	for _, w := range []struct {
		id    cad.CentreID
		world cad.World
	}{{"east", cad.Live}, {"west", cad.Live}, {"east", cad.Drill}} {
		s.halls = append(s.halls, newHall(s, w.id, w.world))
	}
	return s
}

// fail says once which promise was broken, where, and how to see it again. It may be called on any goroutine.
func (s *shift) fail(h *hall, promise, format string, args ...any) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.broken {
		s.broken = true
		s.t.Errorf("%s is broken in the %s world of %s, moment %d of seed %d: %s\nsee it again: make sim SEED=%d",
			promise, h.world, h.id, s.moment, s.seed, fmt.Sprintf(format, args...), s.seed)
	}
}

func (s *shift) failed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken
}

// met counts something that the shift is there to meet.
func (s *shift) met(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[what]++
}

func (s *shift) chance(oneIn int) bool { return s.dice.IntN(oneIn) == 0 }

// one is one of a list.
func one[T any](s *shift, list ...T) T { return list[s.dice.IntN(len(list))] }

// recent is one of a list, a late one more often than not; the zero value of an empty list.
func recent[T any](s *shift, list []T) (x T) {
	switch n := len(list); {
	case n == 0:
		return x
	case s.dice.IntN(4) > 0:
		return list[max(0, n-1-s.dice.IntN(6))]
	default:
		return list[s.dice.IntN(n)]
	}
}

func (s *shift) run(moments int) {
	defer func() {
		for _, h := range s.halls {
			h.stop()
		}
	}()
	for s.moment = 1; s.moment <= moments && !s.failed(); s.moment++ {
		h := one(s, s.halls...)
		h.timePasses()
		h.something()
		if s.moment%auditEvery == 0 {
			for _, h := range s.halls {
				h.audit()
			}
		}
	}
	for _, h := range s.halls {
		h.tryAgain(len(h.book.open()))
		h.audit()
		h.book.words()
	}
	if s.failed() {
		return
	}
	// A shift in which nothing happened proves nothing.
	for what, least := range map[string]int{
		"taken": moments / 3, "refused": moments / 10, "not stored": moments / 50, "repeat": moments / 30, "key reused": moments / 200,
		"repeat of another day": moments / 200, "expired": moments / 200, "stale": moments / 200, "torn group": moments / 200, "late answer": 1, "full disk": 1, "on the reserve": 2,
		"restart with a snapshot": 1, "restart from record 1": 1, "crash": 1, "takeover": 1, "held over a takeover": 1, "journal gone": 1,
		"erased": 1, "duress": moments / 100, "merged": 1, "split": 1, "stacked": 1, "came back": 1,
	} {
		if s.count[what] < least {
			s.t.Errorf("seed %d proves little: %q was met %d times, want %d: %v", s.seed, what, s.count[what], least, s.count)
		}
	}
	s.t.Logf("seed %d: %v", s.seed, s.count)
}

// timePasses moves the world's clock: seconds most often, sometimes days, and sometimes back, as clocks do that are set.
func (h *hall) timePasses() {
	s := h.s
	switch n := s.dice.IntN(100); {
	case n < 85:
		h.clock.pass(time.Duration(s.dice.IntN(600)) * time.Second)
	case n < 92:
		h.clock.pass(time.Duration(s.dice.IntN(36)) * time.Hour)
	case n < 96:
		h.clock.pass(-time.Duration(s.dice.IntN(7200)) * time.Second)
	}
}

// something is one moment of a hall: most often a command, sometimes a repeat, now and then a calamity.
func (h *hall) something() {
	s := h.s
	switch n := s.dice.IntN(200); {
	case n < 150:
		h.tell(h.wish())
	case n < 162:
		h.repeat()
	case n < 168:
		h.tryAgain(3)
	case n < 180:
		h.group()
	case n < 185:
		h.disk.failNext(one(s, memstore.BeforeStore, memstore.AfterStore), errors.New("input/output error"))
		h.tell(h.wish())
	case n < 187:
		h.journalGone()
	case n < 189:
		h.fullDisk()
	case n < 193:
		h.restart()
	case n < 196:
		h.takeover()
	default:
		h.erase()
	}
}

// repeat sends again what was answered: the same, or something else under its key.
func (h *hall) repeat() {
	e := recent(h.s, h.book.answered())
	if e == nil {
		return
	}
	if h.s.chance(3) {
		w := h.wish().wish
		w.Key, w.Actor = e.wish.Key, e.wish.Actor
		h.reuse(e, w)
		return
	}
	h.tell(e)
}

// tryAgain sends again what was not known to be stored, as every client of ours does. The first of them may make the
// journal so much longer that nothing is promised to the next.
func (h *hall) tryAgain(most int) {
	open := h.book.open()
	for _, e := range open[:min(most, len(open))] {
		if e.promised(h.end()) {
			h.tell(e)
		}
	}
}

// group lets several commands be decided for one append, which may come late, fail, or meet a clock that went on.
func (h *hall) group() {
	s := h.s
	release := h.disk.holdNext()
	all := []*entry{h.emergency()} // It makes an append in any case.
	var wg sync.WaitGroup
	give := func(e *entry) {
		wg.Go(func() { h.tell(e) })
		synctest.Wait() // So that the order in the queue is that of the dice.
	}
	give(all[0])
	for range 2 + s.dice.IntN(6) {
		e := h.wish()
		if s.chance(5) {
			e = all[s.dice.IntN(len(all))] // The network repeats within the group.
		}
		all = append(all, e)
		give(e)
	}
	switch {
	case s.chance(2):
		s.met("torn group")
		h.disk.failAfterHold(one(s, memstore.BeforeStore, memstore.AfterStore), errors.New("the power is gone"))
	case s.chance(2):
		h.clock.pass(time.Duration(s.dice.IntN(120)) * time.Second) // Some expire while they wait.
	case s.chance(2):
		s.met("late answer")
		<-time.After(3 * time.Second) // Everybody has been told not_stored by now.
	}
	release()
	wg.Wait()
	synctest.Wait()
}

// journalGone lets the journal neither be written nor opened for a while.
func (h *hall) journalGone() {
	h.s.met("journal gone")
	h.disk.failNext(memstore.BeforeStore, errors.New("no such disk"))
	h.disk.refuseToBegin(1 + h.s.dice.IntN(40))
	h.tell(h.emergency())
	for range h.s.dice.IntN(4) {
		h.tell(h.wish())
	}
	<-time.After(time.Minute) // Longer than it takes to come back.
	h.comesBack("the journal can be opened again")
}

// fullDisk fills the disk. Calls and duress go on the reserve; when there is room everything is taken again.
func (h *hall) fullDisk() {
	h.s.met("full disk")
	h.disk.fill(true)
	for range 6 + h.s.dice.IntN(8) {
		e := h.wish()
		promise := emergencyPromise(e.wish.Command)
		h.tell(e)
		if promise == "" {
			continue
		}
		h.s.met("on the reserve")
		if e.fate != taken {
			h.s.fail(h, promise, "the disk is full and has a reserve, and %s is refused: %v", e.wish.Command.Verb(), e.last)
		}
	}
	<-time.After(11 * time.Second) // Nothing has been freed.
	h.tell(h.wish())
	h.disk.fill(false)
	<-time.After(11 * time.Second)
	h.comesBack("there is room on the disk")
}

// comesBack is promise P10: what was broken is whole again, and so is the service, by itself.
func (h *hall) comesBack(why string) {
	h.tell(h.emergency()) // Whoever comes first finds the way.
	e := h.note()
	h.tell(e)
	if e.fate != taken && !h.s.failed() {
		h.s.fail(h, "P10", "%s, but a note is still refused: %v", why, e.last)
	}
	if err := h.desk.Health(); err != nil {
		h.s.fail(h, "P10", "%s, but the desk says of itself: %v", why, err)
	}
}

// erase orders that the private parts of something that has ended are destroyed.
func (h *hall) erase() {
	ended := h.laws.ended()
	if len(ended) == 0 {
		return
	}
	id := recent(h.s, ended)
	w := h.fresh(joint.Erase{Subject: incident.Subject(id), Ground: "a request of the person, article 47"})
	w.wish.Actor = commander
	h.tell(w)
}

// audit compares everything: the ledger with the journal, and the live state with a replay.
func (h *hall) audit() {
	if h.s.failed() {
		return
	}
	h.book.check()
	h.checkReplay()
}

// checkReplay is promise P5.
func (h *hall) checkReplay() {
	live, at, err := h.desk.Hash(h.s.t.Context())
	if err != nil {
		h.s.fail(h, "P5", "the live state cannot be read: %v", err)
		return
	}
	again, err := h.disk.replay(h.s.t.Context())
	if err != nil {
		h.s.fail(h, "P5", "the journal cannot be replayed: %v", err)
		return
	}
	if sum, err := again.Hash(); err != nil || sum != live || again.Seq != at {
		h.s.fail(h, "P5", "the journal replays to another state at %d than the live one at %d (%v)\n%s", again.Seq, at, err, h.firstDiff(again))
	}
}

// firstDiff shows where the live state leaves a replayed one.
func (h *hall) firstDiff(again *joint.House) string {
	var live []byte
	h.retire(h.desk) // It writes its state down when it stops.
	if snap, ok, err := h.disk.Store.LatestSnapshot(h.s.t.Context()); err == nil && ok {
		live = snap.State
	}
	replayed, err := again.Bytes()
	if err != nil {
		return err.Error()
	}
	n := 0
	for n < len(live) && n < len(replayed) && live[n] == replayed[n] {
		n++
	}
	cut := func(b []byte) []byte { return b[max(0, n-200):min(len(b), n+200)] }
	return fmt.Sprintf("live   ...%s\nreplay ...%s", cut(live), cut(replayed))
}

// takeover is another process that takes the centre over while this one still believes that it writes (promise P7).
func (h *hall) takeover() {
	s := h.s
	s.met("takeover")
	h.disk.calm() // A writer whose own disk fails just now begins anew, and is the writer again: another story.
	var release func()
	var wg sync.WaitGroup
	before := h.epoch()
	old, oldDisk := h.desk, h.disk
	late := []*entry{h.wish(), h.emergency(), h.duress()}
	held := s.chance(2)
	if held { // Its append is under way when the other one begins.
		s.met("held over a takeover")
		release = h.disk.holdNext()
		e := h.emergency()
		wg.Go(func() { h.tellOld(old, oldDisk, e) })
		synctest.Wait()
	}
	h.reopen(false)
	head := h.head()
	if held {
		release()
		wg.Wait()
	}
	// Its own epoch, at the right place: only the epoch can refuse it.
	if last, err := oldDisk.record(s.t.Context(), head); err == nil {
		last.Seq, last.Commit, last.Key = head+1, int64(head)+1, ""
		err := oldDisk.Append(s.t.Context(), before, head, []journal.Record{last}, nil)
		if err == nil {
			s.fail(h, "P7", "an append of epoch %d was taken after epoch %d had begun", before, h.epoch())
		}
	}
	for _, e := range late {
		h.tellOld(old, oldDisk, e)
	}
	if now := h.head(); now != head {
		s.fail(h, "P7", "after the takeover the old writer brought the journal from %d to %d", head, now)
	}
	h.retire(old)
	for _, e := range late { // The new one takes what the old one could not.
		h.tell(e)
	}
}

// restart is the process stopping in order, or killed, and another one on the same disk.
func (h *hall) restart() {
	s := h.s
	sum, at, err := h.desk.Hash(s.t.Context())
	if err != nil {
		s.fail(h, "P5", "the live state cannot be read: %v", err)
		return
	}
	old := h.desk
	how := one(s, "restart with a snapshot", "restart from record 1", "crash")
	s.met(how)
	if how != "crash" {
		h.retire(old)
	}
	h.reopen(how == "restart from record 1")
	if how == "crash" {
		h.retire(old)
	}
	if again, then, err := h.desk.Hash(s.t.Context()); err != nil || again != sum || then != at {
		s.fail(h, "P5", "after a %s the state at %d is another one than at %d before (%v)", how, then, at, err)
	}
	// What was told before is known after it.
	for _, e := range slices.Backward(h.book.answered()) {
		h.tell(e)
		break
	}
}
