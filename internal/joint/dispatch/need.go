package dispatch

import (
	"maps"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// slot is one unit that is wanted.
type slot struct {
	line  int        // Which line of the plan it belongs to.
	ways  []org.Need // What may fill the line: the need itself first, then its alternatives, best first.
	count int        // How many units the line takes now: ways that want another number do not fill this slot.
	hold  bool
}

// single is a slot for one thing without alternatives.
func single(n org.Need) *slot { return &slot{ways: []org.Need{n}, count: n.Count} }

// counts are the numbers of units by which a line can be filled, each once: its own first. "Two assault teams or three
// armed patrols" has two, and is filled by the one or by the other, never by one team and one patrol.
func counts(n org.Need) []int {
	out := []int{n.Count}
	for _, o := range n.Or {
		if !slices.Contains(out, o.Count) {
			out = append(out, o.Count)
		}
	}
	return out
}

// of is what a line asks for where it takes so many units: itself, or its first alternative that does.
func of(n org.Need, count int) org.Need {
	if n.Count != count {
		for _, o := range n.Or {
			if o.Count == count {
				return o
			}
		}
	}
	return n
}

// response is what is needed: the plan of the input, or the centre's own for the incident.
func (in *Input) response() org.Response {
	if in.Plan.Waves != nil || in.Plan.Cards != nil {
		return in.Plan
	}
	return in.Org.Response(joint.AskOf(in.Incident))
}

// wave is the one that is asked for.
func (in *Input) wave() int {
	if in.Wave > 0 {
		return in.Wave
	}
	return in.Incident.InWave()
}

// lines are what is needed up to the wave that is asked for. A type may say that no unit is sent first; an incident
// without a type gets one unit that can go.
func (in *Input) lines(r org.Response) []org.Need {
	needs := r.Through(in.wave()).Needs
	if _, known := in.Org.Types[in.Incident.Type]; !known && len(needs) == 0 {
		needs = []org.Need{in.Org.Crewed(org.Need{Slot: "any", Count: 1}, in.Incident.Priority)}
	}
	return needs
}

// slotsMax is how many slots a plan may have. What it asks beyond is a slip of the pen, and said to be short.
const slotsMax = 500

// slots are the single units that the lines want, in the order of importance; want is how many each takes.
func slots(lines []org.Need, want []int) []slot {
	var out []slot
	for i, n := range lines {
		ways := append([]org.Need{n}, n.Or...)
		for range min(want[i], slotsMax-len(out)) {
			out = append(out, slot{line: i, ways: ways, count: want[i], hold: n.Hold})
		}
	}
	return out
}

// present are the units that are on the incident already.
func (in *Input) present() []*unit.State {
	var here []*unit.State
	for _, id := range slices.Sorted(maps.Keys(in.Units)) {
		for _, a := range in.Stack(id) {
			if a.Incident == in.Incident.ID {
				here = append(here, in.Units[id])
				break
			}
		}
	}
	return here
}

// open are the slots that nobody is on his way for. Who is on it already fills what it can, as a whole: a unit that can
// do two things is taken for the one that no other does.
func (in *Input) open(all []slot, here []*unit.State) []slot {
	if len(here) == 0 {
		return all
	}
	rows := make([][]option, len(all))
	for i := range all {
		for k, u := range here {
			if way := in.fits(&all[i], u); way >= 0 {
				rows[i] = append(rows[i], option{unit: int32(k), as: int8(way), cost: cost{ms: int64(way), early: int64(i)}})
			}
		}
	}
	var out []slot
	for i, chosen := range assign(rows) {
		if chosen < 0 {
			out = append(out, all[i])
		}
	}
	return out
}

// What names a need on the wire: its slot, with the capability after a colon.
func What(n org.Need) string {
	if n.Capability != "" {
		return n.Slot + ":" + n.Capability
	}
	return n.Slot
}

// fits gives the first way in which a unit can fill a slot; -1 if it cannot. At a border (接合部) a crew of the neighbour
// serves where the responsible station's own is asked for, after every other way: whoever is there first acts.
func (in *Input) fits(s *slot, u *unit.State) int {
	ways := s.ways
	for i := range ways {
		if ways[i].Count == s.count && in.meets(&ways[i], u, in.Incident.Responsible.Org) {
			return i
		}
	}
	for _, neighbour := range in.Incident.Responsible.Border {
		if ways[0].Count == s.count && ways[0].Slot == "own" && u.Station == neighbour && in.meets(&ways[0], u, neighbour) {
			return len(ways)
		}
	}
	return -1
}

// meets reports whether a unit is what a need asks for.
func (in *Input) meets(n *org.Need, u *unit.State, station cad.OrgID) bool {
	switch {
	case n.Capability != "" && !slices.Contains(u.Capabilities, n.Capability),
		u.Officers < n.Officers, u.Sworn < n.Sworn,
		len(n.Kind) > 0 && !slices.Contains(n.Kind, u.Kind):
		return false
	}
	switch n.Slot {
	case "near":
		return in.Org.Kinds[u.Kind].Patrol
	case "own":
		return in.Org.Kinds[u.Kind].OwnStation && (station == "" || u.Station == station)
	case "any", "":
		return true
	default:
		return u.Kind == n.Slot
	}
}
