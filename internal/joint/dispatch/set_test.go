package dispatch_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// asks makes the plan of a scene: waves of needs.
func (s *scene) asks(waves ...[]org.Need) {
	s.Plan = org.Response{}
	for i, w := range waves {
		s.Plan.Waves = append(s.Plan.Waves, org.Wave{N: i + 1, Needs: w})
	}
}

// at puts a free unit so many metres west of the place, which is a minute's drive for 500 m.
func (s *scene) at(id cad.UnitID, westM float64) { s.fix(id, -westM, 0, dispatch.Trusted, 0) }

func (s *scene) advise(t *testing.T) dispatch.Advice {
	t.Helper()
	return dispatch.Recommend(t.Context(), s.Input)
}

// item is a unit as it is shown, wherever it stands.
func item(t *testing.T, a dispatch.Advice, id cad.UnitID) dispatch.Candidate {
	t.Helper()
	for _, c := range slices.Concat(a.Items, a.LeftOut) {
		if c.Unit == id {
			return c
		}
	}
	t.Fatalf("%s is not shown", id)
	return dispatch.Candidate{}
}

// The nearest patrol is also the only one with a shield: the set sends it for the shield, and the next one as patrol.
func TestTheSetNotTheFirst(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102")
	s.unit("101", func(u *unit.State) { u.Capabilities = []string{"shield"} })
	s.at("101", 500)
	s.at("102", 1000)
	s.asks([]org.Need{{Slot: "near", Count: 1}, {Slot: "any", Capability: "shield", Count: 1}})
	a := s.advise(t)
	wantItems(t, a, "101=any:shield", "102=near")
	if got := reasons(a, "101"); !slices.Contains(got, "capability") || !slices.Contains(got, "nearest") {
		t.Errorf("101 goes because of %v", got)
	}
	if len(a.Shortfalls) != 0 || a.Need[0].Filled+a.Need[1].Filled != 2 {
		t.Errorf("need %v, short of %v", a.Need, a.Shortfalls)
	}
}

// Who stays back may come later: the nearest goes to the front, whatever the order of the units.
func TestStayBack(t *testing.T) {
	for _, near := range []cad.UnitID{"101", "102"} {
		s := newScene(t, grid(t), "", jointtest.At(0, 0))
		s.only("101", "102")
		s.at("101", 1500)
		s.at("102", 1500)
		s.at(near, 500)
		s.asks([]org.Need{{Slot: "near", Count: 1, Hold: true}, {Slot: "near", Count: 1}})
		a := s.advise(t)
		for _, c := range a.Items {
			if c.Hold == (c.Unit == near) || !c.Pick || slices.Contains(reasons(a, c.Unit), "stays_back") != c.Hold {
				t.Errorf("%s is near; %s stays back: %v, %+v", near, c.Unit, c.Hold, c.Reasons)
			}
		}
	}
}

// An alternative counts five minutes later than what the plan asks for, and says what it stands for.
func TestAlternatives(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "301")
	s.at("101", 500)
	s.asks([]org.Need{{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 1}}}})
	s.at("301", 1900) // Not three minutes after 101.
	wantItems(t, s.advise(t), "301=swat", "101")
	s.unit("301", func(u *unit.State) { u.Duty = unit.OffDuty })
	a := s.advise(t)
	wantItems(t, a, "101=swat")
	c := item(t, a, "101")
	if i := slices.IndexFunc(c.Reasons, func(r dispatch.Reason) bool { return r.Code == "alternative" }); i < 0 || c.Reasons[i].Params["for"] != "swat" || c.Reasons[i].Params["as"] != "near" {
		t.Errorf("101: %v", c.Reasons)
	}
	if !a.Need[0].Or {
		t.Errorf("need %+v", a.Need)
	}
	// A long way off, the real one is no longer worth the wait.
	s = newScene(t, nil, "", jointtest.At(0, 0))
	s.only("101", "301")
	s.at("101", 500)
	s.at("301", 9000) // 18 minutes.
	s.asks([]org.Need{{Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 1}}}})
	wantItems(t, s.advise(t), "101=swat", "301")
}

// works puts a unit to work at incident i7.
func (s *scene) works(id cad.UnitID, stage assignment.Stage, since time.Duration) *assignment.State {
	a := &assignment.State{ID: cad.AssignmentID(id), Unit: id, Incident: "i7", Stage: stage, Primary: true, DispatchedAt: noon.Add(-2 * time.Hour)}
	if stage == assignment.OnScene {
		a.OnSceneAt = noon.Add(-since)
	}
	if stage == assignment.Transporting {
		a.TransportingAt = noon.Add(-since)
	}
	s.stacks[id] = []*assignment.State{a}
	return a
}

// A busy unit is expected to be free by the mean of its kind of work, or because its incident is reported back. It is
// proposed when it would be there well before the free one, and never taken. Where nobody knows, nothing is expected.
func TestSoonFree(t *testing.T) {
	mean := dispatch.Mean{N: 9, TotalS: 9 * 600}
	for _, tt := range []struct {
		name  string
		tally *dispatch.Tally
		job   incident.State
		stage assignment.Stage
		since time.Duration
		stack bool
		soonS int64
		free  float64 // Where the free unit is, metres west.
		slot  string  // What the busy one is proposed for.
	}{
		{"nobody counts", nil, incident.State{Type: "theft"}, assignment.OnScene, time.Minute, false, 0, 1900, ""},
		{"too few cases", &dispatch.Tally{OnScene: map[cad.TypeID]dispatch.Mean{"theft": {N: 4, TotalS: 4 * 600}}}, incident.State{Type: "theft"}, assignment.OnScene, 9 * time.Minute, false, 0, 1900, ""},
		{"the mean of its type", &dispatch.Tally{OnScene: map[cad.TypeID]dispatch.Mean{"theft": mean}}, incident.State{Type: "theft"}, assignment.OnScene, 9 * time.Minute, false, 60, 1500, ""},
		{"well before the free one", &dispatch.Tally{OnScene: map[cad.TypeID]dispatch.Mean{"theft": mean}}, incident.State{Type: "theft"}, assignment.OnScene, 9 * time.Minute, false, 60, 4000, "near"},
		{"overdue", &dispatch.Tally{OnScene: map[cad.TypeID]dispatch.Mean{"theft": mean}}, incident.State{Type: "theft"}, assignment.OnScene, 16 * time.Minute, false, 0, 4000, ""},
		{"of another type", &dispatch.Tally{OnScene: map[cad.TypeID]dispatch.Mean{"theft": mean}}, incident.State{Type: "knife"}, assignment.OnScene, 9 * time.Minute, false, 0, 4000, ""},
		{"reported back", nil, incident.State{ReportedAt: noon}, assignment.OnScene, time.Hour, false, 120, 4000, "near"},
		{"takes somebody away", &dispatch.Tally{Away: mean}, incident.State{}, assignment.Transporting, 8 * time.Minute, false, 120, 4000, "near"},
		{"something waits behind", nil, incident.State{ReportedAt: noon}, assignment.OnScene, time.Hour, true, 0, 4000, ""},
		{"on its way", nil, incident.State{}, assignment.EnRoute, 0, false, 0, 4000, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t, nil, "", jointtest.At(0, 0))
			s.only("101", "102")
			s.at("101", 100)
			s.at("102", tt.free)
			s.works("101", tt.stage, tt.since)
			if tt.stack {
				s.stacks["101"] = append(s.stacks["101"], &assignment.State{ID: "b", Unit: "101", Incident: "i8", Stage: assignment.Dispatched})
			}
			s.Tally, s.Job = tt.tally, func(cad.IncidentID) *incident.State { return &tt.job }
			s.asks([]org.Need{{Slot: "near", Count: 1}})
			a := s.advise(t)
			c := item(t, a, "101")
			if c.Pick || c.SoonS != tt.soonS || c.Slot != tt.slot || (c.State == dispatch.StateSoon) != (tt.soonS > 0) {
				t.Errorf("101 is %q in %d s, proposed for %q: %+v", c.State, c.SoonS, c.Slot, c)
			}
			if free := item(t, a, "102"); !free.Pick || free.Slot != "near" {
				t.Errorf("the free one: %+v", free)
			}
			if wantFirst := map[bool]string{true: "busy_soon", false: "busy"}[tt.soonS > 0]; c.Reasons[0].Code != wantFirst {
				t.Errorf("why: %v", c.Reasons)
			}
		})
	}
}

// A unit that may leave its scene is proposed where nobody free can go, and even then never taken: a person reassigns it.
func TestRedeployableIsNeverTaken(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102", "211")
	s.at("101", 500)
	s.works("101", assignment.OnScene, time.Minute).Redeployable = true
	s.at("102", 2000)
	s.asks([]org.Need{{Slot: "near", Count: 2}})
	a := s.advise(t)
	wantItems(t, a, "102=near", "101", "211")
	c := item(t, a, "101")
	if c.Pick || c.Slot != "near" || c.State != dispatch.StateRedeployable || c.Reasons[0].Code != "busy_redeployable" || c.Reasons[0].Params["number"] != "7" {
		t.Errorf("101: %+v", c)
	}
	if len(a.Shortfalls) != 1 || a.Shortfalls[0].Remedy.Code != "reassign_redeployable" || a.Shortfalls[0].Remedy.Params["unit"] != "101" || a.Shortfalls[0].Remedy.Params["eta_s"] != "60" {
		t.Errorf("short of %+v", a.Shortfalls)
	}
	if slices.ContainsFunc(a.Choices, func(c incident.Choice) bool { return c.Unit == "101" }) {
		t.Errorf("recommended %v", a.Choices)
	}
}

// A suspect position fills a need only where nobody else can, however near it seems.
func TestSuspectIsTheLastResort(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102")
	s.fix("101", -10, 0, dispatch.Suspect, 0)
	s.at("102", 2000)
	s.asks([]org.Need{{Slot: "near", Count: 1}})
	a := s.advise(t)
	wantItems(t, a, "102=near", "101")
	if got := reasons(a, "101"); !slices.Contains(got, "suspect_position") || got[len(got)-1] != "others_trusted" {
		t.Errorf("101: %v", got)
	}
	s.asks([]org.Need{{Slot: "near", Count: 2}})
	wantItems(t, s.advise(t), "102=near", "101=near")
	if n := s.advise(t).Border.Nearest; n == nil || n.Unit != "102" {
		t.Errorf("nearest is %+v", n)
	}
}

// What is on its way fills what it can as a whole: the shield is there, so the patrol is missing, not the other way round.
func TestOnItsWayCountsAsAWhole(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102", "301")
	s.unit("101", func(u *unit.State) { u.Capabilities = []string{"shield"} }) // A patrol with a shield.
	s.busy("101", "i1")
	s.asks([]org.Need{{Slot: "near", Count: 1}, {Slot: "any", Capability: "shield", Count: 1}})
	s.busy("102", "i1") // A patrol without.
	if a := s.advise(t); len(a.Need) != 0 || len(a.Shortfalls) != 0 || !slices.Contains(reasons(a, "301"), "not_needed") {
		t.Errorf("still needed: %v; 301 %v", a.Need, reasons(a, "301"))
	}
	delete(s.stacks, "102")
	if a := s.advise(t); len(a.Need) != 1 || a.Need[0].What != "any:shield" { // The important line first.
		t.Errorf("still needed: %v", a.Need)
	}
}

// A second wave adds to the first; what the first one has sent is not asked for again.
func TestWaves(t *testing.T) {
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101", "102", "211", "301")
	s.asks([]org.Need{{Slot: "near", Count: 1}}, []org.Need{{Slot: "swat", Count: 1}})
	a := s.advise(t)
	if a.Wave != 1 || a.Waves != 2 || len(a.Choices) != 1 || a.Choices[0].Unit != "101" {
		t.Errorf("first wave: %+v", a)
	}
	s.busy("101", "i1")
	s.Incident.Wave = 2
	if a = s.advise(t); a.Wave != 2 || len(a.Choices) != 1 || a.Choices[0].Unit != "301" {
		t.Errorf("second wave: %+v", a.Choices)
	}
}

// Near a border the neighbour's crew serves as one's own where none of ours can, and the rule is said.
func TestBorder(t *testing.T) {
	at := jointtest.At(-50, 0) // In st1's area, 50 m from st2's.
	s := newScene(t, grid(t), "theft", at)
	a := s.advise(t)
	if j := a.Border; j.Rule != "border" || j.Responsible.ID != "st1" || len(j.Border) != 1 || j.Border[0].ID != "st2" || j.Nearest == nil {
		t.Errorf("%+v", j)
	}
	if got, _ := order(a); got[0] != "211=own" {
		t.Errorf("recommended %v", got)
	}
	s.unit("211", func(u *unit.State) { u.Duty = unit.OffDuty })
	s.unit("212", func(u *unit.State) { u.Duty = unit.OffDuty })
	a = s.advise(t)
	if got, _ := order(a); got[0] != "221=own" || !slices.Contains(reasons(a, "221"), "neighbour_for_own") || !slices.Contains(reasons(a, "221"), "border_station") {
		t.Errorf("recommended %v, 221: %v", got, reasons(a, "221"))
	}
	if s = newScene(t, grid(t), "knife", at); s.advise(t).Border.Rule != "border_p1" {
		t.Errorf("a live P1: %+v", s.advise(t).Border)
	}
	s = newScene(t, grid(t), "theft", jointtest.At(-1500, 0)) // Deep in st1's area st2 sends nobody for it.
	s.only("221")
	if a = s.advise(t); a.Border.Rule != "own_area" || len(a.Choices) != 0 {
		t.Errorf("%+v, recommended %v", a.Border, a.Choices)
	}
	s.Incident.Responsible.By = "ruling"
	if s.advise(t).Border.Rule != "ruled" {
		t.Error("a ruling is none")
	}
	s.Incident.Responsible = incident.Responsible{}
	if j := s.advise(t).Border; j.Rule != "no_station" || j.Responsible != nil {
		t.Errorf("nobody's: %+v", j)
	}
	s.Incident.Responsible = incident.Responsible{Org: "st1", By: "nearest"}
	if s.advise(t).Border.Rule != "nearest_house" {
		t.Error("in nobody's area")
	}
}

// What can wait spares the unit whose leaving hurts; a life in danger takes the nearest. Of equals, whoever worked least.
func TestCoverAndFairness(t *testing.T) {
	scene := func(p cad.Priority) *scene {
		s := newScene(t, grid(t), "", jointtest.At(0, 0))
		s.only("101", "102")
		s.at("101", 500)
		s.at("102", 1500) // Two minutes later.
		s.asks([]org.Need{{Slot: "near", Count: 1}})
		s.Incident.Priority = p
		s.Loss = func(id cad.UnitID) cover.Loss {
			if id == "101" {
				return cover.Loss{Seconds: 20, Calls: 2, Voids: []cover.Void{{Area: "st1", Class: "patrol"}}}
			}
			return cover.Loss{Seconds: 1}
		}
		return s
	}
	wantItems(t, scene(cad.P1).advise(t), "101=near", "102")
	a := scene(cad.P3).advise(t)
	wantItems(t, a, "102=near", "101")
	c := item(t, a, "101")
	if last := c.Reasons[len(c.Reasons)-1]; last.Code != "spared_for_cover" || last.Params["seconds"] != "20" || c.Cover.LossS != 20 || c.Cover.Voids[0].Area != "st1" {
		t.Errorf("101: %+v %+v", c.Cover, c.Reasons)
	}
	if got := reasons(a, "102"); !slices.Contains(got, "cover_cost") {
		t.Errorf("102: %v", got)
	}
	s := scene(cad.P3)
	s.Loss = func(cad.UnitID) cover.Loss { return dispatch.NoLoss }
	if a = s.advise(t); item(t, a, "101").Cover != nil || !item(t, a, "101").Pick {
		t.Errorf("without cover: %+v", a.Items)
	}
	s = scene(cad.P1)
	s.Loss = nil
	s.at("102", 500)
	s.Tally = &dispatch.Tally{Loads: map[cad.UnitID]dispatch.Load{"101": {Jobs: 5, BusyS: 7200}, "102": {Jobs: 1, BusyS: 60}}}
	a = s.advise(t)
	wantItems(t, a, "102=near", "101")
	if w := item(t, a, "101").Work; w == nil || w.Jobs != 5 || !slices.Contains(reasons(a, "101"), "workload") {
		t.Errorf("101 worked %+v", w)
	}
}

// Cover that is lost never makes a life in danger wait for minutes; of two that come at the same time, it decides. What
// nobody has graded yet is taken for such.
func TestCoverHardlyDelaysALife(t *testing.T) {
	for _, tt := range []struct {
		priority cad.Priority
		far      float64 // Where 102 is, metres west; 101 is a minute away.
		first    cad.UnitID
	}{
		{cad.P1, 1800, "101"}, {"", 1800, "101"}, {cad.P1, 800, "101"}, {cad.P1, 550, "102"}, {cad.P2, 1800, "102"},
	} {
		s := newScene(t, grid(t), "", jointtest.At(0, 0))
		s.only("101", "102")
		s.at("101", 500)
		s.at("102", tt.far)
		s.asks([]org.Need{{Slot: "near", Count: 1}})
		s.Incident.Priority = tt.priority
		s.Loss = func(id cad.UnitID) cover.Loss {
			if id == "101" {
				return cover.Loss{Seconds: 400}
			}
			return cover.Loss{}
		}
		if a := s.advise(t); a.Choices[0].Unit != tt.first {
			t.Errorf("%q, the other at %v m: %s goes", tt.priority, tt.far, a.Choices[0].Unit)
		}
	}
}

// Who is nearest by the border rule is a patrol or a crew; a specialist next door is not meant.
func TestTheNearestIsAFirstResponder(t *testing.T) {
	s := newScene(t, grid(t), "knife", jointtest.At(-400, 0))
	s.only("101", "211", "301")
	s.fix("301", -400, 0, dispatch.Trusted, 0)
	s.fix("101", -1000, 0, dispatch.Trusted, 0)
	s.fix("211", -2000, 0, dispatch.Trusted, 0)
	if n := s.advise(t).Border.Nearest; n == nil || n.Unit != "101" {
		t.Errorf("nearest is %+v", n)
	}
	s.only("301")
	if n := s.advise(t).Border.Nearest; n != nil {
		t.Errorf("nearest is %+v", n)
	}
}

// island answers nothing: as of a place on streets that lead nowhere.
type island struct{ street.Finder }

func (island) ManyToOne(_ context.Context, from []street.Snap, _ street.Snap) []street.Trip {
	return make([]street.Trip, len(from))
}

// A place that no street reaches still gets its units, by straight lines, and says so (promise P8).
func TestAPlaceThatNoStreetReaches(t *testing.T) {
	n := grid(t)
	s := newScene(t, n, "knife", jointtest.At(-400, 0))
	s.Streets = island{n}
	a := s.advise(t)
	if !slices.Equal(a.Degraded, []string{"no_way_there"}) || len(a.Choices) != 3 || !slices.Contains(reasons(a, "101"), "straight_line") || item(t, a, "101").EtaS == nil {
		t.Errorf("degraded %v, recommended %v, 101: %v", a.Degraded, a.Choices, reasons(a, "101"))
	}
	s = newScene(t, n, "knife", jointtest.At(900_000, 0)) // No street within reach: the place has no snap.
	if a = s.advise(t); !slices.Equal(a.Degraded, []string{"no_streets"}) || len(a.Choices) == 0 {
		t.Errorf("degraded %v, recommended %v", a.Degraded, a.Choices)
	}
}

// The same choice has the same name while everybody drives; another choice has another.
func TestTheNameOfAnAdvice(t *testing.T) {
	s := newScene(t, grid(t), "knife", jointtest.At(-400, 0))
	s.at("101", 900)
	first := s.advise(t)
	s.at("101", 800)
	second := s.advise(t)
	s.busy("101", "i7")
	third := s.advise(t)
	if first.ID == "" || first.ID != second.ID || third.ID == first.ID {
		t.Errorf("%s, then %s, then %s", first.ID, second.ID, third.ID)
	}
}

// The best remedy is the one by which somebody is there first; nobody is torn from a life in danger.
func TestRemedies(t *testing.T) {
	shield := []org.Need{{Slot: "any", Capability: "shield", Count: 1}}
	for _, tt := range []struct {
		name   string
		set    func(s *scene)
		want   string
		params map[string]string
	}{
		{"reassign", func(s *scene) { s.works("301", assignment.EnRoute, 0) }, "reassign_nearest", map[string]string{"unit": "301", "left": "0"}},
		{"with others left there", func(s *scene) {
			s.works("301", assignment.EnRoute, 0)
			s.works("101", assignment.OnScene, 0)
		}, "reassign_nearest", map[string]string{"left": "1"}},
		{"nobody left for one of the same rank", func(s *scene) {
			s.works("301", assignment.EnRoute, 0)
			s.Incident.Priority = cad.P3
		}, "without_capability", nil},
		{"somebody left for one of the same rank", func(s *scene) {
			s.works("301", assignment.EnRoute, 0)
			s.works("101", assignment.OnScene, 0)
			s.Incident.Priority = cad.P3
		}, "reassign_nearest", map[string]string{"left": "1"}},
		{"not from a P1", func(s *scene) {
			s.works("301", assignment.EnRoute, 0)
			s.Job = func(cad.IncidentID) *incident.State { return &incident.State{Priority: cad.P1} }
		}, "without_capability", map[string]string{"unit": "101", "capability": "shield"}},
		{"it is free in a moment", func(s *scene) {
			s.works("301", assignment.OnScene, 0)
			s.Job = func(cad.IncidentID) *incident.State { return &incident.State{ReportedAt: noon} }
		}, "soon_free", map[string]string{"unit": "301", "minutes": "2", "eta_s": "360"}},
		{"off duty", func(s *scene) {
			s.unit("301", func(u *unit.State) { u.Duty = unit.OffDuty })
			s.only("301")
		}, "call_in_off_duty", map[string]string{"unit": "301"}},
		{"nobody has it", func(s *scene) { s.only("900") }, "ask_neighbour", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene(t, grid(t), "", jointtest.At(0, 0))
			s.only("101", "301")
			s.asks(shield)
			s.Incident.Priority, s.Job = cad.P2, func(cad.IncidentID) *incident.State { return &incident.State{Priority: cad.P3} }
			tt.set(s)
			a := s.advise(t)
			if len(a.Shortfalls) != 1 || a.Shortfalls[0].Remedy.Code != tt.want {
				t.Fatalf("short of %+v", a.Shortfalls)
			}
			for k, v := range tt.params {
				if got := a.Shortfalls[0].Remedy.Params[k]; got != v {
					t.Errorf("%s is %q, want %q", k, got, v)
				}
			}
		})
	}
	s := newScene(t, grid(t), "", jointtest.At(0, 0))
	s.only("101")
	s.asks([]org.Need{{Slot: "crew", Count: 1}}, []org.Need{{Slot: "near", Count: 1}})
	if a := s.advise(t); a.Shortfalls[0].Remedy.Code != "next_wave" || a.Shortfalls[0].Remedy.Params["wave"] != "2" {
		t.Errorf("short of %+v", a.Shortfalls)
	}
}

// Whom a word means is found among all units, by the same reckoning.
func TestNearest(t *testing.T) {
	s := newScene(t, grid(t), "knife", jointtest.At(-400, 0))
	s.busy("211", "i7")
	got := dispatch.Nearest(t.Context(), s.Input, func(id cad.UnitID) bool { return id != "101" }, 2)
	if len(got) != 2 || got[0].Unit != "102" && got[0].Unit != "212" || got[0].EtaS == nil {
		t.Errorf("%+v", got)
	}
	if got = dispatch.Nearest(t.Context(), s.Input, func(cad.UnitID) bool { return false }, 2); got == nil || len(got) != 0 {
		t.Errorf("nobody is %v", got)
	}
}

// A big plan in a big city stays within its time: 500 units, six slots.
func BenchmarkRecommendSixOf500(b *testing.B) {
	s := newScene(b, grid(b), "knife", jointtest.At(-400, 100))
	kinds := []cad.UnitID{"101", "211", "301"}
	for n := range 500 {
		u := *s.Units[kinds[n%3]]
		u.ID = cad.UnitID(fmt.Sprintf("u%03d", n))
		u.CallSign = string(u.ID)
		s.Units[u.ID] = &u
		s.fix(u.ID, float64(n*37%4000-2000), float64(n*91%4000-2000), dispatch.Trusted, 0)
	}
	maps.DeleteFunc(s.Units, func(id cad.UnitID, _ *unit.State) bool { return id[0] != 'u' })
	known := map[geo.Point]street.Snap{}
	s.Snaps = func(p geo.Point) street.Snap {
		if _, ok := known[p]; !ok {
			known[p], _ = s.Streets.Snap(p, dispatch.SnapMaxMeters)
		}
		return known[p]
	}
	s.asks([]org.Need{{Slot: "near", Count: 2}, {Slot: "own", Count: 1}, {Slot: "any", Capability: "shield", Count: 1}, {Slot: "swat", Count: 1, Or: []org.Need{{Slot: "near", Count: 1}}}, {Slot: "near", Count: 1, Hold: true}})
	s.Loss = func(cad.UnitID) cover.Loss { return cover.Loss{Seconds: 1} }
	for b.Loop() {
		if a := dispatch.Recommend(b.Context(), s.Input); len(a.Choices) != 6 {
			b.Fatalf("%d of six", len(a.Choices))
		}
	}
}
