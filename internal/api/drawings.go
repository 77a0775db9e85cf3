package api

import (
	"encoding/json"
	"unicode/utf8"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// labelMax is how many characters the words of a drawing have at most: they stand on a map.
const labelMax = 200

type (
	drawBody struct {
		ID       string       `json:"id,omitempty" maxLength:"80" doc:"A UUID that the client chose; the same again draws it anew."`
		Kind     string       `json:"kind,omitempty" enum:"point,post,text,route,area" doc:"point: a way out is held there (围堵点); post: somebody stands there."`
		Label    string       `json:"label,omitempty" maxLength:"800"`
		Units    []cad.UnitID `json:"units,omitempty" maxItems:"50" doc:"Who is to be there. It orders nobody: units are sent by an order."`
		Geometry geometryBody `json:"geometry,omitempty" doc:"A Point, for a route a LineString, for an area a Polygon of one ring; 500 corners at most."`
	}
	undrawBody struct {
		ID string `json:"id,omitempty" maxLength:"80" doc:"Which drawing."`
	}
	// geometryBody is GeoJSON as it comes.
	geometryBody struct {
		Type        string          `json:"type,omitempty" enum:"Point,LineString,Polygon"`
		Coordinates json.RawMessage `json:"coordinates,omitempty" doc:"Longitude first, degrees, WGS 84."`
	}
)

// drawingRoutes lists the addresses about what people draw on the map for an incident.
func (s *Server) drawingRoutes() {
	put(s, "/incidents/{id}/draw", "Draw on the map for it: a point that is held, a post, a route, an area, words", func(q request, id string, b drawBody) (joint.Command, error) {
		i := q.incidentID(id)
		points, err := q.corners(b)
		if err != nil {
			return nil, err
		}
		if utf8.RuneCountInString(b.Label) > labelMax {
			return nil, fault.New("api.Draw", fault.Invalid, "the words have more than %d characters", labelMax).Because("label_long").At("label").
				Mend("write them down as a note, and a few here")
		}
		drawing, good := idOr(b.ID)
		if !good || b.ID == "" {
			return nil, fault.New("api.Draw", fault.Invalid, "%q is not an id that can be given to a drawing", b.ID).Because("bad_id").At("id").Mend("send a new UUID")
		}
		sealed, err := q.seal(incident.Subject(i), b.Label)
		return joint.AboutIncident{ID: i, Name: "draw", Cmd: incident.Draw{
			ID: i, Drawing: incident.DrawingID(drawing), Kind: incident.DrawKind(b.Kind), Units: b.Units, Points: points, Label: sealed,
		}}, err
	})
	put(s, "/incidents/{id}/undraw", "Take a drawing away again", func(q request, id string, b undrawBody) (joint.Command, error) {
		i := q.incidentID(id)
		return joint.AboutIncident{ID: i, Name: "undraw", Cmd: incident.Undraw{ID: i, Drawing: incident.DrawingID(b.ID)}}, nil
	})
}

// corners reads the corners of a drawing, to the decimetre. What is far from the centre was mistyped.
func (q request) corners(b drawBody) ([]geo.Point, error) {
	const op = "api.Draw"
	at, good := b.Geometry.read()
	if want := formOf(b.Kind); !good || b.Geometry.Type != want {
		return nil, fault.New(op, fault.Invalid, "this is no GeoJSON of the form %s", want).Because("bad_geometry", "form", want).At("geometry").
			Mend("send type and coordinates, longitude first: a Point, for a route a LineString, for an area a Polygon of one ring")
	}
	points := make([]geo.Point, 0, len(at))
	for _, c := range at {
		p := geo.Point{Lon: c[0], Lat: c[1]}
		if p.Valid() { // The room refuses the rest.
			p = geo.Point{Lon: round6(c[0]), Lat: round6(c[1])}
		}
		points = append(points, p)
	}
	if n := len(points); b.Geometry.Type == "Polygon" && n > 1 && points[0] == points[n-1] {
		points = points[:n-1]
	}
	for _, p := range points {
		if p.Valid() {
			if err := q.near(p); err != nil {
				return nil, err
			}
		}
	}
	return points, nil
}

// formOf is the GeoJSON type that a kind of drawing has.
func formOf(kind string) string {
	switch incident.DrawKind(kind) {
	case incident.DrawRoute:
		return "LineString"
	case incident.DrawArea:
		return "Polygon"
	case incident.DrawPoint, incident.DrawPost, incident.DrawText:
	}
	return "Point"
}

// read gives the corners; false for what is no such form. Heights are left out.
func (g geometryBody) read() (at [][2]float64, good bool) {
	var flat [][]float64
	var err error
	switch g.Type {
	case "Point":
		var one []float64
		err = json.Unmarshal(g.Coordinates, &one)
		flat = [][]float64{one}
	case "LineString":
		err = json.Unmarshal(g.Coordinates, &flat)
	case "Polygon":
		var rings [][][]float64
		err = json.Unmarshal(g.Coordinates, &rings)
		if len(rings) != 1 { // Nobody draws holes.
			return nil, false
		}
		flat = rings[0]
	default:
		return nil, false
	}
	for _, c := range flat {
		if len(c) < 2 || len(c) > 3 {
			return nil, false
		}
		at = append(at, [2]float64{c[0], c[1]})
	}
	return at, err == nil
}
