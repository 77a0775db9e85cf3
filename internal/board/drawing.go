package board

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
)

// DrawingMark is something drawn on the map for an incident. Only the opened incident has them.
type DrawingMark struct {
	ID       incident.DrawingID `json:"id"`
	Kind     incident.DrawKind  `json:"kind" enum:"point,post,text,route,area"`
	Label    string             `json:"label,omitempty" doc:"Its words; absent where this session may not read them, or they were destroyed."`
	Units    []cad.UnitID       `json:"units,omitempty" doc:"Who is to be there."`
	Geometry Shape              `json:"geometry"`
	By       cad.ActorID        `json:"by"`
	At       time.Time          `json:"at" doc:"When it was drawn, or drawn anew."`
}

// Shape is GeoJSON: a place, a line or one outline.
type Shape struct {
	Type        string `json:"type" enum:"Point,LineString,Polygon"`
	Coordinates any    `json:"coordinates" doc:"As GeoJSON has them, longitude first; an outline is one ring whose last corner is its first."`
}

// shapeOf is a drawing as GeoJSON.
func shapeOf(kind incident.DrawKind, points []geo.Point) Shape {
	at := make([][2]float64, 0, len(points)+1)
	for _, p := range points {
		at = append(at, [2]float64{p.Lon, p.Lat})
	}
	switch {
	case kind == incident.DrawRoute:
		return Shape{"LineString", at}
	case kind == incident.DrawArea:
		return Shape{"Polygon", [][][2]float64{append(at, at[:1]...)}}
	case len(at) == 0:
		return Shape{"Point", nil}
	}
	return Shape{"Point", at[0]}
}

// drawings are what is drawn for an incident, with its words where this class may read them.
func (b *Board) drawings(c Class, s *incident.State) []DrawingMark {
	private := b.seesPrivate(c, incident.Subject(s.ID))
	var out []DrawingMark
	for _, d := range s.Drawings {
		mark := DrawingMark{ID: d.ID, Kind: d.Kind, Units: d.Units, Geometry: shapeOf(d.Kind, d.Points), By: d.By, At: d.At}
		var words Words
		if kept, err := b.unseal(d.Label, &words); private && kept && err == nil {
			mark.Label = words.Text
		}
		out = append(out, mark)
	}
	return out
}
