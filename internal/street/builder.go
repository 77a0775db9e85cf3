package street

import (
	"cmp"
	"slices"

	"shuniu/internal/geo"
)

// Reasons for leaving out a part of the data, as they stand in the Report.
const (
	reasonNodePlace    = "node has no valid place"
	reasonNodeMissing  = "way refers to a node that is not in the data"
	reasonNodeRepeated = "way repeats a node or stays in one place"
	reasonWayShort     = "way has fewer than two usable nodes"
	reasonWayTwice     = "way id given twice"
	reasonWayLong      = "way has a straight piece longer than 50 km"
	reasonWayWide      = "way has a straight piece over more than a degree of longitude, or across the 180th meridian"
	reasonSpeed        = "speed limit is absurd; the class speed is used"
	reasonClosed       = "way is closed to our vehicles; it is drawn only"
	reasonRuleKind     = "restriction of unknown kind"
	reasonRuleParts    = "restriction whose ways do not meet at its node"
	reasonRuleChain    = "restriction whose ways in between do not join its ends"
	reasonRuleAgainst  = "restriction that contradicts another one; neither is believed"
	reasonWayZero      = "way has a piece without length; kept as a link that takes no time"
	reasonTrapIn       = "street that one can enter but not leave"
	reasonTrapOut      = "street that one can leave but not enter"
	reasonIsland       = "street of an island, joined to nothing"
	reasonRuleVague    = "restriction that fits more than one pair of streets"
)

// Report says what Build made and what it left out, so that a map with holes is noticed before a unit is sent through
// one.
type Report struct {
	Nodes               int       `json:"nodes"`                // Nodes used by ways.
	Ways                int       `json:"ways"`                 // Ways given.
	Driven              int       `json:"driven"`               // Ways that are part of the network.
	Segments            int       `json:"segments"`             // Pieces of street between junctions.
	Edges               int       `json:"edges"`                // Directions in which they are driven.
	Turns               int       `json:"turns"`                // Ways from one piece to the next, forbidden ones too.
	Signals             int       `json:"signals"`              // Junctions and crossings with traffic lights.
	Barriers            int       `json:"barriers"`             // Gates, bollards and the like on driven ways.
	OneWays             int       `json:"one_ways"`             // Driven ways with one direction.
	Speeds              int       `json:"speeds"`               // Driven ways with a believable limit of their own.
	Restrictions        int       `json:"restrictions"`         // Rules given.
	RestrictionsApplied int       `json:"restrictions_applied"` // Rules that searches obey.
	Fragments           int       `json:"fragments"`            // Groups of streets, shorter than 1 km together, joined to nothing.
	Ignored             []Ignored `json:"ignored"`              // What was left out, most frequent first.
}

// Ignored counts the parts that were left out for one reason.
type Ignored struct {
	Reason  string `json:"reason"`
	Count   int    `json:"count"`
	Example int64  `json:"example"` // Id of the first one, to look it up in the source.
}

// Builder collects nodes, ways and restrictions in any order. The zero value is ready. It is used by one goroutine.
type Builder struct {
	nodes   map[int64]geo.Point
	ways    []Way
	rules   []Restriction
	marks   map[int64]Mark
	ignored map[string]Ignored
}

// AddNode gives a node its place. A place outside the world is counted and not used; a repeated id keeps the last one.
func (b *Builder) AddNode(id int64, p geo.Point) {
	if !p.Valid() {
		b.ignore(reasonNodePlace, id)
		return
	}
	if b.nodes == nil {
		b.nodes = make(map[int64]geo.Point)
	}
	b.nodes[id] = p
}

// AddWay adds a way; its nodes may come later. The builder keeps w.Nodes.
func (b *Builder) AddWay(w Way) { b.ways = append(b.ways, w) }

// AddRestriction adds a rule about turning; its ways may come later.
func (b *Builder) AddRestriction(r Restriction) { b.rules = append(b.rules, r) }

// AddMark says what stands at a node; the node may come later. Of two marks for one node the last is kept.
func (b *Builder) AddMark(id int64, m Mark) {
	if m == (Mark{}) {
		return
	}
	if b.marks == nil {
		b.marks = make(map[int64]Mark)
	}
	b.marks[id] = m
}

func (b *Builder) ignore(reason string, id int64) {
	if b.ignored == nil {
		b.ignored = make(map[string]Ignored)
	}
	was := b.ignored[reason]
	if was.Count == 0 {
		was = Ignored{Reason: reason, Example: id}
	}
	was.Count++
	b.ignored[reason] = was
}

func ignoredList(m map[string]Ignored) []Ignored {
	list := make([]Ignored, 0, len(m))
	for _, ig := range m {
		list = append(list, ig)
	}
	slices.SortFunc(list, func(x, y Ignored) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Reason, y.Reason))
	})
	return list
}
