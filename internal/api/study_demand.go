package api

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/trial"
)

// DemandAsk chooses the time of which the demand is asked.
type DemandAsk struct {
	From time.Time `query:"from" doc:"Calls from then on. Left out: from the first one."`
	To   time.Time `query:"to" doc:"Calls before. Left out: to the last one."`
}

// fitted gives the demand, fitted once to callers' own calls.
func (s *Studies) fitted(ctx context.Context, zone *time.Location) (*demand.Map, StudyCalls, error) {
	s.mu.Lock()
	m, basis := s.demand, s.basis
	s.mu.Unlock()
	if m != nil {
		return m, basis, nil
	}
	basis, err := s.source.Calls(ctx, basisDays, 1)
	if err != nil {
		return nil, basis, err
	}
	m = fit(basis.Calls, demand.Options{Zone: zone})
	s.mu.Lock()
	s.demand, s.basis = m, basis
	s.mu.Unlock()
	return m, basis, nil
}

// fit makes a map of calls, which are all callers' own.
func fit(calls []trial.Call, o demand.Options) *demand.Map {
	events := make([]demand.Event, len(calls))
	for i, c := range calls {
		events[i] = demand.Event{At: c.At, Place: c.Place, By: demand.Caller}
	}
	return demand.Fit(events, o)
}

// during gives the demand of a part of the time.
func during(ask DemandAsk, calls []trial.Call, zone *time.Location) (*demand.Map, error) {
	if !ask.From.IsZero() && !ask.To.IsZero() && !ask.From.Before(ask.To) {
		return nil, fault.New("api.StudyDemand", fault.Invalid, "the time ends before it begins").Because("bad_span").At("to").Mend("ask for a time after from")
	}
	chosen := slices.DeleteFunc(slices.Clone(calls), func(c trial.Call) bool {
		return !ask.From.IsZero() && c.At.Before(ask.From) || !ask.To.IsZero() && !c.At.Before(ask.To)
	})
	if len(chosen) == 0 {
		return nil, fault.New("api.StudyDemand", fault.NotFound, "nobody called in that time").Because("no_calls").At("from").Mend("leave out from and to, and see which time there is")
	}
	return fit(chosen, demand.Options{Zone: zone, From: ask.From, To: ask.To}), nil
}

// whereCalled is the demand for the page.
func (s *Studies) whereCalled(ctx context.Context, c *Centre, ask DemandAsk) (StudyDemand, error) {
	release, err := s.wait(ctx)
	if err != nil {
		return StudyDemand{}, err
	}
	defer release()
	o, _ := c.manned()
	zone := zoneIn(o.Zone)
	m, basis, err := s.fitted(ctx, zone)
	if err == nil && (!ask.From.IsZero() || !ask.To.IsZero()) {
		m, err = during(ask, basis.Calls, zone)
	}
	if err != nil {
		return StudyDemand{}, err
	}
	src := m.Source()
	hours := m.Hours()
	out := StudyDemand{
		Source: basis.Source, Calls: src.Calls, OfficerLeftOut: basis.OfficerLeftOut + src.OfficerLeftOut, Note: "officers_left_out", From: src.From, To: src.To,
	}
	if basis.Unsaid {
		out.Note = "officers_unsaid"
	}
	out.Hours = hours[:]
	squares := collection{Type: "FeatureCollection", Features: []feature{}}
	for i, cell := range m.Cells() {
		squares.Features = append(squares.Features, feature{
			Type: "Feature", Properties: map[string]any{"id": cell.ID, "rate": m.PerHour()[i]}, Geometry: geometry{"Polygon", [][][2]float64{squareAround(cell.Place, m.SquareMeters())}},
		})
	}
	out.Cells, err = json.Marshal(squares)
	return out, err
}

func squareAround(p geo.Point, side float64) [][2]float64 {
	out := make([][2]float64, 0, 5)
	for _, c := range [5][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}} {
		q := p.Offset(c[0]*side/2, c[1]*side/2)
		out = append(out, [2]float64{q.Lon, q.Lat})
	}
	return out
}

// inside reports whether a place lies in the centre's bounds; everything does where there are none.
func inside(o *org.State, p geo.Point) bool {
	b := o.Bounds
	return b == [4]float64{} || geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}.Contains(p)
}

// heaviest are the squares with most calls inside of the centre's bounds, and the calls an hour of all others: an airport far
// away that has units of its own would else decide where the last post of the city stands.
func heaviest(m *demand.Map, o *org.State, most int) (points []spot, leftOut float64) {
	for i, cell := range m.Cells() {
		switch w := m.PerHour()[i]; {
		case w <= 0:
		case !inside(o, cell.Place):
			leftOut += w
		default:
			points = append(points, spot{cell.Place, w})
		}
	}
	slices.SortStableFunc(points, func(a, b spot) int { return cmp.Compare(b.weight, a.weight) })
	for _, p := range points[min(len(points), most):] {
		leftOut += p.weight
	}
	return points[:min(len(points), most)], leftOut
}
