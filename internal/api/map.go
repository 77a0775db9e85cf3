package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint"
	"shuniu/internal/tile"
)

type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   geometry       `json:"geometry"`
}

type geometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type collection struct {
	Type     string    `json:"type"`
	Features []feature `json:"features"`
}

// drawing is a finished map answer, packed.
type drawing struct {
	kind   string // Of its content.
	zipped []byte // nil: an empty answer.
	etag   string
	fixed  bool // It never changes at this address.
}

// Ground is what an agency draws its map on instead of our own. The zero value draws ours.
type Ground struct {
	Tiles       string // Address of raster tiles with {z}, {x} and {y}.
	StyleURL    string // Address of a MapLibre style.
	Style       []byte // A MapLibre style, which we hand out ourselves.
	Attribution string // Who is to be named on the map.
}

// MapInfo says how the map is drawn: TileJSON's fields, and what an agency draws it on.
type MapInfo struct {
	Tiles       []string    `json:"tiles" doc:"Our own vector tiles, relative to this address. Their layers: docs/MAP.md."`
	Bounds      *[4]float64 `json:"bounds,omitempty" doc:"West, south, east, north of the extract, degrees; not there without one."`
	MinZoom     int         `json:"minzoom"`
	MaxZoom     int         `json:"maxzoom" doc:"Deeper tiles hold nothing more."`
	Version     string      `json:"version" doc:"Of the tiles: another extract has another."`
	Attribution string      `json:"attribution" doc:"Must be shown with the map."`
	Raster      []string    `json:"raster,omitempty" doc:"The agency's own raster tiles: drawn instead of our ground."`
	Style       string      `json:"style,omitempty" doc:"The agency's own MapLibre style, relative to this address: drawn instead of our ground."`
}

// preparedWithin is how long an answer waits for a map that is being prepared, and retryAfterS what is said then.
const (
	preparedWithin = 5 * time.Second
	retryAfterS    = "3"
)

// mapRoutes serves what the console draws: tiles and areas of the same file that units are routed on.
func (s *Server) mapRoutes() {
	huma.Register(s.api, huma.Operation{
		OperationID: "get-map", Method: http.MethodGet, Path: "/api/v1/map", Tags: []string{"centre"},
		Summary: "How the map is drawn: bounds, zooms, tiles, attribution; the agency's own map if it has one",
	}, s.mapInfo)
	s.mux.HandleFunc("GET /api/v1/map/tiles/{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) {
		d, err := centreOf(r.Context()).tile(r)
		if err != nil {
			s.refuseMap(w, r, err)
			return
		}
		d.serve(w, r)
	})
	s.mux.HandleFunc("GET /api/v1/map/areas", func(w http.ResponseWriter, r *http.Request) {
		finish(centreOf(r.Context()).areas()).serve(w, r)
	})
	s.mux.HandleFunc("GET /api/v1/map/style", func(w http.ResponseWriter, r *http.Request) {
		style := centreOf(r.Context()).Ground.Style
		if style == nil {
			s.refuseMap(w, r, fault.New("api.Style", fault.NotFound, "this centre has no map style of its own").Because("no_style").
				Mend("draw GET map's tiles; serve --map-style names a style"))
			return
		}
		packed("application/json", style).serve(w, r)
	})
}

// refuseMap answers a map that cannot be given; whoever should only wait is told how long.
func (s *Server) refuseMap(w http.ResponseWriter, r *http.Request, err error) {
	if fault.KindOf(err) == fault.Unavailable { // It is being prepared, or who asked has gone: nothing for the log.
		w.Header().Set("Retry-After", retryAfterS)
		writeProblem(w, problemOf(err))
		return
	}
	writeProblem(w, s.refuse(r.Context(), err))
}

// tiles waits a little for the tiles of a centre; nil when it has none at all.
func (c *Centre) tiles(ctx context.Context) (*tile.Set, error) {
	if c.Tiles == nil {
		return nil, nil //nolint:nilnil // A centre without a map works.
	}
	ctx, stop := context.WithTimeout(ctx, preparedWithin)
	defer stop()
	return c.Tiles.Set(ctx)
}

func (s *Server) mapInfo(ctx context.Context, _ *struct{}) (*struct{ Body MapInfo }, error) {
	c := centreOf(ctx)
	set, err := c.tiles(ctx)
	if err != nil {
		if fault.KindOf(err) == fault.Unavailable {
			return nil, huma.ErrorWithHeaders(problemOf(err), http.Header{"Retry-After": {retryAfterS}})
		}
		return nil, s.refuse(ctx, err)
	}
	out := MapInfo{Tiles: []string{}, MaxZoom: tile.ZoomData, Attribution: c.attribution()}
	if set != nil {
		out.Version = set.Version()
		out.Tiles = append(out.Tiles, "map/tiles/{z}/{x}/{y}?v="+out.Version)
		if b := set.Bounds(); !b.Empty() {
			out.Bounds = &[4]float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat}
		}
	}
	switch g := c.Ground; {
	case g.Style != nil:
		out.Style = "map/style"
	case g.StyleURL != "":
		out.Style = g.StyleURL
	case g.Tiles != "":
		out.Raster = []string{g.Tiles}
	}
	return &struct{ Body MapInfo }{out}, nil
}

// attribution names everybody whose map or records are shown.
func (c *Centre) attribution() string {
	var names []string
	if c.Ground.Attribution != "" {
		names = append(names, c.Ground.Attribution)
	}
	if c.Map != nil && c.Map.Attribution != "" {
		names = append(names, c.Map.Attribution)
	}
	if c.Credit != "" {
		names = append(names, c.Credit)
	}
	return strings.Join(names, " · ")
}

// tile gives the tile that a request names.
func (c *Centre) tile(r *http.Request) (*drawing, error) {
	numbers := [3]int{}
	for i, name := range []string{"z", "x", "y"} {
		n, err := strconv.ParseUint(r.PathValue(name), 10, 31)
		if err != nil {
			return nil, noTile()
		}
		numbers[i] = int(n)
	}
	set, err := c.tiles(r.Context())
	if err != nil {
		return nil, err
	}
	if set == nil {
		return nil, fault.New("api.Tile", fault.NotFound, "this centre has no map").Because("no_map").Mend("give the service a map file with --streets")
	}
	packed, ok := set.Tile(numbers[0], numbers[1], numbers[2])
	if !ok {
		return nil, noTile()
	}
	return &drawing{
		kind: "application/vnd.mapbox-vector-tile", zipped: packed, fixed: r.URL.Query().Get("v") == set.Version(),
		etag: fmt.Sprintf(`"%s-%d-%d-%d"`, set.Version(), numbers[0], numbers[1], numbers[2]),
	}, nil
}

func noTile() error {
	return fault.New("api.Tile", fault.NotFound, "there is no such tile").Because("no_tile").
		Mend(fmt.Sprintf("ask for a zoom from 0 to %d, and for a column and a row from 0 and below two to the power of the zoom", tile.ZoomMax))
}

func finish(c collection) *drawing {
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(c) // A collection is made of plain values: it cannot fail.
	return packed("application/geo+json", b.Bytes())
}

func packed(kind string, plain []byte) *drawing {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(plain) // The buffer takes everything.
	_ = z.Close()
	sum := sha256.Sum256(b.Bytes())
	return &drawing{kind: kind, zipped: b.Bytes(), etag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

func (d *drawing) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", d.kind)
	h.Set("Cache-Control", "private, max-age=0, must-revalidate")
	if d.fixed {
		h.Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	h.Set("ETag", d.etag)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == d.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := d.zipped
	if body == nil {
		h.Set("Content-Length", "0")
		return
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
	} else if z, err := gzip.NewReader(bytes.NewReader(d.zipped)); err == nil {
		var plain bytes.Buffer
		if _, err := plain.ReadFrom(z); err == nil {
			body = plain.Bytes()
		}
	}
	// The reader may have gone; there is nobody left to tell.
	_, _ = w.Write(body)
}

func (c *Centre) areas() collection {
	out := collection{Type: "FeatureCollection", Features: []feature{}}
	c.Board.Look(func(h *joint.House) {
		for _, id := range sortedKeys(h.Org.Orgs) {
			o := h.Org.Orgs[id]
			if len(o.Area) == 0 {
				continue
			}
			out.Features = append(out.Features, feature{
				Type: "Feature", Properties: map[string]any{"id": o.ID, "kind": o.Kind, "name": o.Name["zh"], "name_en": o.Name["en"]},
				Geometry: multiPolygon(o.Area),
			})
		}
	})
	return out
}

// coords writes points as the wire wants them: longitude first, to the decimetre.
func coords[L ~[]geo.Point](points L) [][2]float64 {
	out := make([][2]float64, len(points))
	for i, p := range points {
		out[i] = [2]float64{round6(p.Lon), round6(p.Lat)}
	}
	return out
}

func round6(x float64) float64 { return float64(int64(x*1e6+sign(x)*0.5)) / 1e6 }

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}
