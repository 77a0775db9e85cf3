// Package gazetteer finds places by what people type or say of them, and says of a point what people call it: streets,
// crossings, house numbers, estates with their buildings and entrances, places, posts, poles and cameras, and pairs of
// coordinates. It is built once from a map extract and the centre's own places, then read by any number of goroutines.
//
// It must never hide that a name has a double: names that are written, read or abbreviated alike are all given, and
// marked. It must never give a guess as a fact: whatever is not exactly what was asked for says so.
package gazetteer

import (
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/osm"
)

// Kinds of hits.
const (
	Street   = "street"
	Crossing = "crossing"
	Address  = "address"  // A house number at a street.
	Estate   = "estate"   // A 小区 or another named living quarter.
	Building = "building" // A building of an estate.
	Entrance = "entrance" // A door: a unit (单元) of a building, or a marked entrance.
	Place    = "place"    // Anything else that has a name; Class says what.
	Pole     = "pole"     // Known by its number.
	Camera   = "camera"
	Station  = "station" // A station of the centre.
	Post     = "post"    // A post at which units wait (快反点).
	Point    = "point"   // A pair of coordinates.
)

// Query is what somebody looks for.
type Query struct {
	Text  string
	Near  *geo.Point // Where the caller is, if that is known; nearer places come first among equals.
	Area  cad.OrgID  // A station whose places come first among equals; may be empty.
	Limit int        // Hits wanted; 0 means 20. At most 50 are given.
	Datum geo.Datum  // Of coordinates in the text that name none; empty is WGS 84.
}

// Name is a name as the map has it, and in English where the map has that.
type Name struct {
	Text string `json:"text"`
	En   string `json:"en,omitempty"`
}

// Responsible is who answers for a place.
type Responsible struct {
	Station cad.OrgID   // Empty when nobody is.
	By      string      // org.ByPolygon or org.ByNearest.
	Border  []cad.OrgID // Stations whose area is so near that they must be told too (接合部), nearest first.
}

// Hit is one place that may be meant.
type Hit struct {
	Kind   string
	ID     string // Of a station or a post; else empty.
	Class  string // Of a place: what it is, as the map calls it: "hospital", "school". Of a street: its class.
	Name   Name   // Of the street, the estate or the place; empty for coordinates.
	Other  Name   // Of a crossing: the second street.
	Number string // Of an address: the number as the map writes it. Of a building or an entrance: the building.
	Unit   string // Of an entrance: the unit. May be empty.
	Ref    string // The number that is painted on a pole, camera or stop.
	Street Name   // Of a place or an estate: the street beside it. May be empty.

	Point geo.Point // WGS 84.
	// Approximate says that the point is not exactly what was asked for: another number stands for it, or a street for
	// a number that nobody knows.
	Approximate bool
	Asked       string // What was asked for instead of Number, where that is approximate: "13".
	Score       float64
	Why         string // By what it was found: ByText, ByPinyin ...
	// Alike says that another hit has a name that is written, read or abbreviated nearly the same.
	Alike bool

	Responsible
	DistanceMeters float64      // From Query.Near; negative when that is not known.
	Reading        *geo.Reading // Of coordinates: how they were understood.
}

// thing is something with a name.
type thing struct {
	entry int32 // Its name in the lexicon.
	en    int32 // Its English name in the lexicon; -1 for none.
	ref   int32 // Its number in the lexicon; -1 for none.
	kind  uint8
	class uint16 // Index into classes.
	at    spot
	doors [2]int32 // Its addresses are doors[0]:doors[1].
	lines [2]int32 // Of a street: its lines are lines[0]:lines[1].
}

// kinds of things, as thing.kind counts them.
var kinds = [...]string{Street, Estate, Place, Pole, Camera, Station, Post}

const (
	kindStreet = iota
	kindEstate
	kindPlace
	kindPole
	kindCamera
	kindStation
	kindPost
)

// door is one address: a number at a street, or a building and a unit in an estate.
type door struct {
	at     spot
	thing  int32 // The street or estate.
	number int32 // What the text begins with; 0 for none, as in "A栋".
	text   int32 // Index into labels: "12号", "3栋".
	unit   int32 // Index into labels: "2单元"; 0 for none.
	entry  bool  // A door, not the middle of a house.
}

// crossing is a place where two streets meet; a is below b.
type crossing struct {
	a, b int32 // Things.
	at   spot
}

// Index is a map and a centre, ready to be searched. It never changes; WithOrg gives another one.
type Index struct {
	x         *osm.Extract
	lex       lexicon
	things    []thing
	byEntry   []int32 // Things, grouped by the entry of one of their names.
	first     []int32 // The things of entry e are byEntry[first[e]:first[e+1]].
	lines     []int32 // Lines of streets: indexes into the network's drawing.
	doors     []door  // Grouped by thing, sorted by number.
	labels    []string
	classes   []string
	crossings []crossing // Sorted by a and b.
	corner    []int32    // Those by which people say where they are: indexes into crossings.
	doorGrid  grid
	crossGrid grid // Indexes into corner.
	placeGrid grid // Of landmarks: indexes into things.
	landmarks []int32
	waters    []sheet // Few: a city has hundreds.
	org       *ground
}

// New builds the index of a map and a centre. The extract may be nil or empty and must not change afterwards. A map of
// a million addresses takes a few seconds.
func New(x *osm.Extract, o org.State) *Index {
	if x == nil {
		x = &osm.Extract{Bounds: geo.EmptyBounds()}
	}
	b := newBuilder(x)
	b.streets()
	b.places()
	b.areas()
	b.addresses()
	return b.finish().WithOrg(o)
}

// WithOrg is the same map with another centre. It takes milliseconds.
func (ix *Index) WithOrg(o org.State) *Index {
	return ix.withGround(newGround(o))
}

// Size says how much an index holds.
type Size struct {
	Names     int
	Things    int
	Doors     int
	Crossings int
	Bytes     int64 // Memory held beside the extract, from the sizes of the arrays.
}
