package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/study"
	"shuniu/internal/trial"
)

// LocateAsk is a question of where posts would stand best.
type LocateAsk struct {
	Model      string  `json:"model" enum:"mclp,mexclp,pmedian,pcentre"`
	P          int     `json:"p" minimum:"1" maximum:"100" doc:"How many posts, or units with mexclp."`
	RadiusS    float64 `json:"radius_s,omitempty" minimum:"0" maximum:"7200" doc:"Within which a call counts as covered. 0: the class's standard, else 480."`
	Busy       float64 `json:"busy,omitempty" minimum:"0" maximum:"0.99" doc:"Share of the time that a unit is busy, with mexclp. 0: 0.3."`
	Class      string  `json:"class,omitempty" maxLength:"64" doc:"A class of cover; empty: all units and calls."`
	Candidates string  `json:"candidates,omitempty" enum:"posts,crossings" doc:"The centre's posts and houses, or streets in the squares with most calls."`
}

// Located is an answer: where to stand, and how good that is beside today.
type Located struct {
	Model      string      `json:"model"`
	P          int         `json:"p"`
	Sites      []StudySite `json:"sites"`
	Value      float64     `json:"value" doc:"Seconds to a call, or the share of calls covered."`
	Unit       string      `json:"unit" enum:"s,share"`
	Covered    float64     `json:"covered" doc:"Share of the calls within the radius."`
	Bound      float64     `json:"bound" doc:"No choice of the candidates is better."`
	Gap        float64     `json:"gap" doc:"What is not excluded, as a share of the value; 0 when proven."`
	Proven     bool        `json:"proven"`
	Today      StudyToday  `json:"today"`
	RadiusS    float64     `json:"radius_s"`
	Points     int         `json:"points" doc:"Squares that were reckoned with: the heaviest ones."`
	ComputedMS float64     `json:"computed_ms"`
}

// StudySite is a place to stand.
type StudySite struct {
	ID     string    `json:"id"`
	Name   org.Name  `json:"name,omitempty"`
	Place  geo.Point `json:"place"`
	Serves float64   `json:"serves" doc:"Calls an hour to which nobody is nearer."`
}

// StudyToday is the same measure where units wait now.
type StudyToday struct {
	Value   float64     `json:"value"`
	Covered float64     `json:"covered"`
	Sites   []StudySite `json:"sites"`
}

// Limits of one question, so that it takes seconds.
const (
	pointsMost    = 1_000 // Squares, the heaviest ones.
	sitesMost     = 200
	loadUnitsMost = 400
	effortMost    = 150_000_000
	radiusUsual   = 480
	busyUsual     = 0.3
	basisDays     = 28
)

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
	events := make([]demand.Event, len(basis.Calls))
	for i, c := range basis.Calls {
		events[i] = demand.Event{At: c.At, Place: c.Place, By: demand.Caller}
	}
	m = demand.Fit(events, demand.Options{Zone: zone})
	s.mu.Lock()
	s.demand, s.basis = m, basis
	s.mu.Unlock()
	return m, basis, nil
}

// whereCalled is the demand for the page.
func (s *Studies) whereCalled(ctx context.Context, c *Centre) (StudyDemand, error) {
	release, err := s.wait(ctx)
	if err != nil {
		return StudyDemand{}, err
	}
	defer release()
	o, _ := c.manned()
	m, basis, err := s.fitted(ctx, zoneIn(o.Zone))
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

// spot is a place with what it weighs.
type spot struct {
	place  geo.Point
	weight float64
}

// heaviest are the squares with most calls.
func heaviest(m *demand.Map, most int) []spot {
	out := make([]spot, 0, len(m.Cells()))
	for i, cell := range m.Cells() {
		if w := m.PerHour()[i]; w > 0 {
			out = append(out, spot{cell.Place, w})
		}
	}
	slices.SortStableFunc(out, func(a, b spot) int { return cmp.Compare(b.weight, a.weight) })
	return out[:min(len(out), most)]
}

// locate asks a model of location with travel times of the live streets.
func (s *Studies) locate(ctx context.Context, c *Centre, ask LocateAsk) (Located, error) {
	release, err := s.wait(ctx)
	if err != nil {
		return Located{}, err
	}
	defer release()
	began := time.Now()
	o, units := c.manned()
	m, _, err := s.fitted(ctx, zoneIn(o.Zone))
	if err != nil {
		return Located{}, err
	}
	if ask.Class != "" {
		units = unitsOf(ask.Class, units, o)
	}
	points := heaviest(m, pointsMost)
	sites := candidates(ask.Candidates, o, units, points)
	if len(points) == 0 || len(sites) < ask.P && ask.Model != "mexclp" || len(sites) == 0 {
		return Located{}, fault.New("api.Locate", fault.Invalid, "there are %d places to choose from", len(sites)).Because("too_few_sites", "n", fmt.Sprint(len(sites))).At("p").
			Mend("ask for fewer posts, or choose among crossings")
	}
	radius, busy := cmp.Or(ask.RadiusS, standardOf(ask.Class, o)), cmp.Or(ask.Busy, busyUsual)
	finder := c.Streets.At(c.Desk.Now())
	posts := &study.Posts{Cost: secondsBetween(ctx, finder, points, sites)}
	for _, p := range points {
		posts.Weight = append(posts.Weight, p.weight)
	}
	answer, err := solve(ctx, posts, ask.Model, ask.P, radius, busy)
	if err != nil {
		return Located{}, err
	}
	out := Located{
		Model: ask.Model, P: ask.P, Bound: answer.Bound, Gap: answer.Gap, Proven: answer.Proven, RadiusS: radius, Points: len(points), Unit: "s",
		Value: answer.Value, Covered: answer.Covered / answer.Weight,
	}
	switch ask.Model {
	case "pmedian":
		out.Value, out.Bound = answer.Value/answer.Weight, answer.Bound/answer.Weight
	case "mclp", "mexclp":
		out.Value, out.Bound, out.Unit = answer.Value/answer.Weight, answer.Bound/answer.Weight, "share"
	}
	for _, k := range answer.Sites {
		site := sites[k]
		for i, at := range answer.Serves {
			if at == k {
				site.Serves += points[i].weight
			}
		}
		out.Sites = append(out.Sites, site)
	}
	out.Today = today(ctx, finder, ask.Model, points, homes(units), radius, busy)
	out.ComputedMS = float64(time.Since(began).Microseconds()) / 1000
	return out, nil
}

func solve(ctx context.Context, posts *study.Posts, model string, p int, radius, busy float64) (study.Placement, error) {
	look := study.Search{Effort: effortMost}
	switch model {
	case "mclp":
		return study.MCLP(ctx, posts, p, radius, look)
	case "mexclp":
		return study.MEXCLP(ctx, posts, p, radius, busy, look)
	case "pcentre":
		return study.PCentre(ctx, posts, p, radius, look)
	}
	return study.PMedian(ctx, posts, p, radius, look)
}

// candidates are where a post may be: those of the centre and the houses of its stations, or the squares with most calls.
func candidates(which string, o *org.State, units []trial.Unit, points []spot) []StudySite {
	var out []StudySite
	if which == "crossings" {
		for i, p := range points[:min(len(points), sitesMost)] {
			out = append(out, StudySite{ID: fmt.Sprintf("x%d", i+1), Place: p.place})
		}
		return out
	}
	for _, p := range o.Posts {
		out = append(out, StudySite{ID: p.ID, Name: p.Name, Place: p.Place})
	}
	for _, id := range sortedOrgs(o) {
		if at := o.Orgs[id].Place; at != nil && !taken(out, *at) {
			out = append(out, StudySite{ID: string(id), Name: o.Orgs[id].Name, Place: *at})
		}
	}
	for _, h := range homes(units) {
		if !taken(out, h.Place) {
			out = append(out, h)
		}
	}
	return out[:min(len(out), sitesMost)]
}

func sortedOrgs(o *org.State) []cad.OrgID {
	out := make([]cad.OrgID, 0, len(o.Orgs))
	for id := range o.Orgs {
		if o.Orgs[id].Kind == "station" {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// sameSiteMeters is how near two sites count as one.
const sameSiteMeters = 50

func taken(sites []StudySite, p geo.Point) bool {
	return slices.ContainsFunc(sites, func(s StudySite) bool { return geo.DistanceMeters(s.Place, p) < sameSiteMeters })
}

// homes are the places where units wait today, each once.
func homes(units []trial.Unit) []StudySite {
	var out []StudySite
	for _, u := range units {
		if h := u.State.Home; h != nil && !taken(out, *h) {
			out = append(out, StudySite{ID: string(u.State.ID), Place: *h})
		}
	}
	return out
}

// secondsBetween gives a row for each point with the seconds from each site; straight lines where no street leads.
func secondsBetween(ctx context.Context, f street.Finder, points []spot, sites []StudySite) [][]float64 {
	const maxMeters, crowMS = 2_000, 30 / 3.6
	out := make([][]float64, len(points))
	for i, p := range points {
		out[i] = make([]float64, len(sites))
		for k := range sites {
			out[i][k] = geo.DistanceMeters(p.place, sites[k].Place) / crowMS
		}
	}
	if f == nil {
		return out
	}
	from, to := make([]street.Snap, len(sites)), make([]street.Snap, len(points))
	for k := range sites {
		from[k], _ = f.Snap(sites[k].Place, maxMeters)
	}
	for i := range points {
		to[i], _ = f.Snap(points[i].place, maxMeters)
	}
	for k, row := range f.ManyToMany(ctx, from, to) {
		for i, trip := range row {
			if trip.OK {
				out[i][k] = trip.Duration.Seconds()
			}
		}
	}
	return out
}

// today measures where units wait now by the same yardstick.
func today(ctx context.Context, f street.Finder, model string, points []spot, sites []StudySite, radius, busy float64) StudyToday {
	out := StudyToday{Sites: sites}
	cost := secondsBetween(ctx, f, points, sites)
	weight, mean, worst, covered, expected := 0.0, 0.0, 0.0, 0.0, 0.0
	for i, p := range points {
		best, within := math.Inf(1), 0
		nearest := 0
		for k, s := range cost[i] {
			if s < best {
				best, nearest = s, k
			}
			if s <= radius {
				within++
			}
		}
		if len(sites) == 0 {
			continue
		}
		sites[nearest].Serves += p.weight
		weight, mean, worst = weight+p.weight, mean+p.weight*best, max(worst, best)
		if within > 0 {
			covered += p.weight
		}
		expected += p.weight * (1 - math.Pow(busy, float64(within)))
	}
	if weight == 0 {
		return out
	}
	out.Covered = covered / weight
	switch model {
	case "pmedian":
		out.Value = mean / weight
	case "pcentre":
		out.Value = worst
	case "mexclp":
		out.Value = expected / weight
	default:
		out.Value = out.Covered
	}
	return out
}
