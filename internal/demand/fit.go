package demand

import (
	"cmp"
	"math"
	"slices"
	"time"

	"shuniu/internal/geo"
)

// Options say how a map is fitted. The zero value of each field means its default.
type Options struct {
	From, To     time.Time      // Events from From up to, not including, To. Zero: the whole hours that hold all events.
	Zone         *time.Location // The town's clock; nil means UTC.
	SquareMeters float64        // Side of a square, 50 to 5,000 m; 0 means SquareMeters.
	Ground       []geo.Point    // Places where people may call from, such as crossings. Squares of these are in the map without any call. Without it the neighbours of each square with a call are.
}

// The least and the greatest side of a square.
const (
	squareLeast = 50
	squareMost  = 5_000
)

// Fit makes a map of callers' calls. Events that officers began are left out and counted (see Source), and so is what has
// no usable time or place. Counts are drawn towards those of the squares around, and these towards the whole town, as
// far as chance alone could explain how much they differ (shrink); the same events in any order give the same map.
func Fit(events []Event, o Options) *Map {
	m := &Map{zone: o.Zone, square: o.SquareMeters}
	if m.zone == nil {
		m.zone = time.UTC
	}
	if !(m.square >= squareLeast && m.square <= squareMost) {
		m.square = SquareMeters
	}
	calls := m.callsOf(events, o)
	if len(calls) == 0 {
		m.flat()
		return m
	}
	m.origin = middleOf(calls)
	m.plane = geo.PlaneAt(m.origin)
	var hours [HoursOfWeek]float64
	counts := map[square]float64{}
	for i := range calls {
		s, ok := m.squareOf(calls[i].Place)
		if !ok {
			m.source.Unusable++
			continue
		}
		m.source.Calls++
		counts[s]++
		hours[HourOfWeek(calls[i].At.In(m.zone))]++
	}
	m.lay(m.squares(counts, o.Ground))
	exposed := exposure(m.source.From.In(m.zone), m.source.To.In(m.zone))
	m.hours = profile(hours, exposed)
	m.spread(counts, exposed)
	return m
}

func (m *Map) flat() {
	for i := range m.hours {
		m.hours[i] = 1
	}
}

// callsOf keeps what callers began, in the time asked for, and counts the rest.
func (m *Map) callsOf(events []Event, o Options) []Event {
	calls := make([]Event, 0, len(events))
	for _, e := range events {
		switch {
		case e.By == Officer:
			m.source.OfficerLeftOut++
		case e.By != Caller, !e.Place.Valid(), e.At.IsZero(), !o.From.IsZero() && e.At.Before(o.From), !o.To.IsZero() && !e.At.Before(o.To):
			m.source.Unusable++
		default:
			calls = append(calls, e)
		}
	}
	m.source.From, m.source.To = o.From, o.To
	if len(calls) == 0 {
		return nil
	}
	byTime := func(a, b Event) int { return a.At.Compare(b.At) }
	if m.source.From.IsZero() {
		m.source.From = slices.MinFunc(calls, byTime).At.Truncate(time.Hour)
	}
	if m.source.To.IsZero() {
		m.source.To = slices.MaxFunc(calls, byTime).At.Truncate(time.Hour).Add(time.Hour)
	}
	return calls
}

// middleOf is the median place, which a few wrong ones do not move, rounded to a hundredth of a degree: maps of
// neighbouring months have the same squares.
func middleOf(calls []Event) geo.Point {
	lon, lat := make([]float64, len(calls)), make([]float64, len(calls))
	for i := range calls {
		lon[i], lat[i] = calls[i].Place.Lon, calls[i].Place.Lat
	}
	slices.Sort(lon)
	slices.Sort(lat)
	hundredth := func(deg, most float64) float64 { return max(-most, min(most, math.Round(deg*100)/100)) }
	return geo.Point{Lon: hundredth(lon[len(lon)/2], 180), Lat: hundredth(lat[len(lat)/2], 85)}
}

// squares lists the squares of the map: those with calls, and those of the ground or, without one, those around.
func (m *Map) squares(counts map[square]float64, ground []geo.Point) []square {
	set := make(map[square]bool, 2*len(counts))
	for s := range counts {
		set[s] = true
		if len(ground) == 0 {
			for _, n := range s.around() {
				set[n] = true
			}
		}
	}
	for _, p := range ground {
		if !p.Valid() {
			continue
		}
		if s, ok := m.squareOf(p); ok {
			set[s] = true
		}
	}
	out := make([]square, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b square) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) })
	return out
}

func (s square) around() [8]square {
	return [8]square{
		{s.col - 1, s.row - 1},
		{s.col, s.row - 1},
		{s.col + 1, s.row - 1},
		{s.col - 1, s.row},
		{s.col + 1, s.row},
		{s.col - 1, s.row + 1},
		{s.col, s.row + 1},
		{s.col + 1, s.row + 1},
	}
}

// spread gives each cell its calls an hour. What is expected of a cell before its own calls are looked at is the mean of the
// squares around it, with the whole town counted as one square more.
func (m *Map) spread(counts map[square]float64, exposed [HoursOfWeek]float64) {
	n, want := make([]float64, len(m.at)), make([]float64, len(m.at))
	sum := 0.0
	for i, s := range m.at {
		n[i] = counts[s]
		sum += n[i]
	}
	whole := sum / float64(len(m.at))
	for i, s := range m.at {
		near, weight := whole, 1.0
		for _, a := range s.around() {
			if j, ok := m.index[a]; ok {
				near += n[j]
				weight++
			}
		}
		want[i] = near / weight
	}
	m.perHour = shrink(n, want)
	hours := 0.0 // That were looked at, each as much as its share of calls.
	for h, e := range exposed {
		hours += e * m.hours[h]
	}
	all := 0.0
	for _, v := range m.perHour {
		all += v
	}
	for i := range m.perHour {
		m.perHour[i] *= sum / hours / all
		m.total += m.perHour[i]
	}
}

// The bounds of how firmly an expectation is held, in calls: one call moves it by half, or a million do.
const (
	firmLeast = 1
	firmMost  = 1e6
)

// shrink draws counts towards what was expected of each: the rates are taken as Gamma distributed around the expectation
// and the counts as Poisson, so the best guess is want*(n+firm)/(want+firm) (Clayton and Kaldor, Biometrics 43, 1987). How firmly the expectation is held comes
// from the counts themselves: of var(n) = want + want^2/firm, by moments. An expectation of 0 stays 0.
func shrink(n, want []float64) []float64 {
	square, excess := 0.0, 0.0
	for i, w := range want {
		square += w * w
		excess += (n[i]-w)*(n[i]-w) - w
	}
	firm := float64(firmMost)
	if excess > 0 {
		firm = min(firmMost, max(firmLeast, square/excess))
	}
	out := make([]float64, len(n))
	for i, w := range want {
		out[i] = w * (n[i] + firm) / (w + firm)
	}
	return out
}
