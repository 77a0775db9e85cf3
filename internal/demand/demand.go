// Package demand says where and when people call for help: squares of a town with the calls an hour that they are
// expected to bring, and the hours of the week at which they bring them.
//
// It is fitted to callers' own calls alone. What officers begin themselves (a stop, a check, something seen on patrol)
// happens where officers are sent, so a forecast that learns from it sends them there again, whatever the truth: it
// runs away (Ensign, Friedler, Neville, Scheidegger, Venkatasubramanian, "Runaway Feedback Loops in Predictive
// Policing", 2018). Such events must never enter a fit: they are left out by their type, and counted.
//
// The package is pure: no clock, no disk, no chance.
package demand

import (
	"fmt"
	"math"
	"time"

	"shuniu/internal/geo"
)

// Origin says who began an event.
type Origin uint8

// The origins. The zero value is unknown, and what is not known to be a caller's never enters a fit.
const (
	Caller  Origin = 1 + iota // Somebody called for help.
	Officer                   // An officer began it.
)

// Event is something that happened at a place.
type Event struct {
	At    time.Time
	Place geo.Point
	By    Origin
}

// HoursOfWeek is how many hours a week has. Hour 0 begins on Monday at 00:00 by the town's clock.
const HoursOfWeek = 7 * 24

// SquareMeters is the side of a square where nothing else is asked for.
const SquareMeters = 250

// Cell is a square of the town.
type Cell struct {
	ID    string    // Column and row from the map's origin, such as "-3:12". The same square of one origin keeps it.
	Place geo.Point // Its middle.
}

// Source says what a map rests on.
type Source struct {
	Calls          int       // Callers' calls that were counted.
	OfficerLeftOut int       // Events that officers began. They are never counted.
	Unusable       int       // Events without a usable time, place or origin, or outside the time asked for.
	From, To       time.Time // The time that was looked at: From is in it, To is not.
}

// Map is the demand of a town. It never changes; the zero value has no squares. It is safe for use by several at once.
type Map struct {
	source  Source
	zone    *time.Location
	origin  geo.Point
	plane   geo.Plane
	square  float64
	cells   []Cell
	at      []square             // Of each cell.
	index   map[square]int32     // Back.
	perHour []float64            // Calls an hour of each cell, as a mean over the week.
	hours   [HoursOfWeek]float64 // Factor of each hour of the week; their mean is 1.
	total   float64
}

// square is a column and a row, counted from the origin to the east and to the north.
type square struct{ col, row int32 }

// Source says what the map rests on.
func (m *Map) Source() Source { return m.source }

// Zone is the town's clock.
func (m *Map) Zone() *time.Location {
	if m.zone == nil {
		return time.UTC
	}
	return m.zone
}

// SquareMeters is the side of a square.
func (m *Map) SquareMeters() float64 { return m.square }

// Cells lists the squares, from south to north and from west to east. Whoever asks must not change the list.
func (m *Map) Cells() []Cell { return m.cells }

// PerHour gives the calls an hour of each cell as a mean over the week. Whoever asks must not change the list.
func (m *Map) PerHour() []float64 { return m.perHour }

// Hours gives the calls an hour of the whole town in each hour of the week.
func (m *Map) Hours() [HoursOfWeek]float64 {
	out := m.hours
	for i := range out {
		out[i] *= m.total
	}
	return out
}

// Weights gives the calls an hour that each cell is expected to bring at that moment.
func (m *Map) Weights(at time.Time) []float64 {
	factor := m.hours[HourOfWeek(at.In(m.Zone()))]
	out := make([]float64, len(m.perHour))
	for i, rate := range m.perHour {
		out[i] = rate * factor
	}
	return out
}

// Total gives the calls an hour that the whole town is expected to bring at that moment.
func (m *Map) Total(at time.Time) float64 { return m.total * m.hours[HourOfWeek(at.In(m.Zone()))] }

// Index is the number of the cell in which a place lies; false where the map has none.
func (m *Map) Index(p geo.Point) (int, bool) {
	if len(m.cells) == 0 || !p.Valid() {
		return 0, false
	}
	s, ok := m.squareOf(p)
	if !ok {
		return 0, false
	}
	i, ok := m.index[s]
	return int(i), ok
}

// HourOfWeek is the hour of a moment by its own clock: 0 is Monday from 00:00 to 01:00, 167 the last of Sunday.
func HourOfWeek(at time.Time) int { return (int(at.Weekday())+6)%7*24 + at.Hour() }

// farMeters is how far from its origin a map reaches. A call farther away has a wrong place; a flat map has also.
const farMeters = 300_000

func (m *Map) squareOf(p geo.Point) (square, bool) {
	x, y := m.plane.XY(p)
	if math.Abs(x) > farMeters || math.Abs(y) > farMeters {
		return square{}, false
	}
	return square{int32(math.Floor(x / m.square)), int32(math.Floor(y / m.square))}, true
}

// lay gives the map its squares, in order; at must be sorted.
func (m *Map) lay(at []square) {
	m.at, m.cells, m.index = at, make([]Cell, len(at)), make(map[square]int32, len(at))
	for i, s := range at {
		m.index[s] = int32(i)
		m.cells[i] = Cell{ID: fmt.Sprintf("%d:%d", s.col, s.row), Place: m.middle(s)}
	}
}

func (m *Map) middle(s square) geo.Point {
	return m.origin.Offset((float64(s.col)+0.5)*m.square, (float64(s.row)+0.5)*m.square)
}
