package api

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
)

// reader takes parts out of a body and keeps aside what cannot be used.
type reader struct {
	m      map[string]any
	used   map[string]bool
	aside  []incident.Aside
	values map[string]any
}

// newReader accepts any JSON: what is no object is kept aside whole.
func newReader(v any) *reader {
	r := &reader{used: map[string]bool{}, values: map[string]any{}}
	if m, ok := v.(map[string]any); ok {
		r.m = m
		return r
	}
	if text, ok := v.(string); ok { // Somebody wrote words; that is a narrative.
		r.m = map[string]any{"narrative": text}
		return r
	}
	r.setAside("body", "not_an_object", v)
	return r
}

// readLoosely reads any bytes. whole is false when they are no JSON: then nothing could be read.
func readLoosely(raw []byte) (r *reader, whole bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return &reader{used: map[string]bool{}, values: map[string]any{}}, false
	}
	return newReader(v), true
}

// duress gives where an officer is and what he said. What could not be used stays with the words, as it was sent.
func (r *reader) duress(raw []byte, whole bool) (*geo.Point, string) {
	r.used["on"] = true
	text := r.text("text")
	place, address, _ := r.place()
	if text == "" {
		text = r.text("narrative") // He sent words alone.
	}
	r.rest()
	words := []string{text, address}
	if !whole || len(r.aside) > 0 {
		words = append(words, strings.ToValidUTF8(string(raw), "\uFFFD"))
	}
	return place, strings.TrimSpace(strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "\n"))
}

// cut shortens a text to so many runes.
func cut(text string, runes int) string {
	for i := range text {
		if runes == 0 {
			return text[:i]
		}
		runes--
	}
	return text
}

// asideMax bounds how many parts are named; the values of all are kept.
const asideMax = 50

func (r *reader) setAside(field, why string, value any) {
	if len(r.aside) < asideMax {
		r.aside = append(r.aside, incident.Aside{Field: field, Why: why})
	}
	r.values[field] = value
}

func (r *reader) text(key string) string {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return ""
	case string:
		return strings.ToValidUTF8(v, "\uFFFD")
	case json.Number:
		return v.String()
	default:
		r.setAside(key, "not_a_text", v)
		return ""
	}
}

func (r *reader) texts(key string) []string {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if t, ok := x.(string); ok {
				out = append(out, t)
				continue
			}
			r.setAside(key, "not_a_text", v)
		}
		return out
	default:
		r.setAside(key, "not_a_list", v)
		return nil
	}
}

func (r *reader) object(key string) *reader {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return nil
	case map[string]any:
		return &reader{m: v, used: map[string]bool{}, values: map[string]any{}}
	default:
		r.setAside(key, "not_an_object", v)
		return nil
	}
}

// place reads a place; one half of a position is none.
func (r *reader) place() (p *geo.Point, address string, approx bool) {
	o := r.object("place")
	if o == nil {
		return nil, "", false
	}
	address = o.text("address")
	approx, _ = o.m["approx"].(bool)
	lon, okLon := number(o.m["lon"])
	lat, okLat := number(o.m["lat"])
	at := geo.Point{Lon: lon, Lat: lat}
	if okLon && okLat && at.Valid() {
		return &at, address, approx
	}
	if o.m["lon"] != nil || o.m["lat"] != nil {
		r.setAside("place", "bad_place", r.m["place"])
	}
	return nil, address, approx
}

func number(v any) (float64, bool) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	default:
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func (r *reader) caller() board.Caller {
	if text, ok := r.m["caller"].(string); ok {
		r.used["caller"] = true
		return board.Caller{Number: text}
	}
	o := r.object("caller")
	if o == nil {
		return board.Caller{}
	}
	c := board.Caller{Name: o.text("name"), Number: o.text("number"), Address: o.text("address")}
	for k, v := range o.values {
		r.setAside("caller."+k, "not_a_text", v)
	}
	return c
}

// happenedMax is how far back, and ahead, a told time is believed.
const (
	happenedMax   = 10 * 365 * 24 * time.Hour
	happenedAhead = time.Minute
)

func (r *reader) time(key string, now time.Time) time.Time {
	text := r.text(key)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.After(now.Add(happenedAhead)) || now.Sub(t) > happenedMax {
		r.setAside(key, "bad_time", text)
		return time.Time{}
	}
	return t.UTC()
}

func (r *reader) source() incident.Source {
	switch s := incident.Source(r.text("source")); s {
	case incident.Phone, incident.WalkIn, incident.App, incident.Replay, incident.Patrol, incident.Sensor, incident.Station:
		return s
	case "":
	default:
		r.setAside("source", "unknown_source", string(s))
	}
	return incident.WalkIn
}

// rest keeps aside what has no name here.
func (r *reader) rest() {
	for k, v := range r.m {
		if !r.used[k] {
			r.setAside(k, "unknown_field", v)
		}
	}
}
