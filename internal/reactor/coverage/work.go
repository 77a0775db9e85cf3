package coverage

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/track"
	"shuniu/internal/unit"
)

// work is what the goroutine of Follow knows.
type work struct {
	ground  *ground
	finder  street.Finder       // That the rows were made with.
	snaps   []street.Snap       // Of the cells.
	live    *cover.Model        // Units where they are.
	bound   *cover.Model        // Units where they are bound, for moves.
	atHome  *cover.Model        // All units of the centre at their posts and free: what the plan itself leaves open.
	plan    map[cover.Void]bool // Open by plan; nil: to be reckoned.
	known   map[cad.UnitID]*known
	rows    map[start][]float32 // Of homes, posts and places where units were sent to wait.
	weighed time.Time           // World time of the weights.
	weights []float64
	demand  Demand
	moves   []cover.Move
	took    time.Duration
	sought  time.Time // When moves were looked for, by the machine's clock.
	states  map[cover.Void]standing
	told    map[cover.Void]cad.AlarmID // Alarms that the desk has been told of.
	worked  map[string]hours           // By class.
	counted time.Time                  // World time until which worked is counted.
}

// known is a unit as it was put into the models.
type known struct {
	state  *unit.State
	busy   bool
	free   bool
	at     geo.Point
	placed bool
	row    []float32
	old    bool      // The row is of an earlier hour's streets.
	calm   time.Time // Until when it is left alone, world time.
}

// turn takes what changed, and makes a new picture of it.
func (r *Reactor) turn(ctx context.Context) {
	begun := time.Now()
	now := r.opt.Desk.Now()
	in := r.collect()
	if in.org == nil || ctx.Err() != nil {
		return
	}
	for _, since := range in.changed {
		begun = earlier(begun, since)
	}
	w := &r.work
	if in.rebuild || w.ground == nil {
		w.begin(in, r.opt)
	}
	if !w.restreet(ctx, r.finder(now)) { // ctx ended.
		return
	}
	w.count(now)
	if w.weighed.IsZero() || now.Sub(w.weighed) >= weighEvery || now.Before(w.weighed) {
		w.weigh(r.opt, in.calls, now)
	}
	for _, id := range slices.Sorted(maps.Keys(in.changed)) {
		w.take(ctx, r, id, in, now)
	}
	rest, unknown := w.drive(ctx, r, now, rowsAtOnce)
	if ctx.Err() != nil {
		return
	}
	if in.rebuild || w.plan == nil {
		w.planned(now)
	}
	p := w.live.Picture(now)
	if first := r.view.Load() == nil; first || in.seek || time.Since(w.sought) >= moveEvery {
		w.seek(ctx, r, in, now)
	}
	p.Moves = w.current(in, now)
	v := &View{Picture: p, AsOf: in.asOf, Ready: unknown == 0, Straight: w.finder == nil, Squares: w.squares(), Demand: w.demand, Took: w.took, Made: time.Now()}
	v.Demand.Observed, v.Demand.LeftOut = in.calls.total, in.calls.left
	v.Free = w.free()
	w.stand(v, now)
	if len(in.changed) > 0 {
		w.took = time.Since(begun)
		v.Took = w.took
	}
	r.publish(v)
	w.raise(ctx, r, in, v, now)
	if rest > 0 {
		r.nudge()
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// publish shows a picture, without moves that were declined meanwhile.
func (r *Reactor) publish(v *View) {
	r.mu.Lock()
	for id := range r.declined {
		v.Moves = without(v.Moves, id)
	}
	r.view.Store(v)
	r.mu.Unlock()
	if r.opt.Told == nil {
		return
	}
	n := Notice{At: v.At, AsOf: v.AsOf, Moves: len(v.Moves)}
	for _, a := range v.Areas {
		if a.State == cover.Bare && !a.ByPlan {
			n.Voids++
		}
	}
	r.opt.Told(n)
}

// input is what Take noted, as it stood at the beginning of a turn.
type input struct {
	asOf     cad.Seq
	org      *org.State
	units    map[cad.UnitID]*unit.State // Of those that changed; of all after a rebuild.
	busy     map[cad.UnitID]bool
	changed  map[cad.UnitID]time.Time
	rebuild  bool
	seek     bool
	calls    tally
	declined map[string]time.Time
	alarms   map[cover.Void]cad.AlarmID // Open ones.
}

func (r *Reactor) collect() input {
	now := r.opt.Desk.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	in := input{
		asOf: r.asOf, org: r.org, changed: r.changed, rebuild: r.rebuild, calls: r.calls.copy(),
		units: map[cad.UnitID]*unit.State{}, busy: map[cad.UnitID]bool{},
	}
	if r.rebuild {
		for id := range r.units {
			if _, ok := in.changed[id]; !ok {
				in.changed[id] = time.Now()
			}
		}
	}
	for id := range in.changed {
		if u := r.units[id]; u != nil {
			in.units[id], in.busy[id] = u, len(r.jobs[id]) > 0
		}
	}
	maps.DeleteFunc(r.declined, func(_ string, until time.Time) bool { return !now.Before(until) })
	in.declined, in.alarms = maps.Clone(r.declined), maps.Clone(r.alarms)
	in.seek = r.seek
	r.changed, r.rebuild, r.seek = map[cad.UnitID]time.Time{}, false, false
	return in
}

// finder is what gives travel times now; nil for straight lines.
func (r *Reactor) finder(now time.Time) street.Finder {
	if r.opt.Streets == nil {
		return nil
	}
	return r.opt.Streets(now)
}

// begin lays the ground anew.
func (w *work) begin(in input, o Options) {
	homes := homesOf(in.units)
	g := lay(in.org, o.Demand, homes)
	*w = work{
		ground: g, live: cover.New(g.cells, g.classes), bound: cover.New(g.cells, g.classes), atHome: cover.New(g.cells, g.classes),
		known: map[cad.UnitID]*known{}, rows: map[start][]float32{}, states: map[cover.Void]standing{}, told: map[cover.Void]cad.AlarmID{}, moves: w.moves,
		worked: w.worked, counted: w.counted,
	}
	w.demand = Demand{Source: "even"}
	if o.Demand != nil && len(o.Demand.Cells()) > 0 {
		w.demand = Demand{Source: "file", Prior: o.Demand.Source()}
	}
}

// weigh brings the weights of the hour, and how busy units are, into the models.
func (w *work) weigh(o Options, calls tally, now time.Time) {
	w.plan = nil
	w.weighed, w.weights = now, w.ground.weights(o.Demand, calls, now)
	for _, m := range []*cover.Model{w.live, w.bound, w.atHome} {
		m.Weigh(w.weights)
	}
	w.share()
}

// free lists where the free units of each class are.
func (w *work) free() map[string][]Waiting {
	out := make(map[string][]Waiting, len(w.ground.classes))
	for _, id := range slices.Sorted(maps.Keys(w.known)) {
		k := w.known[id]
		if !k.free || !k.placed {
			continue
		}
		for _, c := range w.ground.classesOf(k.state) {
			out[w.ground.classes[c].ID] = append(out[w.ground.classes[c].ID], Waiting{k.at, k.state.Kind})
		}
	}
	return out
}

func (w *work) squares() []Square {
	out := make([]Square, len(w.ground.boxes))
	for i, b := range w.ground.boxes {
		out[i] = Square{Box: b, Weight: w.weights[i]}
	}
	return out
}

// position is where a unit is taken to be: where it was last believed to be, else at its post.
func (r *Reactor) position(u *unit.State, now time.Time, before *known) (geo.Point, bool) {
	if r.opt.Track != nil {
		if f, ok := r.opt.Track.Get(u.ID); ok && f.Trust(now) != track.Suspect {
			return f.Point, true
		}
	}
	if before != nil && before.placed {
		return before.at, true
	}
	if u.Home != nil {
		return *u.Home, true
	}
	return geo.Point{}, false
}

// take brings a unit whose state changed into the models.
func (w *work) take(ctx context.Context, r *Reactor, id cad.UnitID, in input, now time.Time) {
	u := in.units[id]
	if u == nil {
		return
	}
	k := w.known[id]
	if k == nil {
		k = &known{old: true}
		w.known[id] = k
	}
	switch {
	case k.state != nil && moved(k.state, u):
		k.calm = now.Add(leftAlone)
	case k.state == nil && u.Standby != nil: // Before we were there.
		k.calm = u.Standby.Since.Add(leftAlone)
	}
	k.state, k.busy = u, in.busy[id]
	k.free = !k.busy && u.Duty == unit.Available && u.Duress == nil && u.OutOfContact.IsZero()
	w.place(ctx, r, k, now)
	w.put(ctx, k)
}

// place looks where a unit is, and makes its row anew if it drove away from it. Only free units need one.
func (w *work) place(ctx context.Context, r *Reactor, k *known, now time.Time) (changed bool) {
	if !k.free || len(w.ground.classesOf(k.state)) == 0 {
		return false
	}
	p, ok := r.position(k.state, now, k)
	if !ok {
		changed, k.row, k.placed = k.row != nil, nil, false
		return changed
	}
	if k.placed && !k.old && k.row != nil && geo.DistanceMeters(k.at, p) < movedMeters {
		return false
	}
	var row []float32
	if home := k.state.Home; home != nil && geo.DistanceMeters(*home, p) < sameMeters {
		row = w.kept(ctx, startOf(*home, w.kindOf(k.state)))
	} else {
		row = w.row(ctx, startOf(p, w.kindOf(k.state)))
	}
	if ctx.Err() != nil { // Half a row is none.
		return false
	}
	k.at, k.placed, k.row, k.old = p, true, row, false
	return true
}

// put tells the models of a unit.
func (w *work) put(ctx context.Context, k *known) {
	u := k.state
	every := w.ground.classesOf(u)
	classes := every
	if u.Duty == unit.OffDuty && !k.busy {
		classes = nil
	}
	x := cover.Unit{ID: u.ID, Classes: classes, Area: u.Station, Free: k.free, Row: k.row}
	w.live.Put(x)
	home := cover.Unit{ID: u.ID, Classes: every, Area: u.Station, Free: true, Row: k.row}
	if u.Home != nil && len(every) > 0 {
		home.Row = w.kept(ctx, startOf(*u.Home, w.kindOf(u)))
	}
	w.atHome.Put(home)
	if k.free && k.row != nil && len(classes) > 0 {
		x.Now = k.row
		if to, ok := boundFor(u); ok {
			x.Row = w.kept(ctx, startOf(to, w.kindOf(u)))
		}
	}
	w.bound.Put(x)
}

// drive looks at the units that drove on, those first whose row is the furthest from the truth, and makes at most so many
// rows. It gives how many are left, and how many of them have no row at all.
func (w *work) drive(ctx context.Context, r *Reactor, now time.Time, most int) (rest, unknown int) {
	type away struct {
		k      *known
		meters float64
	}
	var all []away
	for _, id := range slices.Sorted(maps.Keys(w.known)) {
		k := w.known[id]
		if !k.free {
			continue
		}
		p, ok := r.position(k.state, now, k)
		switch {
		case !ok || len(w.ground.classesOf(k.state)) == 0:
		case !k.placed || k.row == nil:
			all = append(all, away{k, math.Inf(1)})
		case k.old:
			all = append(all, away{k, movedMeters})
		default:
			if m := geo.DistanceMeters(k.at, p); m >= movedMeters {
				all = append(all, away{k, m})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b away) int { return cmp.Compare(b.meters, a.meters) })
	for i, a := range all {
		if i == most || ctx.Err() != nil {
			for _, b := range all[i:] {
				if math.IsInf(b.meters, 1) {
					unknown++
				}
			}
			return len(all) - i, unknown
		}
		if w.place(ctx, r, a.k, now) {
			w.put(ctx, a.k)
		}
	}
	return 0, 0
}
