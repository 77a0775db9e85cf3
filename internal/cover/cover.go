// Package cover reckons how well a city is covered by the units that are free now: how long a call would wait at each
// place, which areas have nobody within the standard, what it would cost to send a unit away, and which move of an
// idle unit would gain the most. It is pure and decides nothing: what it proposes is for a person to order.
//
// Waiting means travel time. A unit that is free now may be busy when the next call comes: with q, the share of its time on
// duty that a unit is busy in the long run, the k-th nearest free unit is the one that goes with probability (1-q)q^(k-1),
// as in MEXCLP (M. S. Daskin, "A maximum expected covering location model", Transportation Science 17, 1983). Averages are
// over all calls of the city, whatever they need: where people call is known, and not which class they will need there.
package cover

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// MissingS is how long a call waits at most, in seconds, when every unit of a class is busy or none can reach it: about what
// help of the next district takes. It keeps every average finite.
const MissingS = 1800

// jobS is how long a unit is taken to be busy with a call, in seconds: with n units on duty and all of them busy, one comes
// free after jobS/n.
const jobS = 2400

// Loss is what it costs to send a unit away.
type Loss struct {
	Seconds float64 // By which the expected response of the whole demand gets worse, averaged over calls; of its class that suffers most.
	Calls   float64 // Calls an hour that are no longer expected to be reached within the standard, of that class.
	Voids   []Void  // What would have nobody left, by area and class.
}

// Void is an area that no free unit of a class reaches within its standard.
type Void struct {
	Area  cad.OrgID
	Class string
}

// Cell is a small part of the city with one place that stands for it.
type Cell struct {
	Place geo.Point
	Area  cad.OrgID // In which area it lies; empty if in none.
}

// Class is a kind of help whose cover is watched.
type Class struct {
	ID        string
	StandardS float64               // Within which it should be anywhere, seconds.
	AreaS     map[cad.OrgID]float64 // Takes the place of StandardS in these areas; 0 promises nothing there. May be nil.
	Own       bool                  // A unit counts in its own area only.
}

// missing is how long a call waits when nobody of the class can come, seconds: until the first of so many units on duty
// comes free, and twice the standard for its way from anywhere. It depends on who is on duty and not on who is free, so
// that sending a unit away never makes it shorter. Where units count in their own area only, the next station's come
// instead, at once.
func (c Class) missing(units int) float64 {
	switch {
	case !(c.StandardS > 0):
		return MissingS
	case c.Own:
		return min(MissingS, 2*c.StandardS)
	case units == 0:
		return MissingS
	}
	return min(MissingS, 2*c.StandardS+jobS/float64(units))
}

// within is the standard in an area; below 0 where nothing is promised.
func (c Class) within(area cad.OrgID) float32 {
	s, ok := c.AreaS[area]
	if !ok {
		s = c.StandardS
	}
	if !(s > 0) {
		return -1
	}
	return float32(s)
}

// Unit is one unit as cover sees it.
type Unit struct {
	ID      cad.UnitID
	Classes []int     // Indexes of the classes that it counts for. Without any it does not count.
	Area    cad.OrgID // Its own, for classes in which a unit counts in its own area only.
	Free    bool      // It can be sent now. One that is on duty and not free is busy.
	Row     []float32 // Seconds to each cell; negative: it cannot get there. nil when nobody knows where it is.
	Now     []float32 // For moves, the row of where it is now, if Row is that of where it is bound; nil: there.
}

// State says how well an area is covered by a class.
type State string

// The states. The calls of an area are ordered by how many free units reach each within the standard; the one in the
// middle speaks for the area.
const (
	OK   State = "ok"   // At least two units.
	Thin State = "thin" // One: if it goes, nobody is left.
	Bare State = "void" // None.
)

// Picture is the cover of a city at a moment. It is never changed after it was made.
type Picture struct {
	At      time.Time // World time.
	Classes []ClassCover
	Areas   []AreaCover // By area, then by class.
	Moves   []Move      // The best first.
	Losses  map[cad.UnitID]Loss
}

// ClassCover is the cover of the whole city by a class.
type ClassCover struct {
	Class     string
	StandardS float64
	Free      int     // Units that can be sent.
	Units     int     // Units on duty.
	Busy      float64 // The long-run share q of busy units that was reckoned with.
	ExpectedS float64 // Expected response, averaged over calls, those that find nobody among them.
	Nobody    float64 // Share of calls that are expected to find nobody who is free and can come, 0 to 1.
	NobodyS   float64 // The part of ExpectedS that stands for them, seconds.
	P90S      float64 // Nine of ten calls wait no longer, to the second.
	Covered   float64 // Share of calls expected to be reached within the standard, 0 to 1.
	Cells     []CellCover
}

// AreaCover is the cover of an area by a class.
type AreaCover struct {
	Area      cad.OrgID
	Class     string
	State     State
	Within    int     // Free units that reach the area's middle call within the standard.
	NearestS  float64 // Of the nearest free unit, averaged over those of the area's calls that any reaches.
	Nobody    bool    // No free unit of the class reaches any of its calls, however late: NearestS says nothing.
	ExpectedS float64
	ByPlan    bool // It would be void, too, if every unit on duty stood free at its post.
}

// Place is somewhere an idle unit may wait.
type Place struct {
	ID   string    // Unique among places.
	Post string    // The id of the centre's post; empty for a station's house or a unit's home.
	Org  cad.OrgID // Whose house it is; empty if nobody's.
	At   geo.Point //
	Cell int       // The nearest.
	Row  []float32 // As in Unit.
}

// Move is a proposal that an idle unit wait elsewhere.
type Move struct {
	ID            string // The same move has the same id.
	Unit          cad.UnitID
	Class         string
	To            Place
	EtaS          float64 // Travel time there, to the cell of the place.
	GainS         float64 // By which the expected response gets better, averaged over calls of the class.
	GainCallsADay float64 // Calls a day, at the present rate, that would be reached within the standard and are not now.
	Fills         []Void  // Voids that it ends.
	Beside        int     // Other free units of its class that reach the place where it stands now within the standard.
	CoveredBefore float64 // Share of calls reached within the standard, before and after.
	CoveredAfter  float64
}
