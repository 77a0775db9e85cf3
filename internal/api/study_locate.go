package api

import (
	"cmp"
	"context"
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
	Points     int         `json:"points" doc:"Squares that were reckoned with: the heaviest ones inside of the centre's bounds."`
	Weight     float64     `json:"weight" doc:"Calls an hour of these squares."`
	LeftOut    float64     `json:"left_out" doc:"Calls an hour of lighter squares, and of those outside of the bounds."`
	Straight   int         `json:"straight" doc:"Squares that no street reaches from some site: their times are those of straight lines."`
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

// spot is a place with what it weighs.
type spot struct {
	place  geo.Point
	weight float64
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
	m, basis, err := s.fitted(ctx, zoneIn(o.Zone))
	if err != nil {
		return Located{}, err
	}
	if ask.Class != "" {
		units = unitsOf(ask.Class, units, o)
		m = fit(callsOf(ask.Class, basis.Calls, o), demand.Options{Zone: zoneIn(o.Zone)})
	}
	points, leftOut := heaviest(m, o, pointsMost)
	sites := candidates(ask.Candidates, o, units, points)
	if len(points) == 0 || len(sites) < ask.P && ask.Model != "mexclp" || len(sites) == 0 {
		return Located{}, fault.New("api.Locate", fault.Invalid, "there are %d places to choose from", len(sites)).Because("too_few_sites", "n", fmt.Sprint(len(sites))).At("p").
			Mend("ask for fewer posts, or choose among crossings")
	}
	radius, busy := cmp.Or(ask.RadiusS, standardOf(ask.Class, o)), cmp.Or(ask.Busy, busyUsual)
	finder := c.Streets.At(c.Desk.Now())
	cost, straight := secondsBetween(ctx, finder, points, sites)
	posts := &study.Posts{Cost: cost}
	for _, p := range points {
		posts.Weight = append(posts.Weight, p.weight)
	}
	answer, err := solve(ctx, posts, ask.Model, ask.P, radius, busy)
	if err != nil {
		return Located{}, err
	}
	out := Located{
		Model: ask.Model, P: ask.P, Bound: answer.Bound, Gap: answer.Gap, Proven: answer.Proven, RadiusS: radius, Points: len(points), Unit: "s",
		Value: answer.Value, Covered: answer.Covered / answer.Weight, Weight: answer.Weight, LeftOut: leftOut, Straight: straight,
	}
	switch ask.Model {
	case "pmedian":
		out.Value, out.Bound = answer.Value/answer.Weight, answer.Bound/answer.Weight
	case "mclp", "mexclp":
		out.Value, out.Bound, out.Unit = answer.Value/answer.Weight, min(1, answer.Bound/answer.Weight), "share"
		if out.Bound <= out.Value*(1+1e-9) { // Nothing covers more than all.
			out.Bound, out.Gap, out.Proven = out.Value, 0, true
		}
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

// candidates are where a post may be: those of the centre and the houses of its stations, or squares all over the city.
func candidates(which string, o *org.State, units []trial.Unit, points []spot) []StudySite {
	var out []StudySite
	if which == "crossings" {
		for i, p := range apart(points, sitesMost) {
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

// apart are so many of the points at most, the heavy ones first and none near another that is taken: the middle of a town
// alone would be no choice.
func apart(points []spot, most int) []spot {
	for meters := sameSiteMeters * 1.0; ; meters *= 1.25 {
		var out []spot
		for _, p := range points {
			if !slices.ContainsFunc(out, func(o spot) bool { return geo.DistanceMeters(o.place, p.place) < meters }) {
				if out = append(out, p); len(out) > most {
					break
				}
			}
		}
		if len(out) <= most {
			return out
		}
	}
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

// secondsBetween gives a row for each point with the seconds from each site; straight lines where no street leads, and how
// many points that concerns.
func secondsBetween(ctx context.Context, f street.Finder, points []spot, sites []StudySite) (out [][]float64, straight int) {
	const maxMeters, crowMS = 2_000, 30 / 3.6
	out = make([][]float64, len(points))
	for i, p := range points {
		out[i] = make([]float64, len(sites))
		for k := range sites {
			out[i][k] = geo.DistanceMeters(p.place, sites[k].Place) / crowMS
		}
	}
	if f == nil {
		return out, len(points)
	}
	from, to := make([]street.Snap, len(sites)), make([]street.Snap, len(points))
	for k := range sites {
		from[k], _ = f.Snap(sites[k].Place, maxMeters)
	}
	for i := range points {
		to[i], _ = f.Snap(points[i].place, maxMeters)
	}
	bare := make([]bool, len(points))
	for k, row := range f.ManyToMany(ctx, from, to) {
		for i, trip := range row {
			if trip.OK {
				out[i][k] = trip.Duration.Seconds()
			} else if !bare[i] {
				bare[i], straight = true, straight+1
			}
		}
	}
	return out, straight
}

// today measures where units wait now by the same yardstick.
func today(ctx context.Context, f street.Finder, model string, points []spot, sites []StudySite, radius, busy float64) StudyToday {
	out := StudyToday{Sites: sites}
	cost, _ := secondsBetween(ctx, f, points, sites)
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
