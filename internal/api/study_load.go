package api

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/study"
	"shuniu/internal/trial"
)

// StudyLoad is what the hypercube model says of a class of units.
type StudyLoad struct {
	N           int             `json:"n"`
	LeftOut     int             `json:"left_out" doc:"Units of the class that nobody knows a post of."`
	Method      string          `json:"method" enum:"exact,approximate"`
	Workloads   []StudyUnitLoad `json:"workloads"`
	AllBusy     float64         `json:"p_all_busy"`
	Wait        float64         `json:"p_wait" doc:"Share of calls that wait."`
	MeanTravelS float64         `json:"mean_travel_s"`
	Interarea   float64         `json:"interarea" doc:"Share of calls that a unit of another area serves."`
	Areas       []StudyAreaLoad `json:"areas"`
}

// StudyUnitLoad is how busy one unit is.
type StudyUnitLoad struct {
	Unit     cad.UnitID `json:"unit"`
	CallSign string     `json:"call_sign"`
	Busy     float64    `json:"busy"`
}

// StudyAreaLoad is one station's area.
type StudyAreaLoad struct {
	Org     cad.OrgID `json:"org"`
	Name    org.Name  `json:"name"`
	Calls   float64   `json:"calls_per_hour"`
	TravelS float64   `json:"travel_s"`
}

// coverClass finds a class of cover.
func coverClass(id string, o *org.State) (org.CoverClass, bool) {
	i := slices.IndexFunc(o.Cover, func(c org.CoverClass) bool { return c.ID == id })
	if i < 0 {
		return org.CoverClass{}, false
	}
	return o.Cover[i], true
}

func standardOf(id string, o *org.State) float64 {
	if c, ok := coverClass(id, o); ok {
		return float64(c.StandardFor(""))
	}
	return radiusUsual
}

// unitsOf are the units of a class of cover, or of a kind.
func unitsOf(id string, units []trial.Unit, o *org.State) []trial.Unit {
	class, ok := coverClass(id, o)
	return slices.DeleteFunc(slices.Clone(units), func(u trial.Unit) bool {
		if !ok {
			return u.State.Kind != id
		}
		return !o.Covers(class, u.State.Kind, u.State.Station, "")
	})
}

// callsOf are the calls whose plan asks for a unit of a class, or of a kind.
func callsOf(id string, calls []trial.Call, o *org.State) []trial.Call {
	class, isClass := coverClass(id, o)
	wants := func(n org.Need) bool {
		for kind, k := range o.Kinds {
			if isClass && !o.Covers(class, kind, "", "") || !isClass && kind != id {
				continue
			}
			if n.Slot == kind || n.Slot == "near" && k.Patrol || n.Slot == "own" && k.OwnStation || n.Slot == "any" && (len(n.Kind) == 0 || slices.Contains(n.Kind, kind)) {
				return true
			}
		}
		return false
	}
	return slices.DeleteFunc(slices.Clone(calls), func(c trial.Call) bool {
		return !slices.ContainsFunc(o.Types[c.Type].Need, wants)
	})
}

// load asks the hypercube model how busy the units of a class are. Each station's area is an atom; a unit that is nearest to
// the area's house is sent first.
func (s *Studies) load(ctx context.Context, c *Centre, class string) (StudyLoad, error) {
	release, err := s.wait(ctx)
	if err != nil {
		return StudyLoad{}, err
	}
	defer release()
	o, units := c.manned()
	if _, watched := coverClass(class, o); class != "" && !watched {
		if _, kind := o.Kinds[class]; !kind {
			return StudyLoad{}, noClass(class)
		}
	}
	_, basis, err := s.fitted(ctx, zoneIn(o.Zone))
	if err != nil {
		return StudyLoad{}, err
	}
	calls := basis.Calls
	if class != "" {
		units, calls = unitsOf(class, units, o), callsOf(class, calls, o)
	}
	calls = slices.DeleteFunc(slices.Clone(calls), func(c trial.Call) bool { return !inside(o, c.Place) })
	all := len(units)
	units = slices.DeleteFunc(units, func(u trial.Unit) bool { return u.State.Home == nil })
	if len(units) == 0 || len(units) > loadUnitsMost || len(calls) < 2 {
		return StudyLoad{}, fault.New("api.StudyLoad", fault.Invalid, "%d units and %d calls of the class %q cannot be worked out", len(units), len(calls), class).Because("no_load").At("class").
			Mend("name a class of cover that has units and calls")
	}
	model, areas, travel := c.cube(ctx, o, units, calls)
	out, err := answerOf(ctx, o, units, model, areas, travel)
	out.LeftOut = all - len(units)
	return out, err
}

// area is an atom of the model.
type area struct {
	org    cad.OrgID
	place  geo.Point
	calls  float64
	middle [2]float64 // Sums of degrees.
}

// cube makes the model of units and calls. Rates are by hour.
func (c *Centre) cube(ctx context.Context, o *org.State, units []trial.Unit, calls []trial.Call) (*study.Units, []area, [][]float64) {
	by := map[cad.OrgID]*area{}
	stay := 0.0
	from, to := calls[0].At, calls[0].At
	for _, call := range calls {
		id, _, _ := o.Responsible(call.Place)
		if by[id] == nil {
			by[id] = &area{org: id}
		}
		a := by[id]
		a.calls++
		a.middle[0], a.middle[1] = a.middle[0]+call.Place.Lon, a.middle[1]+call.Place.Lat
		one := call.Scene
		if len(call.Scenes) > 0 {
			one = mean(call.Scenes)
		}
		stay += one.Hours() + call.Turnout.Hours()
		if call.At.Before(from) {
			from = call.At
		}
		if call.At.After(to) {
			to = call.At
		}
	}
	hours := max(1, to.Sub(from).Hours())
	var areas []area
	var points []spot
	for _, id := range slices.Sorted(maps.Keys(by)) {
		a := *by[id]
		a.place = geo.Point{Lon: a.middle[0] / a.calls, Lat: a.middle[1] / a.calls}
		a.calls /= hours
		areas, points = append(areas, a), append(points, spot{a.place, a.calls})
	}
	sites := make([]StudySite, len(units))
	for i, u := range units {
		sites[i].Place = *u.State.Home
	}
	cost, _ := secondsBetween(ctx, c.Streets.At(c.Desk.Now()), points, sites)
	m := &study.Units{Line: true, Travel: make([][]float64, len(units))}
	drive := 0.0
	for j := range areas {
		order := make([]int, len(units))
		for n := range order {
			order[n] = n
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost[j][a], cost[j][b]) })
		m.Prefer, m.Lambda = append(m.Prefer, order), append(m.Lambda, areas[j].calls)
		drive += areas[j].calls * cost[j][order[0]] / 3600
	}
	total := 0.0
	for _, l := range m.Lambda {
		total += l
	}
	service := stay/float64(len(calls)) + drive/total
	for n := range units {
		m.Mu = append(m.Mu, 1/max(service, 1.0/3600))
		m.Travel[n] = make([]float64, len(areas))
		for j := range areas {
			m.Travel[n][j] = cost[j][n]
		}
	}
	return m, areas, cost
}

// answerOf works the model out.
func answerOf(ctx context.Context, o *org.State, units []trial.Unit, m *study.Units, areas []area, cost [][]float64) (StudyLoad, error) {
	work, method := study.Hypercube, "exact"
	if len(units) > study.ExactMost {
		work, method = func(ctx context.Context, u *study.Units) (study.Answer, error) {
			return study.Approximate(ctx, u, 1e-6)
		}, "approximate"
	}
	a, err := work(ctx, m)
	if err != nil {
		return StudyLoad{}, err
	}
	out := StudyLoad{N: len(units), Method: method, AllBusy: a.AllBusy + a.Waiting, Wait: a.Delay, Interarea: a.Away, Workloads: []StudyUnitLoad{}, Areas: []StudyAreaLoad{}}
	if !math.IsNaN(a.Travel) {
		out.MeanTravelS = a.Travel
	}
	for n, u := range units {
		out.Workloads = append(out.Workloads, StudyUnitLoad{u.State.ID, u.State.CallSign, a.Workload[n]})
	}
	for j, ar := range areas {
		one := StudyAreaLoad{Org: ar.org, Name: o.Orgs[ar.org].Name, Calls: ar.calls}
		share := 0.0
		for n := range units {
			one.TravelS += a.Share[n][j] * cost[j][n]
			share += a.Share[n][j]
		}
		if share > 0 {
			one.TravelS /= share
		}
		out.Areas = append(out.Areas, one)
	}
	return out, nil
}

func mean(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sum := time.Duration(0)
	for _, d := range list {
		sum += d
	}
	return sum / time.Duration(len(list))
}
