package dispatch

import (
	"fmt"
	"hash/fnv"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/org"
)

// Advice is which units to send, and why not the others.
type Advice struct {
	ID         string            `json:"advice" doc:"Names what is recommended: the same units for the same needs have the same id. A dispatch that follows it says it."`
	Cards      []org.Item        `json:"cards" doc:"Response plans that matched, in order."`
	Wave       int               `json:"wave" doc:"The wave that is asked for, with all before it."`
	Waves      int               `json:"waves"`
	Need       []Slot            `json:"need"`
	Items      []Candidate       `json:"items" doc:"Units that can go: the picked ones first, then the busy ones that are proposed, then by arrival."`
	LeftOut    []Candidate       `json:"left_out" doc:"Units that would have come sooner than the last picked one, and why they cannot."`
	Rest       []Reason          `json:"rest" doc:"Everybody else, counted by why they do not go: rest.others_sooner and the like, with count."`
	Shortfalls []Shortfall       `json:"shortfalls"`
	Seats      []org.Item        `json:"seats" doc:"Who must know of it."`
	Notify     []string          `json:"notify" doc:"Roles and reports that it calls for, as codes."`
	Partners   []org.Item        `json:"partners" doc:"Whom to tell."`
	Border     Jurisdiction      `json:"jurisdiction"`
	Degraded   []string          `json:"degraded,omitempty" doc:"no_place, no_streets, no_way_there: what the advice had to do without."`
	Choices    []incident.Choice `json:"-"` // The picked ones, as the record keeps them.

	all []prospect // Everybody who was looked at.
}

// Slot is one line of the plan, as far as it is not on its way already.
type Slot struct {
	What   string `json:"what"` // "near", "own", "any" or a kind of unit; with the capability after a colon.
	Count  int    `json:"count"`
	Filled int    `json:"filled"`
	Hold   bool   `json:"hold,omitempty" doc:"These stay back until they are called forward."`
	Card   string `json:"card,omitempty" doc:"The response plan that asks for them; absent for the type itself."`
	Or     bool   `json:"or,omitempty" doc:"The plan names what serves as well."`
	For    string `json:"for,omitempty" doc:"What the plan would rather have: it cannot be had, or comes much later, and this serves instead."`
}

// Reason is one word of explanation, for the catalogues.
type Reason struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// The states of a unit that might go.
const (
	StateFree         = "free"
	StateSoon         = "soon"         // Busy, and expected to be free before a free one would be there.
	StateRedeployable = "redeployable" // On a scene that it may leave (可派).
)

// Candidate is one unit with what speaks for and against it.
type Candidate struct {
	Unit      cad.UnitID `json:"unit"`
	CallSign  string     `json:"call_sign"`
	Kind      string     `json:"kind"`
	Slot      string     `json:"slot,omitempty" doc:"The need that it fills, or would fill if somebody let it."`
	Pick      bool       `json:"pick" doc:"Recommended. Only a free unit is: a busy one is proposed, and goes when a person reassigns it."`
	EtaS      *int64     `json:"eta_s,omitempty" doc:"Seconds on the way; absent where no way or no place is known."`
	DistanceM *float64   `json:"distance_m,omitempty" doc:"Metres on the way; absent with eta_s."`
	AgeS      int64      `json:"position_age_s"`
	Trust     Trust      `json:"position_state"`
	State     string     `json:"state,omitempty" enum:"free,soon,redeployable" doc:"Absent where it cannot go."`
	SoonS     int64      `json:"soon_s,omitempty" doc:"Seconds until it is expected to be free; then it still has its way."`
	Hold      bool       `json:"hold,omitempty" doc:"It stays back until it is called forward."`
	Cover     *Cost      `json:"cover,omitempty" doc:"What the city loses while it is away; absent where no cover is known."`
	Work      *Load      `json:"workload,omitempty" doc:"What it has done today; absent where nobody counts."`
	Reasons   []Reason   `json:"reasons"`
}

// Cost is the cover that is taken away with a unit.
type Cost struct {
	LossS float64 `json:"loss_s" doc:"Seconds by which everybody else waits longer, on average over calls."`
	Calls float64 `json:"loss_calls" doc:"Calls an hour that are no longer reached within the standard."`
	Voids []Void  `json:"voids,omitempty"`
}

// Void is an area that would have nobody left within its standard.
type Void struct {
	Area  cad.OrgID `json:"area"`
	Class string    `json:"class"`
}

// Shortfall is a need that cannot be met now, and the best thing to do about it.
type Shortfall struct {
	What   string `json:"what"`
	Count  int    `json:"count"`
	Remedy Reason `json:"remedy"`
}

// Eta is in how many seconds a unit would be there; false where that is not known.
func (a *Advice) Eta(u cad.UnitID) (int64, bool) {
	for i := range a.all {
		if c := &a.all[i]; c.u.ID == u {
			return seconds(c.ms), c.reach
		}
	}
	return 0, false
}

// name it after what it says: the incident, the wave and who is to do what. Seconds are left out, which change while
// everybody drives.
func (a *Advice) name(id cad.IncidentID) {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%d", id, a.Wave)
	for _, c := range a.Choices {
		_, _ = fmt.Fprintf(h, "/%s=%s", c.Unit, c.Slot)
	}
	a.ID = fmt.Sprintf("%016x", h.Sum64())
}
