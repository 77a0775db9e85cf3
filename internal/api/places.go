package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// places is a centre's index as it is now, with the names of its stations.
type places struct {
	*gazetteer.Index
	org   org.State
	ready bool
}

// places is the index for the centre's present configuration. It never waits for the map.
func (c *Centre) places() places {
	var p places
	c.Board.Look(func(h *joint.House) { p.org = *h.Org })
	book := c.Places
	if book == nil {
		book = new(gazetteer.Book)
	}
	p.Index, p.ready = book.At(p.org)
	return p
}

func badNear() error {
	return fault.New("api.Search", fault.Invalid, "near is no pair of coordinates").Because("bad_place").At("near").
		Mend("give longitude and latitude in degrees: 118.3856,31.2001")
}

// title is how one reads a hit: 汀兰路12号, 12 Market St, 汀兰花园3栋2单元. A street that stands for a number that nobody knows is
// the street.
func title(h *gazetteer.Hit, name string) string {
	if h.Kind == gazetteer.Point {
		return ""
	}
	if h.Number == "" && h.Unit == "" {
		return name
	}
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		number := h.Number
		if last := []rune(number); len(last) > 0 && unicode.IsDigit(last[len(last)-1]) && h.Kind == gazetteer.Address {
			number += "号"
		}
		return name + number + h.Unit
	}
	return strings.TrimSpace(strings.TrimSuffix(h.Number, "号")+" "+name) + h.Unit
}

// found describes a hit on the wire. Places of the map have no id of their own.
func (p places) found(h *gazetteer.Hit) Found {
	at := h.Point
	f := Found{
		Kind: h.Kind, ID: h.ID, Title: title(h, h.Name.Text), Subtitle: h.Class, Place: &at, Score: h.Score,
		FoundPlace: FoundPlace{
			Other: h.Other.Text, OtherEn: h.Other.En, Street: h.Street.Text, StreetEn: h.Street.En, Ref: h.Ref, Premises: p.Premises(h.Name.Text),
			Why: h.Why, Alike: h.Alike, Approximate: h.Approximate, Asked: h.Asked, Answerable: p.answerable(h.Point, h.Responsible),
		},
	}
	if h.Kind == gazetteer.Post || h.Kind == gazetteer.Station {
		f.Premises = "" // It bears the name of the premises beside it.
	}
	if h.Name.En != "" {
		f.TitleEn = title(h, h.Name.En)
	}
	if h.Other.Text != "" {
		f.Title += " & " + h.Other.Text
		f.TitleEn = cmp.Or(h.Name.En, h.Name.Text) + " & " + cmp.Or(h.Other.En, h.Other.Text)
	}
	if h.DistanceMeters >= 0 {
		m := cad.Meters(math.Round(h.DistanceMeters))
		f.DistanceM = &m
	}
	if r := h.Reading; r != nil {
		f.Given = &Given{Degrees: degreesOf(r.Datum, r.Given), Order: r.Order, Guessed: r.Guessed}
		f.Score += scorePoint
	}
	return f
}

// scorePoint puts a pair of coordinates before everything in the room: nobody else is called by two numbers.
const scorePoint = 2

func degreesOf(d geo.Datum, p geo.Point) Degrees {
	return Degrees{Datum: d, Lon: round6(p.Lon), Lat: round6(p.Lat)}
}

// nearestWithinM is how far outside the centre's bounds, in metres, the nearest station is still named. An incident there has a
// station all the same: somebody must take it.
const nearestWithinM = 20_000

func (p places) answerable(at geo.Point, r gazetteer.Responsible) Answerable {
	if r.Station == "" || r.By == org.ByNearest && beyond(&p.org, at) {
		return Answerable{}
	}
	named := func(id cad.OrgID) Station { return Station{ID: id, Name: p.org.Orgs[id].Name} }
	st := named(r.Station)
	a := Answerable{Station: &st, By: r.By}
	for _, id := range r.Border {
		a.Border = append(a.Border, named(id))
	}
	return a
}

// beyond reports whether a point lies so far outside the centre's bounds that no station of it is asked.
func beyond(o *org.State, at geo.Point) bool {
	b := o.Bounds
	if b == [4]float64{} {
		return false
	}
	edge := geo.Point{Lon: min(max(at.Lon, b[0]), b[2]), Lat: min(max(at.Lat, b[1]), b[3])}
	return geo.DistanceMeters(at, edge) > nearestWithinM
}

// NearPlace is something near a point.
type NearPlace struct {
	Kind     string     `json:"kind" enum:"address,building,entrance,crossing,place,estate,street"`
	Title    string     `json:"title"`
	TitleEn  string     `json:"title_en,omitempty"`
	Other    string     `json:"other,omitempty" doc:"Of a crossing: the second street."`
	OtherEn  string     `json:"other_en,omitempty"`
	Class    string     `json:"class,omitempty" doc:"Of a place: what the map calls it."`
	Place    geo.Point  `json:"place" doc:"WGS 84."`
	Distance cad.Meters `json:"distance_m"`
	Toward   string     `json:"toward,omitempty" enum:"n,ne,e,se,s,sw,w,nw" doc:"Direction from it to the point; of a street, the side on which the point lies."`
}

// ReverseAnswer is what people call a point. What is not known is not there.
type ReverseAnswer struct {
	Place       geo.Point  `json:"place" doc:"WGS 84."`
	Coordinates []Degrees  `json:"coordinates" doc:"The point in every datum."`
	Address     *NearPlace `json:"address,omitempty"`
	Crossing    *NearPlace `json:"crossing,omitempty"`
	Landmark    *NearPlace `json:"landmark,omitempty"`
	Street      *NearPlace `json:"street,omitempty"`
	Answerable
	Beat    *org.Beat  `json:"beat,omitempty" doc:"Community beat."`
	BorderM cad.Meters `json:"border_within_m" doc:"How near a border must be to be named."`
	Ready   bool       `json:"ready" doc:"The map is read; until then only stations are known."`
}

// placeRoutes registers what is asked about a point.
func (s *Server) placeRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "get-search-reverse", Method: http.MethodGet, Path: "/api/v1/search/reverse", Tags: []string{"centre"},
		Summary: "What people call a point: address, crossing, landmark, street, who is responsible, and its coordinates in every datum",
	}, s.reverse)
}

func (s *Server) reverse(ctx context.Context, in *struct {
	Lon   float64 `query:"lon" required:"true" minimum:"-180" maximum:"180"`
	Lat   float64 `query:"lat" required:"true" minimum:"-90" maximum:"90"`
	Datum string  `query:"datum" enum:"wgs84,gcj02,cgcs2000" doc:"Of lon and lat. Without it they are WGS 84."`
},
) (*struct{ Body ReverseAnswer }, error) {
	datum, _ := geo.DatumOf(in.Datum)
	at := datum.ToWGS84(geo.Point{Lon: in.Lon, Lat: in.Lat})
	if !at.Valid() { // NaN passes every limit.
		return nil, s.refuse(ctx, fault.New("api.Reverse", fault.Invalid, "the coordinates are no place on earth").Because("bad_place").At("lon").
			Mend("give a longitude of -180 to 180 and a latitude of -90 to 90 degrees"))
	}
	p := centreOf(ctx).places()
	a := p.Reverse(at)
	out := ReverseAnswer{
		Place: at, Address: nearPlace(a.Address), Crossing: nearPlace(a.Crossing), Landmark: nearPlace(a.Landmark), Street: nearPlace(a.Street),
		Answerable: p.answerable(at, a.Responsible), BorderM: p.org.BorderWithinM, Ready: p.ready,
	}
	for _, d := range []geo.Datum{geo.WGS84, geo.GCJ02, geo.CGCS2000} {
		out.Coordinates = append(out.Coordinates, degreesOf(d, d.FromWGS84(at)))
	}
	for _, b := range p.org.Beats {
		if b.ID == a.Beat && out.Station != nil {
			out.Beat = &b
		}
	}
	return &struct{ Body ReverseAnswer }{Body: out}, nil
}

func nearPlace(n *gazetteer.Near) *NearPlace {
	if n == nil {
		return nil
	}
	out := &NearPlace{
		Kind: n.Kind, Title: title(&n.Hit, n.Name.Text), Other: n.Other.Text, OtherEn: n.Other.En, Class: n.Class, Place: n.Point,
		Distance: cad.Meters(math.Round(n.Meters)), Toward: n.Toward,
	}
	if n.Name.En != "" {
		out.TitleEn = title(&n.Hit, n.Name.En)
	}
	return out
}
