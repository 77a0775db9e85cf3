// Package street turns ways and nodes into a directed street network and answers three questions about it: which
// street is nearest to a place, how long do these units need to that place, and along which streets. It is pure:
// built once from data, then read by any number of goroutines at the same time. It must never guess: what it left
// out of the data is counted and named in the Report, and a place that cannot be reached is said to be so.
package street

import (
	"math"
	"time"

	"shuniu/internal/geo"
)

// Access says who may drive on a way. The zero value is AccessOpen.
type Access uint8

// The kinds of access.
const (
	AccessOpen      Access = iota // Everybody may drive here.
	AccessEmergency               // Closed to traffic, open to emergency vehicles: a pedestrian street, a bus lane.
	AccessPrivate                 // Private ground; used only when Profile.Private says so.
	AccessClosed                  // Nobody drives here. The way is drawn and never routed.
)

// Way is one line of streets as the source gives it.
type Way struct {
	ID       int64   // The source's id. Restrictions refer to it.
	Nodes    []int64 // Node ids in the order of the line. Missing ones cut the way into pieces.
	Name     string  // As on the street sign; empty when it has none.
	NameEn   string  // In English; empty when the source has none.
	Class    string  // OSM highway value, for example "primary"; decides the speed where none is given.
	OneWay   int8    // +1 only in the order of Nodes, -1 only against it, 0 both.
	SpeedKmh float64 // Signed limit in km/h; 0 means none is known. Absurd values are counted and not used.
	Access   Access
	Bridge   bool // For drawing.
	Tunnel   bool // For drawing.
}

// Restriction is one rule about turning, as the source gives it.
type Restriction struct {
	ID              int64
	From            int64   // Way that one comes from.
	Via             int64   // Node where one turns; 0 when Ways is used.
	To              int64   // Way that one would go to.
	Kind            string  // OSM value: no_left_turn, only_straight_on, no_u_turn ...
	Ways            []int64 // Ways in between, in the order driven. Empty when one turns at Via.
	ExceptEmergency bool    // The sign itself excepts emergency vehicles: they pass without a penalty.
}

// Mark is what stands at a node of the streets.
type Mark struct {
	Signal        bool    // Traffic lights.
	SignalForward int8    // For whom they are: +1 only for traffic in the order of the nodes, -1 only against it, 0 all.
	Barrier       Barrier // What bars the way.
}

// Barrier says who passes an obstacle. The zero value is none.
type Barrier uint8

// The kinds of barriers.
const (
	BarrierNone Barrier = iota
	BarrierLift         // Opened for everybody, which takes time: a lift gate, a toll booth.
	BarrierGate         // Opened for emergency vehicles only, which takes time.
	BarrierWall         // Nobody passes: bollards, blocks.
)

// Profile says how our vehicles use the streets. It is data: a bureau measures its own. The zero value drives at the
// limit, obeys turn restrictions and stays off private ground.
type Profile struct {
	Factor             float64            // Multiplies every speed; 0 means 1. Below 1 models traffic, above 1 sirens.
	ClassKmh           map[string]float64 // Replaces DefaultKmh for the classes it names. May be nil.
	IgnoreRestrictions bool               // True for vehicles that may turn anywhere.
	Private            bool               // True when private ways may be driven.
	LeftHand           bool               // Traffic keeps to the left.
	Turns              *TurnCosts         // What turns cost; nil means DefaultTurnCosts.
}

// Limits on a believable speed limit, km/h. China's highest is 120, Europe's highest signed one 140; what lies
// outside is a typing error in the source (a "5000" or a "1").
const (
	speedKmhMin = 3
	speedKmhMax = 150
)

// DefaultKmh is the speed of a class where the source gives no limit, in km/h. The frame is the Regulation on the
// Implementation of the Road Traffic Safety Law of China, article 45: 30 on a city road without a centre line, 50 on
// one with a single lane each way. Expressways and ramps are our estimates of a city's. Unknown classes get 25.
func DefaultKmh(class string) float64 {
	switch class {
	case "motorway":
		return 80
	case "trunk":
		return 65
	case "primary":
		return 50
	case "secondary":
		return 45
	case "tertiary", "motorway_link", "trunk_link":
		return 40
	case "primary_link", "secondary_link", "tertiary_link", "unclassified", "residential", "road":
		return 30
	case "service", "busway":
		return 20
	case "living_street", "track":
		return 15
	case "pedestrian", "footway", "path":
		return 10
	}
	return 25
}

// Snap is a place on a street: what Network.Snap found for a point. The zero value lies on no street; trips from and
// to it are not possible. It is only meaningful with the network that made it.
type Snap struct {
	Point          geo.Point // The place on the street's centre line.
	DistanceMeters float64   // From the asked point to Point.
	Name           string    // Name of the street; may be empty.
	OffsetMeters   float64   // Along the street from its first node.

	segment int32 // Index plus one, so that the zero value is nowhere.
}

// OK reports whether the snap lies on a street.
func (s Snap) OK() bool { return s.segment > 0 }

// walkMetersPerS is how fast one walks the rest of the way: the comfortable gait of adults in R. W. Bohannon,
// "Comfortable and maximum walking speed of adults aged 20-79 years", Age and Ageing 26 (1997), lies between 1.27 and
// 1.46 m/s.
const walkMetersPerS = 1.3

// Walk is how long the straight remainder from the street to the asked point takes on foot. No Trip contains it.
func (s Snap) Walk() time.Duration {
	return time.Duration(s.DistanceMeters / walkMetersPerS * float64(time.Second)).Round(time.Millisecond)
}

// Trip is the fastest way from one place to another. Where OK is false there is none, and the rest is zero.
type Trip struct {
	Duration time.Duration // Whole milliseconds.
	Meters   float64
	OK       bool
}

// Line is one way for drawing, also one that is not driven.
type Line struct {
	Class  string
	Name   string // May be empty.
	NameEn string // May be empty.
	OneWay int8   // As in Way.
	Bridge bool
	Tunnel bool
	Points []geo.Point
}

// Stats says how big a network is.
type Stats struct {
	Nodes    int   // Junctions and dead ends.
	Segments int   // Pieces of street between two junctions.
	Edges    int   // Directions in which they are driven.
	States   int   // Vertices of the graph: courses, and copies of those where a rule reaches over several streets.
	Turns    int   // Arcs of the graph: from one course to the next.
	Points   int   // Corners of all lines.
	Bytes    int64 // Memory held, estimated from the sizes of the arrays.
}

// never marks what may not be driven. Every real duration is smaller.
const never = math.MaxUint32

// courseMSMax bounds the time of one piece of street: 2.3 hours. Sums of many then stay below 49 days.
const courseMSMax = 1 << 23

// segment is a piece of street between two junctions, driven forward (a to b), backward, or both.
type segment struct {
	a, b   int32   // Vertices at its first and last point.
	first  int32   // Its points are points[first:last].
	last   int32   //
	name   int32   // Index into names.
	meters float32 // Length.
	cm     uint32  // Length in whole centimetres.
	kmh    float32 // Speed before the factors of the hour.
	class  uint8   // Index into classes.
	access Access
	open   [2]bool // Whether it is driven forward, backward.
}

// A course is a segment with a direction: 2*segment for forward, 2*segment+1 for backward.
type course int32

func (c course) segment() int32 { return int32(c >> 1) }

func (c course) backward() int { return int(c & 1) }

// tail and head are the vertices at which a course begins and ends.
func (n *ground) tail(c course) int32 {
	if s := &n.segments[c.segment()]; c.backward() == 0 {
		return s.a
	}
	return n.segments[c.segment()].b
}

func (n *ground) head(c course) int32 { return n.tail(c ^ 1) }

// A cost is a time in milliseconds in the upper half and a length in centimetres in the lower. So costs add up and
// compare as one number: by time, and of two equally fast ways by length.
type cost = uint64

// none is the cost of what cannot be done.
const none cost = math.MaxUint64

func costOf(ms uint32, cm uint64) cost { return cost(ms)<<32 | cm }

func tripOf(c cost) Trip {
	if c == none {
		return Trip{}
	}
	return Trip{Duration: time.Duration(c>>32) * time.Millisecond, Meters: float64(uint32(c)) / 100, OK: true}
}
