package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"shuniu/internal/geo"
	"shuniu/internal/joint"
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

// drawing is a finished map answer.
type drawing struct {
	zipped []byte
	etag   string
}

// mapRoutes serves what the console draws: streets, areas and places of the same file that units are routed on.
func (s *Server) mapRoutes() {
	var mu sync.Mutex
	drawn := map[*Centre]*drawing{}
	s.mux.HandleFunc("GET /api/v1/map/streets", func(w http.ResponseWriter, r *http.Request) {
		c := centreOf(r.Context())
		mu.Lock()
		d := drawn[c]
		if d == nil {
			d = finish(c.draw())
			drawn[c] = d
		}
		mu.Unlock()
		d.serve(w, r)
	})
	s.mux.HandleFunc("GET /api/v1/map/areas", func(w http.ResponseWriter, r *http.Request) {
		finish(centreOf(r.Context()).areas()).serve(w, r)
	})
}

func finish(c collection) *drawing {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	// A collection is made of plain values and the buffer takes everything: neither can fail.
	_ = json.NewEncoder(z).Encode(c)
	_ = z.Close()
	sum := sha256.Sum256(b.Bytes())
	return &drawing{zipped: b.Bytes(), etag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

func (d *drawing) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/geo+json")
	h.Set("Cache-Control", "private, max-age=0, must-revalidate")
	h.Set("ETag", d.etag)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == d.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := d.zipped
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

func (c *Centre) draw() collection {
	out := collection{Type: "FeatureCollection", Features: []feature{}}
	if c.Map == nil {
		return out
	}
	add := func(kind string, coords any, props map[string]any) {
		out.Features = append(out.Features, feature{Type: "Feature", Properties: props, Geometry: geometry{Type: kind, Coordinates: coords}})
	}
	for _, a := range c.Map.Areas {
		rings := make([][][2]float64, 0, len(a.Rings))
		for _, r := range a.Rings {
			rings = append(rings, coords(r))
		}
		add("Polygon", rings, map[string]any{"kind": a.Kind, "name": a.Name})
	}
	for _, l := range c.Map.Streets.Drawing() {
		add("LineString", coords(l.Points), map[string]any{"kind": "street", "class": l.Class, "name": l.Name})
	}
	for _, p := range c.Map.Places {
		add("Point", [2]float64{p.Point.Lon, p.Point.Lat}, map[string]any{"kind": "place", "class": p.Kind, "name": p.Name})
	}
	return out
}

func (c *Centre) areas() collection {
	out := collection{Type: "FeatureCollection", Features: []feature{}}
	c.Board.Look(func(h *joint.House) {
		for _, id := range sortedKeys(h.Org.Orgs) {
			o := h.Org.Orgs[id]
			if len(o.Area) == 0 {
				continue
			}
			polygons := make([][][][2]float64, 0, len(o.Area))
			for _, g := range o.Area {
				rings := make([][][2]float64, 0, len(g))
				for _, r := range g {
					rings = append(rings, coords(r))
				}
				polygons = append(polygons, rings)
			}
			out.Features = append(out.Features, feature{
				Type: "Feature", Properties: map[string]any{"id": o.ID, "kind": o.Kind, "name": o.Name["zh"], "name_en": o.Name["en"]},
				Geometry: geometry{Type: "MultiPolygon", Coordinates: polygons},
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
