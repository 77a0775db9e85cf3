package trial

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// FairOptions are what recorded choices are compared with recommended ones on.
type FairOptions struct {
	Org     *org.State
	Units   []Unit // One without a home counts only where its last scene is fresh: a guessed place would speak for whoever guessed it.
	Records []Record
	Streets func(at time.Time) street.Finder // As they were driven at that time. Snaps of one are good for all.
	Use     func(at time.Time) bool          // Calls that count: those of days that were not fitted. nil means all.
	Sigma   float64                          // Spread of the error of street times, as it was found on those days; 0 means that no error is drawn.
	Zone    *time.Location
	Seed    uint64
	Draws   int // 0 means 1000.
	// Progress may be nil.
	Progress func(done, all int)
}

// Fair is recorded against recommended. Both sides stand in the same recorded past at every call: what one of them would have
// changed for later calls is left out. Times are seconds; street times are ours for both sides, because nobody knows how long
// a unit would have driven that did not go.
type Fair struct {
	FitDays   int       `json:"fit_days"` // Days on which speeds were fitted; none of their calls is compared.
	TestDays  int       `json:"test_days"`
	Calls     int       `json:"calls"`      // Compared.
	Units     int       `json:"units"`      // Sent by each side.
	SameSet   int       `json:"same_set"`   // Calls to which both send the same units.
	SameFirst int       `json:"same_first"` // Calls where the same unit is there first.
	Apart     FairApart `json:"apart"`

	Recorded    FairSide   `json:"recorded"`
	Recommended FairSide   `json:"recommended"`
	Change      FairChange `json:"difference"` // Recommended less recorded; below 0 we are sooner.
	Disturbed   FairChange `json:"disturbed"`  // The same, with an error drawn for every way, many times.
	Sigma       float64    `json:"sigma"`
	Draws       int        `json:"draws"`

	InLife Deciles `json:"in_life"` // From the first word to the first unit on scene, as recorded, on the same calls.
	P50    string  `json:"p50"`     // "sooner", "later" or "no_difference", after the disturbed interval.
	P90    string  `json:"p90"`
	Blocks int     `json:"blocks"` // Of three hours, drawn as one.
}

// FairApart counts what is not compared, and why.
type FairApart struct {
	NoPlace   int            `json:"calls_without_place"`
	NobodyOK  int            `json:"calls_without_comparable_unit"`
	NoWay     int            `json:"calls_without_way"`
	Choices   int            `json:"recorded_choices"`    // All that were looked at.
	Left      map[string]int `json:"unavailable_choices"` // Recorded choices that our state calls unavailable: "busy", "off_duty", "unknown", "no_position".
	LaterSent int            `json:"later_sent"`          // Units that were sent more than two minutes after the first one: another decision.
}

// FairSide is what one side gives.
type FairSide struct {
	P50   Interval `json:"p50_s"` // From the first word to the first unit on scene.
	P90   Interval `json:"p90_s"`
	Drive Deciles  `json:"drive"` // Of the first unit alone.
	Km    float64  `json:"km"`    // Of all units, to the scenes.
}

// FairChange is the difference between two sides.
type FairChange struct {
	P50  Interval `json:"p50_s"`
	P90  Interval `json:"p90_s"`
	Mean Interval `json:"mean_s"`
	Km   float64  `json:"km"`
}

const (
	firstWave = 2 * time.Minute // What is sent later is another decision, with other knowledge.
	dutyGap   = 12 * time.Hour  // A unit is on duty between two of its records if they are no further apart.
	lostAfter = time.Hour       // How long a unit without a recorded end is taken to be busy.
	fairType  = cad.TypeID("as-recorded")
)

// Compare asks at every recorded call whom we would have sent in place of those who were sent: as many, of the same kinds,
// from whoever was free at that moment by the records. Errors are fault.Invalid when nothing can be compared, or the context's own.
func (o FairOptions) Compare(ctx context.Context) (Fair, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Draws <= 0 {
		o.Draws = draws
	}
	p := newPast(o.Records, o.Units)
	c := comparison{opt: o, past: p, fair: Fair{Apart: FairApart{Left: map[string]int{}}, Sigma: o.Sigma, Draws: o.Draws}}
	for i := range o.Records {
		if ctx.Err() != nil {
			return Fair{}, ctx.Err()
		}
		if r := &o.Records[i]; (o.Use == nil || o.Use(r.At)) && len(r.Sent) > 0 {
			c.call(ctx, i)
		}
		if o.Progress != nil {
			o.Progress(i+1, len(o.Records))
		}
	}
	if len(c.pairs) == 0 {
		return Fair{}, fault.New("trial.Compare", fault.Invalid, "no recorded call can be compared").Because("nothing_to_compare").
			Mend("give calls with places, units and times, and the map of their city")
	}
	c.sum()
	return c.fair, nil
}

// comparison collects.
type comparison struct {
	opt   FairOptions
	past  *past
	fair  Fair
	pairs []pair
	life  []float64
}

// pair is one call as both sides answer it.
type pair struct {
	at          time.Time
	before      float64 // Seconds from the first word to the wheels, for both.
	recorded    []leg
	recommended []leg
}

// leg is one unit's way to the scene.
type leg struct {
	unit    cad.UnitID
	seconds float64
	meters  float64
}

// call compares one call.
func (c *comparison) call(ctx context.Context, i int) {
	r := &c.opt.Records[i]
	if r.Place == nil || !r.Place.Valid() {
		c.fair.Apart.NoPlace++
		return
	}
	order, turnout, chosen := c.chosen(i)
	if len(chosen) == 0 {
		c.fair.Apart.NobodyOK++
		return
	}
	f := c.opt.Streets(order)
	to, ok := f.Snap(*r.Place, snapMaxMeters)
	if !ok {
		c.fair.Apart.NoWay++
		return
	}
	recorded, ok := c.legs(ctx, f, to, order, chosen, i)
	if !ok {
		c.fair.Apart.NoWay++
		return
	}
	recommended := c.recommended(ctx, f, to, order, chosen, i)
	if len(recommended) != len(recorded) { // Those who were sent are free too: somebody has no way.
		c.fair.Apart.NoWay++
		return
	}
	c.pairs = append(c.pairs, pair{at: r.At, before: max(0, order.Sub(r.At).Seconds()) + turnout.Seconds(), recorded: recorded, recommended: recommended})
	c.fair.Calls++
	c.fair.Units += len(recorded)
	first := time.Duration(math.MaxInt64)
	for _, s := range r.Sent {
		if d := s.OnScene.Sub(r.At); !s.OnScene.IsZero() && !s.Doubtful && d > 0 {
			first = min(first, d)
		}
	}
	if first < math.MaxInt64 {
		c.life = append(c.life, first.Seconds())
	}
}

// chosen are the units of the first wave that were free by the records, when they were sent, and how long the first took to
// set out. What is not known of that is the same for both sides, and counts as a minute.
func (c *comparison) chosen(i int) (order time.Time, turnout time.Duration, out []cad.UnitID) {
	for _, s := range c.opt.Records[i].Sent {
		if !s.Dispatch.IsZero() && (order.IsZero() || s.Dispatch.Before(order)) {
			order = s.Dispatch
		}
	}
	turnout = time.Minute
	known := false
	for _, s := range c.opt.Records[i].Sent {
		switch {
		case s.Dispatch.IsZero():
			continue
		case s.Dispatch.Sub(order) > firstWave:
			c.fair.Apart.LaterSent++
			continue
		case slices.Contains(out, s.Unit):
			continue
		}
		c.fair.Apart.Choices++
		if why := c.past.why(s.Unit, i, order); why != "" {
			c.fair.Apart.Left[why]++
			continue
		}
		if d := s.EnRoute.Sub(s.Dispatch); !known && !s.EnRoute.IsZero() && d >= 0 && d < 10*time.Minute {
			turnout, known = d, true
		}
		out = append(out, s.Unit)
	}
	return order, turnout, out
}

// legs are the ways of the chosen units.
func (c *comparison) legs(ctx context.Context, f street.Finder, to street.Snap, order time.Time, chosen []cad.UnitID, i int) ([]leg, bool) {
	from := make([]street.Snap, len(chosen))
	for k, u := range chosen {
		p, _ := c.past.place(u, i, order)
		from[k], _ = f.Snap(p, snapMaxMeters)
	}
	out := make([]leg, len(chosen))
	for k, trip := range f.ManyToOne(ctx, from, to) {
		if !trip.OK {
			return nil, false
		}
		kind := c.opt.Org.Kinds[c.past.units[chosen[k]].State.Kind] // Both sides go at the speed of their kinds.
		out[k] = leg{chosen[k], math.Round(kind.Takes(trip.Duration, trip.Meters).Seconds()), trip.Meters}
	}
	return out, true
}

// recommended asks the live advice for as many units of the same kinds.
func (c *comparison) recommended(ctx context.Context, f street.Finder, to street.Snap, order time.Time, chosen []cad.UnitID, i int) []leg {
	count := map[string]int{}
	for _, u := range chosen {
		count[c.past.units[u].State.Kind]++
	}
	o := *c.opt.Org
	t := org.Type{ID: fairType}
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		t.Need = append(t.Need, org.Need{Slot: kind, Count: count[kind]})
	}
	o.Types = map[cad.TypeID]org.Type{fairType: t}
	r := &c.opt.Records[i]
	in := dispatch.Input{
		Now: order, Org: &o, Streets: f, Snap: to, Number: func(cad.IncidentID) int64 { return 0 }, Units: map[cad.UnitID]*unit.State{}, Fixes: map[cad.UnitID]dispatch.Fix{},
		Incident: incident.State{ID: "0", Number: 1, Phase: incident.Classified, Type: fairType, Priority: cad.P1, Place: r.Place, Received: r.At},
	}
	in.Stack = nobodyBusy
	for _, id := range c.past.names {
		u := c.past.units[id]
		if count[u.State.Kind] == 0 || !slices.Contains(chosen, id) && c.past.why(id, i, order) != "" {
			continue
		}
		p, _ := c.past.place(id, i, order)
		snap, _ := f.Snap(p, snapMaxMeters)
		in.Units[id], in.Fixes[id] = &u.State, dispatch.Fix{Point: p, At: order, Trust: dispatch.Trusted, Snap: snap}
	}
	var out []leg
	for _, item := range dispatch.Recommend(ctx, in).Items {
		if item.Pick && item.EtaS != nil && item.DistanceM != nil {
			out = append(out, leg{item.Unit, float64(*item.EtaS), *item.DistanceM})
		}
	}
	return out
}

// sum makes the figures of what was collected.
func (c *comparison) sum() {
	const block = 3 * time.Hour
	first := slices.MinFunc(c.pairs, func(a, b pair) int { return a.at.Compare(b.at) }).at
	n := 0
	of := make([]int, len(c.pairs))
	for i, p := range c.pairs {
		of[i] = int(p.at.Sub(first) / block)
		n = max(n, of[i]+1)
	}
	f := &c.fair
	f.Blocks, f.InLife = n, pairOf(c.life)
	ours, theirs := func(p *pair) []leg { return p.recommended }, func(p *pair) []leg { return p.recorded }
	f.Recorded, f.Recommended = c.side(of, n, theirs), c.side(of, n, ours)
	f.Change = c.changed(of, n, 0, 1)
	f.Disturbed = f.Change
	if c.opt.Sigma > 0 {
		f.Disturbed = c.changed(of, n, c.opt.Sigma, disturbances)
	}
	f.P50, f.P90 = verdict(f.Disturbed.P50), verdict(f.Disturbed.P90)
	for i := range c.pairs {
		p := &c.pairs[i]
		a, b := names(p.recorded), names(p.recommended)
		f.SameSet += one(slices.Equal(a, b))
		f.SameFirst += one(soonest(p.recorded).unit == soonest(p.recommended).unit)
	}
}

func verdict(i Interval) string {
	switch {
	case i.High < 0:
		return "sooner"
	case i.Low > 0:
		return "later"
	}
	return "no_difference"
}

func names(legs []leg) []cad.UnitID {
	out := make([]cad.UnitID, len(legs))
	for i, l := range legs {
		out[i] = l.unit
	}
	slices.Sort(out)
	return out
}

func soonest(legs []leg) leg {
	return slices.MinFunc(legs, func(a, b leg) int {
		if a.seconds < b.seconds || a.seconds == b.seconds && a.unit < b.unit {
			return -1
		}
		return 1
	})
}

func (c *comparison) side(of []int, n int, legs func(*pair) []leg) FairSide {
	var list []sample
	var drive []float64
	var out FairSide
	for i := range c.pairs {
		p := &c.pairs[i]
		l := soonest(legs(p))
		list, drive = append(list, sample{of[i], p.before + l.seconds}), append(drive, l.seconds)
		for _, l := range legs(p) {
			out.Km += l.meters / 1000
		}
	}
	b := blocksOf(list, n)
	out.P50 = resample(c.opt.Seed, n, c.opt.Draws, func(times []int) float64 { return b.quantile(0.5, times) })
	out.P90 = resample(c.opt.Seed, n, c.opt.Draws, func(times []int) float64 { return b.quantile(0.9, times) })
	out.Drive = pairOf(drive)
	return out
}

// disturbances is how many worlds with other errors are drawn; in each of them the blocks are drawn anew as often as is
// left of the draws.
const disturbances = 100

// changed is the difference between the sides in worlds in which each way takes longer or shorter than we think by chance: the
// same way takes the same in both sides. Nobody knows the error when units are chosen.
func (c *comparison) changed(of []int, n int, sigma float64, worlds int) FairChange {
	each := max(1, c.opt.Draws/worlds)
	var p50, p90, avg pool
	for w := range worlds {
		var x, y, d []sample
		for i := range c.pairs {
			p := &c.pairs[i]
			a, b := c.first(p.recorded, sigma, w, i), c.first(p.recommended, sigma, w, i)
			x, y, d = append(x, sample{of[i], p.before + a}), append(y, sample{of[i], p.before + b}), append(d, sample{of[i], b - a})
		}
		was, is, off := blocksOf(x, n), blocksOf(y, n), blocksOf(d, n)
		seed := c.opt.Seed + uint64(w)
		p50.add(resampled(seed, n, each, func(times []int) float64 { return is.quantile(0.5, times) - was.quantile(0.5, times) }))
		p90.add(resampled(seed, n, each, func(times []int) float64 { return is.quantile(0.9, times) - was.quantile(0.9, times) }))
		avg.add(resampled(seed, n, each, off.mean))
	}
	out := FairChange{P50: p50.interval(), P90: p90.interval(), Mean: avg.interval()}
	for _, p := range c.pairs {
		for k := range p.recorded {
			out.Km += (p.recommended[k].meters - p.recorded[k].meters) / 1000
		}
	}
	return out
}

func (c *comparison) first(legs []leg, sigma float64, world, call int) float64 {
	best := math.Inf(1)
	for _, l := range legs {
		s := l.seconds
		if sigma > 0 {
			s *= math.Exp(sigma * normal(c.opt.Seed^uint64(world+1)<<32, uint64(call), uint64(c.past.index[l.unit])))
		}
		best = min(best, s)
	}
	return best
}
