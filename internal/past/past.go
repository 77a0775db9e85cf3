// Package past keeps what a centre looked like within the last hour, for people who look back: houses that share their
// states with the board, half a minute apart, and sampled positions. What lies between two kept houses is folded again from
// the journal, so every moment is exact. It is for reading only, may be thrown away at any time, and decides nothing.
package past

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/track"
)

// How much is kept, in the world's time.
const (
	Kept         = time.Hour        // How far back people may look.
	stillEvery   = 30 * time.Second // Between two kept houses; what lies between them is read from the journal.
	sampleEvery  = 10 * time.Second // Between two positions of a unit.
	lookEvery    = time.Second      // Real time: how often it is asked whether one of these has passed.
	clocksDiffer = 5 * time.Second  // How far ahead of us a screen's clock may be.
	replayMost   = 300_000          // Records of a journal that is folded from its beginning after a restart: some seconds.
)

// Options are what a past is made of.
type Options struct {
	Desk  *desk.Desk
	Board *board.Board
	Track *track.Book
	Log   *slog.Logger // nil: nothing is logged.
}

// Past is the last hour of one centre's one world. It may be used by any number of goroutines. Make it with New.
type Past struct {
	opt Options

	mu      sync.RWMutex
	stills  []still // Oldest first.
	marks   []Mark  // In order of time.
	fixes   map[cad.UnitID][]fix
	sampled time.Time // The last sample; zero before the first.
	placed  time.Time // Since when positions are known.
}

// still is a house that nobody changes.
type still struct {
	at    time.Time // The world's time when it was taken.
	house *joint.House
}

// New is a past that knows nothing yet: call Watch, then Follow.
func New(o Options) *Past {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Past{opt: o, fixes: map[cad.UnitID][]fix{}}
}

// Watch hears what happens, for the marks on the hour. Errors are those of desk.Watch.
func (p *Past) Watch(ctx context.Context) error {
	return p.opt.Desk.Watch(ctx, func(c desk.Commit) { p.note(c) })
}

// Follow first makes the hour before the start from the journal, then keeps it until ctx ends.
func (p *Past) Follow(ctx context.Context) {
	p.Step()
	if err := p.Restore(ctx); err != nil && ctx.Err() == nil {
		p.opt.Log.Warn("what happened before the start cannot be looked back at", "error", err)
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.Step()
		}
	}
}

// Step keeps what is due now, and lets go of what is older than the hour.
func (p *Past) Step() {
	now := p.opt.Desk.Now()
	p.mu.Lock()
	due := len(p.stills) == 0 || now.Sub(p.stills[len(p.stills)-1].at) >= stillEvery
	sample := p.sampled.IsZero() || now.Sub(p.sampled) >= sampleEvery
	p.mu.Unlock()
	var taken still
	if due {
		p.opt.Board.Look(func(h *joint.House) { taken = still{at: now, house: h.Still()} })
	}
	var fixes map[cad.UnitID]track.Fix
	if sample {
		fixes = p.opt.Track.All()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if due {
		p.stills = append(p.stills, taken)
	}
	if sample {
		p.sample(fixes, now)
	}
	p.drop(now.Add(-Kept))
}

// drop lets go of what nobody can ask for any more. The last house before the hour stays: the hour begins from it.
func (p *Past) drop(before time.Time) {
	n := 0
	for n+1 < len(p.stills) && !p.stills[n+1].at.After(before) {
		n++
	}
	if n > 0 {
		p.stills = slices.Clone(p.stills[n:]) // Cloned, so that the old ones are let go of.
	}
	if n, _ := slices.BinarySearchFunc(p.marks, before, func(m Mark, t time.Time) int { return m.At.Compare(t) }); n > 0 {
		p.marks = slices.Clone(p.marks[n:])
	}
	p.dropFixes(before)
}

// Restore makes the houses of the hour before the start from the journal. Positions are not in it.
func (p *Past) Restore(ctx context.Context) error {
	now := p.opt.Desk.Now()
	h, err := p.opt.Desk.Then(ctx, now.Add(-Kept), replayMost)
	if err != nil {
		return err
	}
	if h.Seq == 0 { // Nothing is that old: begin with the first record.
		if err := p.begin(ctx, h); err != nil {
			return err
		}
	}
	old := []still{{at: maxTime(h.At, now.Add(-Kept)), house: h.Still()}}
	var marks []Mark
	for at := old[0].at.Add(stillEvery); at.Before(now); at = at.Add(stillEvery) {
		from := h.Seq
		if err := p.opt.Desk.Replay(ctx, h, at); err != nil {
			return err
		}
		if h.Seq > from {
			old = append(old, still{at: at, house: h.Still()})
		}
	}
	if err := p.opt.Desk.Read(ctx, old[0].house.Seq, func(t desk.Told) bool {
		if m, ok := markOf(t.Record.Happened, t.Fact); ok && !t.Record.At.After(now) {
			marks = append(marks, m)
		}
		return t.Record.Seq < h.Seq
	}); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.stills) > 0 { // What was kept since the start stands; it is newer.
		first := p.stills[0].house.Seq
		old = slices.DeleteFunc(old, func(s still) bool { return s.house.Seq >= first })
	}
	p.stills = append(old, p.stills...)
	p.marks = append(marks, p.marks...)
	sortMarks(p.marks)
	return nil
}

// begin folds the first append of a journal: before it there was no centre.
func (p *Past) begin(ctx context.Context, h *joint.House) error {
	var first time.Time
	if err := p.opt.Desk.Read(ctx, 0, func(t desk.Told) bool {
		first = t.Record.At
		return false
	}); err != nil || first.IsZero() {
		return err
	}
	return p.opt.Desk.Replay(ctx, h, first)
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Moment is the house as it was, with where units were. Only reading is meant.
type Moment struct {
	At    time.Time
	House *joint.House
	Fixes map[cad.UnitID]track.Fix
}

// At is what stood at a moment of the last hour. What came after it is not in it. Errors: fault.NotFound outside of the hour
// or before what is known, with the times between which it may lie.
func (p *Past) At(ctx context.Context, at time.Time) (Moment, error) {
	r := p.Range()
	if at = at.UTC(); at.After(r.To) && at.Sub(r.To) < clocksDiffer {
		at = r.To
	}
	p.mu.RLock()
	i := len(p.stills) - 1
	for i >= 0 && p.stills[i].house.At.After(at) {
		i--
	}
	var from *joint.House
	if i >= 0 {
		from = p.stills[i].house
	}
	p.mu.RUnlock()
	if from == nil || at.Before(r.From) || at.After(r.To) {
		return Moment{}, fault.New("past.At", fault.NotFound, "that moment cannot be looked back at").
			Because("past_unknown", "from", r.From.Format(time.RFC3339), "to", r.To.Format(time.RFC3339)).At("at").
			Mend("choose a moment of the last hour; the timeline of an incident goes back to its beginning")
	}
	m := Moment{At: at, House: from.Still()}
	if err := p.opt.Desk.Replay(ctx, m.House, at); err != nil {
		return Moment{}, err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	m.Fixes = p.fixesAt(at)
	return m, nil
}
