package api

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/gazetteer"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/org"
)

// Found is one answer of a search.
type Found struct {
	Kind     string     `json:"kind" enum:"incident,unit,call,place,street,station,point,crossing,address,estate,building,entrance,pole,camera,post"`
	ID       string     `json:"id,omitempty"`
	Title    string     `json:"title" doc:"Its name as the map or the room has it; of an address, with the number."`
	Subtitle string     `json:"subtitle,omitempty" doc:"Of a place: what the map calls it. Of an incident or a call: its street or address."`
	Type     string     `json:"type,omitempty" doc:"Of an incident: the code of its type. Of a unit: that of its kind. Their names are in the configuration."`
	Phase    string     `json:"phase,omitempty" doc:"Of an incident: how far it is."`
	Place    *geo.Point `json:"place,omitempty" doc:"WGS 84."`
	Score    float64    `json:"score"`
	Closed   bool       `json:"closed,omitempty"`
	FoundPlace
}

// FoundPlace is what is known of a place beside its name.
type FoundPlace struct {
	TitleEn     string      `json:"title_en,omitempty" doc:"The title with the map's English name, where it has one."`
	Other       string      `json:"other,omitempty" doc:"Of a crossing: the second street."`
	OtherEn     string      `json:"other_en,omitempty"`
	Street      string      `json:"street,omitempty" doc:"The street beside it."`
	StreetEn    string      `json:"street_en,omitempty"`
	Ref         string      `json:"ref,omitempty" doc:"The number that is painted on it."`
	Premises    string      `json:"premises,omitempty" doc:"Id of the key premises that it is."`
	Why         string      `json:"why,omitempty" enum:"text,part,pinyin,initials,sound,typo,ending,mention,class,coordinates" doc:"By what it was found."`
	Alike       bool        `json:"alike,omitempty" doc:"Another answer has a name that is easily taken for this one."`
	Approximate bool        `json:"approximate,omitempty" doc:"The place is not exactly what was asked for."`
	Asked       string      `json:"asked,omitempty" doc:"The number that was asked for, where another one or the whole street stands for it."`
	DistanceM   *cad.Meters `json:"distance_m,omitempty" doc:"From near, if that was given."`
	Answerable
	Given *Given `json:"given,omitempty" doc:"Of coordinates: how they were understood."`
}

// Answerable is who is responsible for a place.
type Answerable struct {
	Station *Station  `json:"station,omitempty" doc:"Responsible."`
	By      string    `json:"by,omitempty" enum:"polygon,nearest" doc:"How that is known."`
	Border  []Station `json:"border,omitempty" doc:"Stations whose area is so near that they must be told, too, nearest first."`
}

// Station names a station.
type Station struct {
	ID   cad.OrgID `json:"id"`
	Name org.Name  `json:"name"`
}

// Degrees is a place in one datum.
type Degrees struct {
	Datum geo.Datum `json:"datum" enum:"wgs84,gcj02,cgcs2000"`
	Lon   float64   `json:"lon"`
	Lat   float64   `json:"lat"`
}

// Given is how a pair of coordinates was understood.
type Given struct {
	Degrees
	Order   string `json:"order" enum:"lon_lat,lat_lon"`
	Guessed bool   `json:"guessed,omitempty" doc:"Both orders were possible: it is the one that is nearer home."`
}

// SearchAnswer is what a search found, the likeliest first.
type SearchAnswer struct {
	AsOf    cad.Seq   `json:"as_of" doc:"Subscribe to the stream from here and miss nothing."`
	Items   []Found   `json:"items"`
	Datum   geo.Datum `json:"datum" enum:"wgs84" doc:"Of every place in the answer."`
	Ready   bool      `json:"ready" doc:"The map is read. Until then only the centre's own places, coordinates and what is in the room are found."`
	Refused *Sentence `json:"refused,omitempty" doc:"The text is a pair of coordinates that cannot be used."`
}

func (s *Server) search(ctx context.Context, in *struct {
	Query string `query:"q" maxLength:"200"`
	Limit int    `query:"limit" minimum:"0" maximum:"50"`
	Near  string `query:"near" maxLength:"60" doc:"Longitude and latitude of the caller, WGS 84: nearer places come first among equals." example:"118.3856,31.2001"`
	Area  string `query:"area" maxLength:"60" doc:"A station whose places come first among equals."`
	Datum string `query:"datum" enum:"wgs84,gcj02,cgcs2000" doc:"Of coordinates in q that name none. Without it they are WGS 84."`
},
) (*struct{ Body SearchAnswer }, error) {
	c, actor := centreOf(ctx), actorOf(ctx)
	limit := cmp.Or(in.Limit, 20)
	in.Query = strings.Map(uncontrolled, in.Query)
	query := strings.ToLower(strings.TrimSpace(in.Query))
	out := &struct{ Body SearchAnswer }{Body: SearchAnswer{AsOf: c.Board.AsOf(), Items: []Found{}, Datum: geo.WGS84}}
	p := c.places()
	out.Body.Ready = p.ready
	if query == "" {
		return out, nil
	}
	datum, _ := geo.DatumOf(in.Datum)
	q := gazetteer.Query{Text: in.Query, Area: cad.OrgID(in.Area), Limit: limit, Datum: datum}
	if in.Near != "" {
		near, ok, err := geo.ReadCoordinates(in.Near, geo.WGS84, geo.EmptyBounds())
		if err != nil || !ok {
			return nil, s.refuse(ctx, badNear())
		}
		q.Near = &near.Point
	}
	if _, _, err := geo.ReadCoordinates(in.Query, datum, geo.EmptyBounds()); err != nil {
		problem := problemOf(err)
		out.Body.Refused = &Sentence{Code: problem.Code, Params: problem.Params, Text: problem.Detail}
	}
	found := c.findLive(board.ClassOf(actor), query)
	for _, h := range p.Find(q) {
		f := p.found(&h)
		f.Title = cmp.Or(f.Title, strings.TrimSpace(in.Query)) // Coordinates are called what was typed.
		found = append(found, f)
	}
	if c.Archive != nil && c.Desk.May(actor, "private.read", cad.Thing{}) == nil {
		old, err := c.Archive.Find(ctx, query, limit)
		if err != nil {
			s.log.WarnContext(ctx, "the archive does not answer", "error", err)
		}
		for _, f := range old {
			if f.ID != "" && !c.mayFind(board.ClassOf(actor), f) {
				continue
			}
			if !slices.ContainsFunc(found, func(x Found) bool { return x.Kind == f.Kind && x.ID == f.ID }) {
				found = append(found, f)
			}
		}
	}
	out.Body.Items = append(out.Body.Items, ordered(found, limit)...)
	return out, nil
}

// uncontrolled makes a space of what nobody types and no name holds, such as a zero byte.
func uncontrolled(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// The share of an answer that is kept for what happened, where more places are found than there is room for.
const happenedShare = 4

// ordered puts what was found in order. Whoever types a street wants the street: what happened, and is not found by its own
// number, comes behind every place and unit.
func ordered(found []Found, limit int) []Found {
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	var first, behind []Found
	for _, f := range found {
		if (f.Kind == "incident" || f.Kind == "call") && f.Score < scoreNumber {
			behind = append(behind, f)
		} else {
			first = append(first, f)
		}
	}
	behind = behind[:min(len(behind), max(limit-len(first), limit/happenedShare))]
	return append(first[:min(len(first), limit-len(behind))], behind...)
}

// scoreNumber is the least score of what is found by its own number; words alone never earn it.
const scoreNumber = 1.5

// mayFind reports whether a class may hear of what the archive found. Of an incident that has left memory the board
// knows nothing; only those who see every row hear of it.
func (c *Centre) mayFind(class board.Class, f Found) bool {
	switch f.Kind {
	case "incident", "call":
		return c.Board.May(class, f.Kind+".read", cad.SubjectOf(f.Kind, f.ID))
	}
	return true
}

// findLive finds incidents by number, type and street, and units by call sign.
func (c *Centre) findLive(class board.Class, query string) []Found {
	var found []Found
	number := strings.TrimPrefix(query, "#")
	c.Board.Look(func(h *joint.House) {
		for _, i := range h.Incidents {
			t := h.Org.Types[i.Type]
			n := strconv.FormatInt(i.Number, 10)
			words := max(match(query, t.Name["zh"]), match(query, strings.ToLower(t.Name["en"])), match(query, strings.ToLower(i.Street))/4)
			if score := max(match(number, n)*2, words); score > 0 {
				found = append(found, Found{
					Kind: "incident", ID: string(i.ID), Title: "#" + n, Subtitle: i.Street, Type: string(i.Type), Phase: string(i.Phase), Place: i.Place,
					Score: score, Closed: !i.Open(),
				})
			}
		}
		for _, u := range h.Units {
			if score := match(query, strings.ToLower(u.CallSign)); score > 0 && !u.Retired {
				f := Found{Kind: "unit", ID: string(u.ID), Title: u.CallSign, Type: u.Kind, Score: score * 1.5}
				if fix, ok := c.Track.Get(u.ID); ok {
					f.Place = &fix.Point
				}
				found = append(found, f)
			}
		}
	})
	return slices.DeleteFunc(found, func(f Found) bool {
		if f.Kind != "incident" {
			return false
		}
		_, sees := c.Board.Incident(class, cad.IncidentID(f.ID))
		return !sees
	})
}

// match is 1 for the same, less for a beginning or a part, 0 for none.
func match(query, text string) float64 {
	switch {
	case text == "" || query == "":
		return 0
	case text == query:
		return 1
	case strings.HasPrefix(text, query):
		return 0.8
	case strings.Contains(text, query):
		return 0.5
	}
	return 0
}
