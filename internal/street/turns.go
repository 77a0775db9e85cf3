package street

import "math"

// TurnTimes is what turning costs one kind of vehicle, in seconds. Zero costs nothing; a time that is no number or
// negative counts as zero.
type TurnTimes struct {
	NearS      float64 // With the flow, by more than 45 degrees: to the right where one drives on the right.
	FarS       float64 // Across the flow.
	SharpS     float64 // Beside that, by more than 120 degrees.
	DeadEndS   float64 // Turning round at a dead end.
	UTurnS     float64 // Turning round anywhere else.
	SignalS    float64 // Passing traffic lights.
	GiveWayS   float64 // From a minor street into or over a bigger one.
	LiftS      float64 // A barrier that opens for everybody.
	GateS      float64 // A gate that opens for emergency vehicles, and entering private or closed ground from outside.
	ForbiddenS float64 // A turn that the signs forbid. Only emergency vehicles pass it.
}

// TurnCosts is what turning costs.
type TurnCosts struct{ Emergency, Civil TurnTimes }

// DefaultTurnCosts are our estimates until a centre has measured its own. Their frame: the Highway Capacity Manual
// (TRB, 6th edition, chapters 19 and 20) calls a control delay up to 10 s the best level of service, with lights and
// without, and 10 to 20 s (10 to 15 s without lights) the second. A quiet mean stands here for civil traffic, since the
// factors of the hour slow down whole streets. Emergency vehicles with sirens pass lights at walking pace rather than
// wait. Turning round takes them a three-point turn; a forbidden turn costs about what a cautious crew loses on it,
// and so much that it is not taken to save a few seconds.
func DefaultTurnCosts() TurnCosts {
	return TurnCosts{
		Emergency: TurnTimes{NearS: 1, FarS: 2, SharpS: 2, DeadEndS: 8, UTurnS: 15, SignalS: 2, GiveWayS: 1, LiftS: 5, GateS: 15, ForbiddenS: 20},
		Civil:     TurnTimes{NearS: 2, FarS: 5, SharpS: 3, DeadEndS: 10, UTurnS: 30, SignalS: 8, GiveWayS: 4, LiftS: 10},
	}
}

// turn is what stands between two courses: a shape in the lowest bits, and flags.
type turn uint16

const (
	turnStraight turn = iota
	turnNear
	turnFar
	turnSharpNear
	turnSharpFar
	turnDeadEnd
	turnRound
	turnShape turn = 7

	turnSignal    turn = 1 << 3
	turnGiveWay   turn = 1 << 4
	turnForbidden turn = 1 << 5 // For Civil; for Emergency too, unless excepted.
	turnExcepted  turn = 1 << 6
	turnLift      turn = 1 << 7
	turnGate      turn = 1 << 8 // A gate: closed to Civil.
	turnInside    turn = 1 << 9 // From open ground onto private or closed ground. What is closed, the course itself says.
	turnCodes          = 1 << 10
)

// ms is what a turn costs, or never.
func (t TurnTimes) ms(code turn, v Vehicle) uint32 {
	if v == Civil && code&(turnForbidden|turnGate) != 0 {
		return never
	}
	sum := 0.0
	add := func(s float64, when bool) {
		if when && s > 0 {
			sum += min(s, 3600)
		}
	}
	shape := code & turnShape
	add(t.NearS, shape == turnNear || shape == turnSharpNear)
	add(t.FarS, shape == turnFar || shape == turnSharpFar)
	add(t.SharpS, shape == turnSharpNear || shape == turnSharpFar)
	add(t.DeadEndS, shape == turnDeadEnd)
	add(t.UTurnS, shape == turnRound)
	add(t.SignalS, code&turnSignal != 0)
	add(t.GiveWayS, code&turnGiveWay != 0)
	add(t.LiftS, code&turnLift != 0)
	add(t.GateS, code&(turnGate|turnInside) != 0)
	add(t.ForbiddenS, code&turnForbidden != 0 && code&turnExcepted == 0)
	return uint32(math.Round(sum * 1000))
}

// The angles at which a bend counts as a turn, and as a sharp one.
const (
	turnDegrees  = 45
	sharpDegrees = 120
)

// shape tells how one turns by an angle: degrees clockwise, -180 to 180.
func shape(degrees float64, leftHand bool) turn {
	near := degrees > 0 != leftHand
	switch a := math.Abs(degrees); {
	case !(a > turnDegrees):
		return turnStraight
	case a > sharpDegrees && near:
		return turnSharpNear
	case a > sharpDegrees:
		return turnSharpFar
	case near:
		return turnNear
	}
	return turnFar
}

// rank orders road classes: a street of a smaller rank gives way to one of a bigger.
func rank(class string) int {
	switch class {
	case "motorway", "trunk":
		return 6
	case "primary":
		return 5
	case "secondary":
		return 4
	case "tertiary":
		return 3
	case "unclassified", "residential", "road", "motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link":
		return 2
	}
	return 1
}

// between says what one passes from course a into course b at their common vertex v; false when nobody can.
func (w *work) between(a, b course, v int32) (turn, bool) {
	n := w.n
	m := w.marks[v]
	legs := n.legs(v)
	if b == a^1 { // Nobody passes what stands at the vertex; he turns in front of it.
		if len(legs) == 1 || m.Barrier == BarrierWall {
			return turnDeadEnd, true
		}
		return turnRound, true
	}
	if m.Barrier == BarrierWall {
		return 0, false
	}
	code := turnStraight
	if len(legs) > 2 {
		code = shape(degreesBetween(w.bearings[a^1]+180, w.bearings[b]), w.profile.LeftHand)
		if top := w.biggest(legs, a); rank(n.class(a)) < top {
			code |= turnGiveWay
		}
	}
	if m.Signal && (m.SignalForward == 0 || (m.SignalForward > 0) == (a.backward() == 0)) {
		code = code&^turnGiveWay | turnSignal
	}
	switch m.Barrier {
	case BarrierLift:
		code |= turnLift
	case BarrierGate:
		code |= turnGate
	case BarrierNone, BarrierWall:
	}
	if n.segments[a.segment()].access == AccessOpen && n.segments[b.segment()].access != AccessOpen {
		code |= turnInside
	}
	return code, true
}

// biggest is the highest rank of the streets that meet, without the one that one comes from.
func (w *work) biggest(legs []course, a course) int {
	top := 0
	for _, c := range legs {
		if c.segment() != a.segment() {
			top = max(top, rank(w.n.class(c)))
		}
	}
	return top
}

// class is the road class of a course.
func (n *ground) class(c course) string {
	if i := int(n.segments[c.segment()].class); i < len(n.classes) {
		return n.classes[i]
	}
	return ""
}
