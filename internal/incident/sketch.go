package incident

import (
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// DrawingID names one drawing of an incident; whoever draws chooses it.
type DrawingID string

// DrawKind is what a drawing stands for. It also says the shape: a place, a line or an outline.
type DrawKind string

// The kinds of drawings.
const (
	DrawPoint DrawKind = "point" // 围堵点: where a way out is held.
	DrawPost  DrawKind = "post"  // 岗位: where somebody stands.
	DrawText  DrawKind = "text"  // Words at a place.
	DrawRoute DrawKind = "route" // A way: of escape, of approach, of a convoy.
	DrawArea  DrawKind = "area"  // An area: closed, searched, evacuated.
)

// What one incident holds at most.
const (
	DrawingsMax   = 200 // Drawings.
	DrawPointsMax = 500 // Corners of one.
	DrawUnitsMax  = 50  // Units named at one.
)

// corners are how many corners a kind has at least and at most; none for what is no kind.
func (k DrawKind) corners() (least, most int) {
	switch k {
	case DrawPoint, DrawPost, DrawText:
		return 1, 1
	case DrawRoute:
		return 2, DrawPointsMax
	case DrawArea:
		return 3, DrawPointsMax
	}
	return 0, 0
}

// Drawing is something that people drew on the map for an incident. It orders nobody anywhere: units are sent by an order.
type Drawing struct {
	ID     DrawingID    `json:"id"`
	Kind   DrawKind     `json:"kind"`
	Units  []cad.UnitID `json:"units,omitempty"` // Who is to be there.
	Points []geo.Point  `json:"points"`          // Its corners; an area's last is not its first again.
	Label  cad.Sealed   `json:"label,omitzero"`  // Its words; zero if it has none.
	By     cad.ActorID  `json:"by"`              // Who drew it, or drew it anew.
	At     time.Time    `json:"at"`              // When.
}

// Draw puts something on the map of an incident. The same id again draws it anew: moved, or with other words.
type Draw struct {
	ID      cad.IncidentID
	Drawing DrawingID
	Kind    DrawKind
	Units   []cad.UnitID
	Points  []geo.Point
	Label   cad.Sealed // Zero if it has no words.
}

func mayDraw(s State, _ Around) error { return mayOpen("incident.Draw", s) }

// Decide refuses what cannot be drawn. What stands there already, without words, is no news.
func (c Draw) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Draw"
	if err := mayDraw(s, a); err != nil {
		return nil, err
	}
	if err := c.check(op); err != nil {
		return nil, err
	}
	i := s.drawing(c.Drawing)
	if i < 0 && len(s.Drawings) >= DrawingsMax {
		return nil, fault.New(op, fault.Conflict, "%d things are drawn already", len(s.Drawings)).Because("drawings_full", "most", strconv.Itoa(DrawingsMax)).
			Mend("take away what is not needed any more")
	}
	if i >= 0 && c.same(s.Drawings[i]) {
		return nil, nil
	}
	return []cad.Fact{Drawn{about: about{s.ID}, Drawing: c.Drawing, Kind: c.Kind, Units: c.Units, Points: c.Points, Private: c.Label}}, nil
}

// same reports whether it stands there like this already. Sealed words cannot be compared: they count as new.
func (c Draw) same(d Drawing) bool {
	return c.Kind == d.Kind && slices.Equal(c.Units, d.Units) && slices.Equal(c.Points, d.Points) && c.Label.IsZero() && d.Label.IsZero()
}

// check refuses a drawing that nobody could draw, or that holds too much.
func (c Draw) check(op string) error {
	least, most := c.Kind.corners()
	switch {
	case c.Drawing == "":
		return fault.New(op, fault.Invalid, "a drawing needs an id").Because("id_required").At("id").Mend("send a new UUID")
	case most == 0:
		return fault.New(op, fault.Invalid, "nothing of the kind %q is drawn", c.Kind).Because("bad_kind").At("kind").Mend("say point, post, text, route or area")
	case len(c.Points) < least || len(c.Points) > most:
		return fault.New(op, fault.Invalid, "a drawing of the kind %s has from %d to %d corners, not %d", c.Kind, least, most, len(c.Points)).
			Because("bad_corners", "least", strconv.Itoa(least), "most", strconv.Itoa(most)).At("geometry").Mend("draw it again with fewer corners, or with more")
	case len(c.Units) > DrawUnitsMax:
		return fault.New(op, fault.Invalid, "%d units are named", len(c.Units)).Because("too_many_units", "most", strconv.Itoa(DrawUnitsMax)).At("units").
			Mend("draw several posts")
	case c.Kind == DrawText && c.Label.IsZero():
		return fault.New(op, fault.Invalid, "a text without words").Because("label_required").At("label").Mend("say what is to be read there")
	case !onGlobe(c.Points):
		return fault.New(op, fault.Invalid, "a corner is not on the globe").Because("bad_place").At("geometry").Mend("give longitude and latitude in degrees, WGS 84")
	}
	if c.Kind == DrawArea {
		if _, crosses, sure := geo.Crossing([]geo.Ring{c.Points}); crosses || !sure {
			return fault.New(op, fault.Invalid, "the edges of the area cross").Because("area_crosses").At("geometry").Mend("go around it once, corner by corner")
		}
	}
	return nil
}

func onGlobe(points []geo.Point) bool {
	return !slices.ContainsFunc(points, func(p geo.Point) bool { return !p.Valid() })
}

// drawing is where a drawing stands in the list; -1 if it is not there.
func (s State) drawing(id DrawingID) int {
	return slices.IndexFunc(s.Drawings, func(d Drawing) bool { return d.ID == id })
}

// Drawn says that something was put on the map of an incident, or drawn anew.
type Drawn struct {
	about
	Drawing DrawingID    `json:"drawing"`
	Kind    DrawKind     `json:"kind"`
	Units   []cad.UnitID `json:"units,omitempty"`
	Points  []geo.Point  `json:"points"`
	Private cad.Sealed   `json:"-"` // Its words.
}

// FactType is the name in the journal.
func (Drawn) FactType() string { return "incident.drawn" }

// Secret is the words of it.
func (f Drawn) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Drawn) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Drawn) apply(s *State, st cad.Stamp) {
	d := Drawing{ID: f.Drawing, Kind: f.Kind, Units: f.Units, Points: f.Points, Label: f.Private, By: st.Actor, At: st.At}
	if i := s.drawing(f.Drawing); i >= 0 {
		s.Drawings[i] = d
		return
	}
	s.Drawings = append(s.Drawings, d)
}

// Undraw takes a drawing away again. Its facts stay in the journal.
type Undraw struct {
	ID      cad.IncidentID
	Drawing DrawingID
}

func mayUndraw(s State, _ Around) error {
	const op = "incident.Undraw"
	if err := mayOpen(op, s); err != nil {
		return err
	}
	if len(s.Drawings) == 0 {
		return fault.New(op, fault.Conflict, "nothing is drawn for it").Because("nothing_drawn")
	}
	return nil
}

// Decide takes it away once; one that is not there is gone already.
func (c Undraw) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "incident.Undraw"
	if err := mayOpen(op, s); err != nil {
		return nil, err
	}
	if c.Drawing == "" {
		return nil, fault.New(op, fault.Invalid, "say which drawing").Because("id_required").At("id").Mend("send the id of one of its drawings")
	}
	i := s.drawing(c.Drawing)
	if i < 0 {
		return nil, nil
	}
	return []cad.Fact{Undrawn{about: about{s.ID}, Drawing: c.Drawing, Kind: s.Drawings[i].Kind}}, nil
}

// Undrawn says that a drawing was taken away.
type Undrawn struct {
	about
	Drawing DrawingID `json:"drawing"`
	Kind    DrawKind  `json:"kind"` // So that the timeline can say what it was.
}

// FactType is the name in the journal.
func (Undrawn) FactType() string { return "incident.undrawn" }

func (f Undrawn) apply(s *State, _ cad.Stamp) {
	s.Drawings = slices.DeleteFunc(s.Drawings, func(d Drawing) bool { return d.ID == f.Drawing })
}
