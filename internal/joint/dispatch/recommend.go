package dispatch

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// Trust says how far a position may be believed.
type Trust string

// The degrees of trust. A suspect position never puts a unit at the top.
const (
	Trusted Trust = "trusted"
	Stale   Trust = "stale"
	Suspect Trust = "suspect"
	NoFix   Trust = "none" // Nobody knows; the unit is taken to be at its post.
)

// Fix is where a unit is, as far as is known.
type Fix struct {
	Point geo.Point
	At    time.Time
	Trust Trust
	Snap  street.Snap // Where that is on the streets; the zero value if it was not looked up.
}

// Input is all that a recommendation depends on: the same input gives the same advice.
type Input struct {
	Now      time.Time
	Incident incident.State
	Org      *org.State
	Units    map[cad.UnitID]*unit.State
	Stack    func(cad.UnitID) []*assignment.State
	Number   func(cad.IncidentID) int64 // The number of the incident that a busy unit works on.
	Fixes    map[cad.UnitID]Fix
	Streets  *street.Network // nil: straight lines at crowKmh.
	Snap     street.Snap     // The incident's place on the streets; the zero value if there is none.
}

// Advice is which units to send, and why not the others.
type Advice struct {
	Need       []Slot      `json:"need"`
	Items      []Candidate `json:"items"`    // Units that can go, the picked ones first, then by arrival.
	LeftOut    []Candidate `json:"left_out"` // Units that would have come sooner than the last picked one, and why they cannot.
	Shortfalls []Shortfall `json:"shortfalls"`
	Degraded   []string    `json:"degraded,omitempty"` // "no_place", "no_streets": what the advice had to do without.
}

// Slot is one need of the incident's type.
type Slot struct {
	What   string `json:"what"` // "near", "own", "any" or a kind of unit; with the capability after a colon.
	Count  int    `json:"count"`
	Filled int    `json:"filled"`
}

// Reason is one word of explanation, for the catalogues.
type Reason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// Candidate is one unit with what speaks for and against it.
type Candidate struct {
	Unit      cad.UnitID `json:"unit"`
	CallSign  string     `json:"call_sign"`
	Kind      string     `json:"kind"`
	Slot      string     `json:"slot,omitempty"`
	Pick      bool       `json:"pick"`
	EtaS      *int64     `json:"eta_s,omitempty" doc:"Seconds on the streets; absent where no way or no place is known."`
	DistanceM *float64   `json:"distance_m,omitempty" doc:"Metres on the streets; absent with eta_s."`
	AgeS      int64      `json:"position_age_s"`
	Trust     Trust      `json:"position_state"`
	Reasons   []Reason   `json:"reasons"`

	reach bool
	rank  int64 // What it is sorted by: arrival in milliseconds, made later by doubt about the position.
}

// Shortfall is a need that cannot be met now, and the best thing to do about it.
type Shortfall struct {
	What   string `json:"what"`
	Count  int    `json:"count"`
	Remedy Reason `json:"remedy"`
}

// Doubt about a position, as time. A unit drives away from where it was last seen at most as fast as it would
// come, so half the age is the expected loss; a unit that never reported is taken to be at its post.
const (
	crowKmh       = 30.0             // Straight-line speed when there are no streets.
	doubtMax      = 10 * time.Minute // A fix older than twice this says nothing more.
	doubtAtPost   = 2 * time.Minute
	leftOutMax    = 12
	itemsMax      = 24
	unreachableMS = int64(1) << 50
)

// Recommend ranks units by arrival on the streets and fills the needs of the incident's type in their order.
func Recommend(ctx context.Context, in Input) Advice {
	advice := Advice{Need: []Slot{}, Items: []Candidate{}, LeftOut: []Candidate{}, Shortfalls: []Shortfall{}} // A list is never null.
	needs := in.needs()
	free, busy := in.candidates(ctx, &advice)
	taken := map[cad.UnitID]bool{}
	for _, n := range needs {
		slot := Slot{What: name(n), Count: n.Count}
		for i := range free {
			if slot.Filled == n.Count {
				break
			}
			c := &free[i]
			if taken[c.Unit] || !in.fits(n, c.Unit) || !c.reach && advice.Degraded == nil {
				continue
			}
			taken[c.Unit], c.Pick, c.Slot = true, true, slot.What
			slot.Filled++
		}
		advice.Need = append(advice.Need, slot)
		if short := n.Count - slot.Filled; short > 0 {
			advice.Shortfalls = append(advice.Shortfalls, Shortfall{What: slot.What, Count: short, Remedy: in.remedy(n, busy)})
		}
	}
	slices.SortStableFunc(free, func(a, b Candidate) int {
		if a.Pick != b.Pick {
			if a.Pick {
				return -1
			}
			return 1
		}
		return 0
	})
	advice.Items = append(advice.Items, free[:min(len(free), itemsMax)]...)
	advice.LeftOut = leftOut(free, busy)
	return advice
}

// needs are the type's, less what is on its way already. A type may say that no unit is sent first; an incident
// without a type gets one unit that can go.
func (in Input) needs() []org.Need {
	t, known := in.Org.Types[in.Incident.Type]
	needs := slices.Clone(t.Need)
	if !known {
		needs = []org.Need{{Slot: "any", Count: 1}}
	}
	used := map[cad.AssignmentID]bool{}
	for i := range needs {
		for _, id := range slices.Sorted(maps.Keys(in.Units)) {
			for _, a := range in.Stack(id) {
				if a.Incident == in.Incident.ID && !used[a.ID] && needs[i].Count > 0 && in.fits(needs[i], id) {
					used[a.ID] = true
					needs[i].Count--
				}
			}
		}
	}
	return slices.DeleteFunc(needs, func(n org.Need) bool { return n.Count <= 0 })
}

func name(n org.Need) string {
	if n.Capability != "" {
		return n.Slot + ":" + n.Capability
	}
	return n.Slot
}

// fits reports whether a unit can fill a need.
func (in Input) fits(n org.Need, id cad.UnitID) bool {
	u := in.Units[id]
	kind := in.Org.Kinds[u.Kind]
	if n.Capability != "" && !slices.Contains(u.Capabilities, n.Capability) {
		return false
	}
	if u.Officers < n.Officers || u.Sworn < n.Sworn {
		return false
	}
	if len(n.Kind) > 0 && !slices.Contains(n.Kind, u.Kind) {
		return false
	}
	switch n.Slot {
	case "near":
		return kind.Patrol
	case "own":
		return kind.OwnStation && (in.Incident.Responsible.Org == "" || u.Station == in.Incident.Responsible.Org)
	case "any", "":
		return true
	default:
		return u.Kind == n.Slot
	}
}

// candidates looks at every unit once: those that can go, by rank, and those that cannot, with the reason.
func (in Input) candidates(ctx context.Context, advice *Advice) (free, busy []Candidate) {
	ids := slices.Sorted(maps.Keys(in.Units))
	from := make([]street.Snap, 0, len(ids))
	all := make([]Candidate, 0, len(ids))
	for _, id := range ids {
		u := in.Units[id]
		if u.Retired || !u.Dispatchable {
			continue
		}
		fix := in.fix(u)
		all = append(all, Candidate{Unit: id, CallSign: u.CallSign, Kind: u.Kind, Trust: fix.Trust, AgeS: ageS(in.Now, fix)})
		from = append(from, fix.Snap)
	}
	in.arrivals(ctx, advice, all, from)
	for i := range all {
		c := &all[i]
		if why, ok := in.whyNot(c.Unit); ok {
			c.Reasons = append([]Reason{why}, c.Reasons...)
			busy = append(busy, *c)
			continue
		}
		if u := in.Units[c.Unit]; u.Station != "" && u.Station == in.Incident.Responsible.Org {
			c.Reasons = append(c.Reasons, Reason{Code: "responsible_station"})
		}
		free = append(free, *c)
	}
	byRank := func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.CallSign, b.CallSign))
	}
	slices.SortFunc(free, byRank)
	slices.SortFunc(busy, byRank)
	return free, busy
}

// fix is where a unit is taken to be.
func (in Input) fix(u *unit.State) Fix {
	f, ok := in.Fixes[u.ID]
	if !ok && u.Home != nil {
		f = Fix{Point: *u.Home, Trust: NoFix}
	}
	if !ok && u.Home == nil {
		return Fix{Trust: NoFix}
	}
	if f.Snap == (street.Snap{}) && in.Streets != nil {
		f.Snap, _ = in.Streets.Snap(f.Point, snapMaxMeters)
	}
	return f
}

// placed reports whether anything says where a unit is.
func (in Input) placed(id cad.UnitID) bool {
	_, ok := in.Fixes[id]
	return ok || in.Units[id].Home != nil
}

// snapMaxMeters is how far from a street a place may lie.
const snapMaxMeters = 2_000

func ageS(now time.Time, f Fix) int64 {
	if f.At.IsZero() {
		return 0
	}
	return max(0, int64(now.Sub(f.At)/time.Second))
}

// arrivals fills in when each candidate would be there, and how much that is to be doubted.
func (in Input) arrivals(ctx context.Context, advice *Advice, all []Candidate, from []street.Snap) {
	onStreets := in.Streets != nil && in.Snap != (street.Snap{})
	switch {
	case in.Incident.Place == nil:
		advice.Degraded = append(advice.Degraded, "no_place")
	case !onStreets:
		advice.Degraded = append(advice.Degraded, "no_streets")
	}
	var trips []street.Trip
	if onStreets && in.Incident.Place != nil {
		trips = in.Streets.ManyToOne(ctx, from, in.Snap)
	}
	for i := range all {
		c := &all[i]
		var d time.Duration
		switch {
		case trips != nil && trips[i].OK:
			c.reach, d, c.DistanceM = true, trips[i].Duration, &trips[i].Meters
			c.Reasons = append(c.Reasons, Reason{Code: "street_time"})
		case in.Incident.Place != nil && trips == nil && in.placed(c.Unit):
			meters := geo.DistanceMeters(in.fix(in.Units[c.Unit]).Point, *in.Incident.Place)
			c.reach, c.DistanceM, d = true, &meters, time.Duration(meters/(crowKmh/3.6)*float64(time.Second))
			c.Reasons = append(c.Reasons, Reason{Code: "straight_line"})
		default:
			c.Reasons = append(c.Reasons, Reason{Code: "no_way"})
		}
		if c.reach {
			c.EtaS = new(int64(d.Round(time.Second) / time.Second))
		}
		c.rank = d.Milliseconds() + in.doubt(c)
	}
}

// doubt turns what is not known about a position into milliseconds, and says so.
func (in Input) doubt(c *Candidate) int64 {
	if !c.reach {
		return unreachableMS
	}
	switch c.Trust {
	case Stale:
		c.Reasons = append(c.Reasons, Reason{Code: "stale_position", Params: map[string]string{"age_s": strconv.FormatInt(c.AgeS, 10)}})
		return min(time.Duration(c.AgeS)*time.Second/2, doubtMax).Milliseconds()
	case NoFix:
		c.Reasons = append(c.Reasons, Reason{Code: "assumed_at_post"})
		return doubtAtPost.Milliseconds()
	case Suspect:
		c.Reasons = append(c.Reasons, Reason{Code: "suspect_position"})
		return unreachableMS / 2
	case Trusted:
	}
	return 0
}

// whyNot says why a unit cannot be proposed now.
func (in Input) whyNot(id cad.UnitID) (Reason, bool) {
	u := in.Units[id]
	switch {
	case u.Duress != nil:
		return Reason{Code: "in_duress"}, true
	case u.Duty == unit.OffDuty:
		return Reason{Code: "off_duty"}, true
	case u.Duty == unit.Unavailable:
		return Reason{Code: "unavailable", Params: map[string]string{"reason": u.Reason}}, true
	case !u.OutOfContact.IsZero():
		return Reason{Code: "out_of_contact"}, true
	}
	stack := in.Stack(id)
	if len(stack) == 0 {
		return Reason{}, false
	}
	for _, a := range stack {
		if a.Incident == in.Incident.ID {
			return Reason{Code: "on_its_way", Params: map[string]string{"stage": string(a.Stage)}}, true
		}
	}
	code := "busy"
	if stack[0].Redeployable {
		code = "busy_redeployable"
	}
	return Reason{Code: code, Params: map[string]string{"number": number(in.Number(stack[0].Incident)), "stage": string(stack[0].Stage)}}, true
}

// remedy is the best that can be done about a need that nobody free can fill.
func (in Input) remedy(n org.Need, busy []Candidate) Reason {
	for _, c := range busy {
		if in.fits(n, c.Unit) && c.reach && len(c.Reasons) > 0 && (c.Reasons[0].Code == "busy" || c.Reasons[0].Code == "busy_redeployable") {
			return Reason{Code: "reassign_nearest", Params: map[string]string{"unit": string(c.Unit), "number": c.Reasons[0].Params["number"], "eta_s": strconv.FormatInt(*c.EtaS, 10)}}
		}
	}
	for id := range maps.Keys(in.Units) {
		if u := in.Units[id]; u.Dispatchable && !u.Retired && in.fits(n, id) {
			return Reason{Code: "call_in_off_duty"}
		}
	}
	return Reason{Code: "ask_neighbour"}
}

// leftOut keeps those who would be there before the last picked one, or the nearest few when nobody was picked.
func leftOut(free, busy []Candidate) []Candidate {
	last := int64(-1)
	for _, c := range free {
		if c.Pick {
			last = max(last, c.rank)
		}
	}
	out := []Candidate{}
	for _, c := range busy {
		if len(out) < leftOutMax && (last < 0 || c.rank <= last || len(out) < 3) {
			out = append(out, c)
		}
	}
	return out
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
