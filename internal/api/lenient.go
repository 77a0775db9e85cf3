package api

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shuniu/internal/board"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
)

// Limits of what is looked at in a body. What goes beyond stays in the raw text, which is kept.
const (
	depthMax     = 100 // Of one value inside another.
	asideMax     = 20  // Parts that are named on the row.
	asideName    = 40  // Runes of such a name.
	lineNameMax  = 40  // Runes of a telephone line's name.
	byteOrderBOM = "\uFEFF"
)

// reader takes parts out of a body and sets aside what cannot be used.
type reader struct {
	m     map[string]any
	used  map[string]bool
	aside []incident.Aside
}

// readLoosely reads any bytes as JSON as far as they are some, and sets aside what is odd about them: a byte order
// mark, bytes that are no UTF-8, what is too deep, what was said twice, what follows the end. whole is false when
// they are no JSON; then nothing could be read.
func readLoosely(raw []byte) (r *reader, whole bool) {
	text, bom := bytes.CutPrefix(raw, []byte(byteOrderBOM))
	w := walker{dec: json.NewDecoder(bytes.NewReader(text))}
	w.dec.UseNumber()
	v, err := w.value(0)
	if err != nil {
		return &reader{used: map[string]bool{}}, false
	}
	r = newReader(v)
	if bom {
		r.setAside("body", "byte_order_mark")
	}
	if !utf8.Valid(text) {
		r.setAside("body", "not_utf8")
	}
	if len(bytes.TrimSpace(text[w.dec.InputOffset():])) > 0 {
		r.setAside("body", "text_after_the_end")
	}
	for _, a := range w.odd {
		r.setAside(a.Field, a.Why)
	}
	return r, true
}

// noJSON refuses a body that cannot be read at all.
func noJSON(op string) error {
	return fault.New(op, fault.Invalid, "this is no JSON").Because("bad_json").Mend("send a JSON object; {} is enough")
}

// walker reads one value of any depth. It is not json.Decode, which refuses what is deep and forgets what is said twice.
type walker struct {
	dec *json.Decoder
	top string // The part of the body that it is in.
	odd []incident.Aside
}

func (w *walker) value(depth int) (any, error) {
	t, err := w.dec.Token()
	if err != nil {
		return nil, err
	}
	d, opens := t.(json.Delim)
	switch {
	case !opens:
		return t, nil
	case depth == depthMax:
		w.mark("too_deep")
		return nil, w.skip()
	case d == '{':
		return w.object(depth)
	}
	list := []any{}
	for w.dec.More() {
		v, err := w.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err = w.dec.Token()
	return list, err
}

func (w *walker) object(depth int) (any, error) {
	m := map[string]any{}
	for w.dec.More() {
		t, err := w.dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := t.(string) // The decoder refuses everything else.
		if depth == 0 {
			w.top = key
		}
		if _, again := m[key]; again {
			w.mark("said_twice")
		}
		if m[key], err = w.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := w.dec.Token()
	return m, err
}

// skip passes over the rest of an object or a list that has begun.
func (w *walker) skip() error {
	for open := 1; open > 0; {
		t, err := w.dec.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			open++
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
	return nil
}

func (w *walker) mark(why string) {
	a := incident.Aside{Field: w.top, Why: why}
	if a.Field == "" {
		a.Field = "body"
	}
	if !slices.Contains(w.odd, a) && len(w.odd) < asideMax {
		w.odd = append(w.odd, a)
	}
}

// newReader accepts any JSON: what is no object is set aside.
func newReader(v any) *reader {
	r := &reader{used: map[string]bool{}}
	switch v := v.(type) {
	case map[string]any:
		r.m = v
	case string: // Somebody wrote words; that is a narrative.
		r.m = map[string]any{"narrative": v}
	default:
		r.setAside("body", "not_an_object")
	}
	return r
}

// setAside marks a part that could not be used. What it said is in the raw text, which is kept with the words as
// soon as anything was set aside.
func (r *reader) setAside(field, why string) {
	a := incident.Aside{Field: cut(strings.ToValidUTF8(field, "\uFFFD"), asideName), Why: why}
	if len(r.aside) < asideMax && !slices.Contains(r.aside, a) {
		r.aside = append(r.aside, a)
	}
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
		r.setAside(key, "not_a_text")
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
			r.setAside(key, "not_a_text")
		}
		return out
	default:
		r.setAside(key, "not_a_list")
		return nil
	}
}

func (r *reader) object(key string) *reader {
	r.used[key] = true
	switch v := r.m[key].(type) {
	case nil:
		return nil
	case map[string]any:
		return &reader{m: v, used: map[string]bool{}}
	default:
		r.setAside(key, "not_an_object")
		return nil
	}
}

// within takes over what was set aside inside a part of the body.
func (r *reader) within(key string, o *reader) {
	o.rest()
	for _, a := range o.aside {
		r.setAside(key+"."+a.Field, a.Why)
	}
}

// place reads a place; one half of a position is none.
func (r *reader) place() (p *geo.Point, address string, approx bool) {
	o := r.object("place")
	if o == nil {
		return nil, "", false
	}
	address = o.text("address")
	o.used["lon"], o.used["lat"], o.used["approx"] = true, true, true
	approx, good := o.m["approx"].(bool)
	if !good && o.m["approx"] != nil {
		o.setAside("approx", "not_a_boolean")
	}
	r.within("place", o)
	lon, okLon := number(o.m["lon"])
	lat, okLat := number(o.m["lat"])
	at := geo.Point{Lon: lon, Lat: lat}
	if okLon && okLat && at.Valid() {
		return &at, address, approx
	}
	if o.m["lon"] != nil || o.m["lat"] != nil {
		r.setAside("place", "bad_place")
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
		return board.Caller{Number: strings.ToValidUTF8(text, "\uFFFD")}
	}
	o := r.object("caller")
	if o == nil {
		return board.Caller{}
	}
	c := board.Caller{Name: o.text("name"), Number: o.text("number"), Address: o.text("address")}
	r.within("caller", o)
	return c
}

// time reads a told time. Whether it can be believed is for the desk to say.
func (r *reader) time(key string) time.Time {
	text := r.text(key)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.setAside(key, "bad_time")
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
		r.setAside("source", "unknown_source")
	}
	return incident.WalkIn
}

// cardMax is how long the number of a paper card may be.
const cardMax = 20

// card is the number of a paper card: digits, letters and dashes.
func (r *reader) card() string {
	card := strings.TrimSpace(r.text("card"))
	odd := strings.ContainsFunc(card, func(c rune) bool {
		return c > 0x7f || c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
	if odd || len(card) > cardMax {
		r.setAside("card", "bad_card")
		return ""
	}
	return card
}

// headers marks the headers that cannot be used.
func (r *reader) headers(l LooseHeaders) WriteHeaders {
	h, unusable := l.read()
	for _, name := range unusable {
		r.setAside("header."+name, "bad_header")
	}
	return h
}

// rest sets aside what has no name here. The names are a stranger's words too: they stay in the text that is kept, and the
// row says only that there were some.
func (r *reader) rest() {
	for k := range r.m {
		if !r.used[k] {
			r.setAside("unknown_field", "unknown_field")
			return
		}
	}
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
