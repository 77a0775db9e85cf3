package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// town is a map of two streets that meet at the equator and have one English name, with numbers on both, and a hospital.
func town(t *testing.T) *osm.Extract {
	t.Helper()
	var b street.Builder
	at := func(lon, lat float64) geo.Point { return geo.Point{Lon: lon, Lat: lat} }
	for id, p := range map[int64]geo.Point{1: at(0.04, 0), 2: at(0.05, 0), 3: at(0.06, 0), 4: at(0.05, -0.01), 5: at(0.05, 0.01)} {
		b.AddNode(id, p)
	}
	b.AddWay(street.Way{ID: 1, Nodes: []int64{1, 2, 3}, Name: "星浦路", NameEn: "Xingpu Road", Class: "primary"})
	b.AddWay(street.Way{ID: 2, Nodes: []int64{4, 2, 5}, Name: "杏铺路", NameEn: "Xingpu Road", Class: "residential"})
	x := &osm.Extract{
		Bounds: geo.Bounds{Min: at(0.04, -0.01), Max: at(0.06, 0.01)},
		Places: []osm.Place{{Kind: "hospital", Name: "鹤汀医院", NameEn: "Heting Hospital", Point: at(0.052, 0.002), Bearing: -1}},
		Addresses: []osm.Address{
			{Street: "星浦路", Number: "8号", Point: at(0.0505, 0.0001)}, {Street: "星浦路", Number: "10", Point: at(0.0515, 0.0001)}, {Street: "杏铺路", Number: "8号", Point: at(0.0501, 0.005)},
		},
	}
	var err error
	if x.Streets, _, err = b.Build(t.Context(), street.Profile{}); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestSearchPlaces(t *testing.T) {
	h := newHouse(t)
	ask := func(q, more string) map[string]any { return h.get("/search?q=" + url.QueryEscape(q) + more) }
	if r := ask("汀兰所", ""); dig(r, "ready") != "false" || dig(r, "items.0.kind") != "station" || dig(r, "datum") != "wgs84" {
		t.Errorf("before the map is read: %v", r)
	}
	if err := h.places.Read(town(t)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ q, more, path, want string }{
		{"xpl8", "", "ready", "true"},
		{"xpl8", "", "items.0.title", "星浦路8号"},
		{"xpl8", "", "items.0.title_en", "8 Xingpu Road"},
		{"xpl8", "", "items.0.why", "initials"},
		{"xpl8", "", "items.0.alike", "true"},
		{"xpl8", "", "items.0.station.id", "st1"},
		{"xpl8", "", "items.0.by", "polygon"},
		{"xpl8", "", "items.0.distance_m", ""},
		{"xpl8", "&near=0.0501,0.005", "items.0.title", "杏铺路8号"},
		{"xpl8", "&near=0.0501,0.005", "items.0.distance_m", "0"},
		{"星浦路10号", "", "items.0.title", "星浦路10号"},
		{"星浦路12号", "", "items.0.title", "星浦路10号"},
		{"星浦路12号", "", "items.0.approximate", "true"},
		{"星浦路12号", "", "items.0.asked", "12"},
		{"星浦路与杏铺路", "", "items.0.kind", "crossing"},
		{"星浦路与杏铺路", "", "items.0.title", "星浦路 & 杏铺路"},
		{"星浦路与杏铺路", "", "items.0.other", "杏铺路"},
		{"heting hospital", "", "items.0.title", "鹤汀医院"},
		{"hthy", "", "items.0.title", ""},
		{"htyy", "", "items.0.subtitle", "hospital"},
		{"0.05,0.001", "", "items.0.kind", "point"},
		{"0.05,0.001", "", "items.0.title", "0.05,0.001"},
		{"0.05,0.001", "", "items.0.given.guessed", "true"},
		{"0.05,0.001", "&datum=gcj02", "items.0.given.datum", "gcj02"},
		{"cgcs2000 0.05,0.001", "", "items.0.given.datum", "cgcs2000"},
		{"百度 118.3,31.2", "", "refused.code", "bad_datum"},
		{"#1", "", "items.0.kind", ""},
		{"\x00", "", "items.0.kind", ""},
		{"101\x00", "", "items.0.id", "101"},
	} {
		if r := ask(tt.q, tt.more); dig(r, tt.path) != tt.want {
			t.Errorf("%s%s: %s is %q, want %q: %v", tt.q, tt.more, tt.path, dig(r, tt.path), tt.want, r)
		}
	}
	if status, body, _ := h.ask("GET", "/search?q=x&near=there", ""); status != 400 || dig(body, "code") != "bad_place" {
		t.Errorf("near nothing: %d %v", status, body)
	}
	if status, body, _ := h.ask("GET", "/search?q=x&datum=bd09", ""); status != 400 {
		t.Errorf("a foreign datum: %d %v", status, body)
	}
}

func TestReverse(t *testing.T) {
	h := newHouse(t)
	if err := h.places.Read(town(t)); err != nil {
		t.Fatal(err)
	}
	r := h.get("/search/reverse?lon=0.0508&lat=0.0005")
	for path, want := range map[string]string{
		"address.title": "星浦路8号", "address.title_en": "8 Xingpu Road", "address.toward": "ne", "crossing.title": "星浦路", "crossing.other": "杏铺路", "landmark.title": "鹤汀医院",
		"street.title": "星浦路", "street.toward": "n", "station.id": "st1", "by": "polygon", "border_within_m": "200", "ready": "true",
		"coordinates.0.datum": "wgs84", "coordinates.1.datum": "gcj02", "coordinates.2.datum": "cgcs2000", "coordinates.0.lon": "0.0508",
	} {
		if got := dig(r, path); got != want {
			t.Errorf("%s is %q, want %q: %v", path, got, want, r)
		}
	}
	if r := h.get("/search/reverse?lon=0.0995&lat=0.5"); dig(r, "station.id") != "st1" || dig(r, "border.0.id") != "st2" {
		t.Errorf("at the border: %v", r)
	}
	if r := h.get("/search/reverse?lon=118.391&lat=31.1982&datum=gcj02"); dig(r, "coordinates.1.lon") != "118.391" || dig(r, "coordinates.0.lon") == "118.391" {
		t.Errorf("from GCJ-02: %v", r)
	}
	for _, q := range []string{
		"", "?lon=1", "?lon=181&lat=0", "?lon=0&lat=-91", "?lon=NaN&lat=0", "?lon=0&lat=nan", "?lon=Inf&lat=0", "?lon=0&lat=-Inf", "?lon=Infinity&lat=NaN", "?lon=1e999&lat=0",
		"?lon=x&lat=0", "?lon=0&lat=0&datum=bd09",
	} {
		if status, body, _ := h.ask("GET", "/search/reverse"+q, ""); status != 400 || dig(body, "kind") != "invalid" || dig(body, "remedy") == "" {
			t.Errorf("%s: %d %v", q, status, body)
		}
	}
	for _, near := range []string{"Inf,0", "NaN,NaN", "0,-inf"} {
		if status, body, _ := h.ask("GET", "/search?q=x&near="+near, ""); status != 400 || dig(body, "code") != "bad_place" {
			t.Errorf("near %s: %d %v", near, status, body)
		}
	}
	for q, want := range map[string]string{ // The bounds end at 1 degree; a hundredth is 1.1 km.
		"?lon=0.05&lat=1.1": "st1", "?lon=0.05&lat=1.17": "st1", "?lon=0.05&lat=1.2": "", "?lon=180&lat=90": "", "?lon=-180&lat=-90": "", "?lon=0.25&lat=0": "st2", "?lon=1&lat=0": "",
	} {
		if r := h.get("/search/reverse" + q); dig(r, "station.id") != want || (dig(r, "by") == "nearest") != (want != "") {
			t.Errorf("%s: %v", q, r)
		}
	}
	if r := h.get("/search?q=90N,180E"); dig(r, "items.0.kind") != "point" || dig(r, "items.0.station.id") != "" {
		t.Errorf("coordinates at the end of the world: %v", r)
	}
	for _, q := range []string{"?lon=180&lat=90", "?lon=-180&lat=-90", "?lon=0&lat=0", "?lon=180&lat=0"} {
		h.get("/search/reverse" + q)
	}
}

// What happened is found by codes, which every seat names in its own language.
func TestSearchIncidents(t *testing.T) {
	h := newHouse(t)
	made := h.post("/incidents", `{"type":"knife","place":{"lon":0.0505,"lat":0.0001,"address":"星浦路8号"},"narrative":"two men"}`, 201)
	names, _ := h.get("/config")["types"].([]any)
	name := ""
	for _, ty := range names {
		if dig(ty, "id") == "knife" {
			name = dig(ty, "name.zh")
		}
	}
	for _, q := range []string{name, "#" + dig(made, "number")} {
		r := h.get("/search?q=" + url.QueryEscape(q))
		for path, want := range map[string]string{"items.0.kind": "incident", "items.0.type": "knife", "items.0.phase": "classified", "items.0.id": dig(made, "id"), "items.0.subtitle": ""} {
			if got := dig(r, path); got != want {
				t.Errorf("%s: %s is %q, want %q", q, path, got, want)
			}
		}
	}
}

// A line that names a place behind an @ is completed with what the map calls so, in the language of the line.
func TestPlacesCompleteALine(t *testing.T) {
	h := newHouse(t)
	offered := func(text string) (out []string) {
		t.Helper()
		answer := h.post("/command", fmt.Sprintf(`{"text":%q,"dry_run":true}`, text), 200)
		items, _ := answer["completions"].([]any)
		for _, x := range items {
			if dig(x, "kind") == "place" {
				out = append(out, dig(x, "insert"))
			}
		}
		return out
	}
	if got := offered("新警 knife @鹤"); len(got) != 0 {
		t.Errorf("before the map is read: %v", got)
	}
	if err := h.places.Read(town(t)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"新警 knife @鹤汀":             "新警 knife @鹤汀医院 ",
		"new knife @heting h":      "new knife @Heting Hospital ",
		"新警 knife @htyy":           "新警 knife @鹤汀医院 ",
		"令 101:集合 @鹤汀":             "令 101:集合 @鹤汀医院 ",
		"新警 knife @nowhere at all": "",
		"101 备勤 @鹤汀":               "",
	} {
		if got := offered(text); strings.Join(got, "|") != want {
			t.Errorf("%s goes on with %q, want %q", text, got, want)
		}
	}
}
