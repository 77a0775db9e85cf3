package api_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"shuniu/internal/osm"
	"shuniu/internal/street"
)

const area = `{"type":"Polygon","coordinates":[[[0.05,0],[0.06,0],[0.06,0.0100004],[0.05,0]]]}`

// What one seat draws, every seat reads in the opened incident, with who drew it; lists and streams do not carry it.
func TestDrawings(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, 201)
	other := strings.Replace(drawnID, "1", "2", 1)
	h.post("/incidents/1/draw", fmt.Sprintf(`{"id":%q,"kind":"area","label":"先疏散 evacuate","units":["101"],"geometry":%s}`, drawnID, area), 200)
	h.post("/incidents/1/draw", fmt.Sprintf(`{"id":%q,"kind":"point","geometry":{"type":"Point","coordinates":[0.05,0.01,12]}}`, other), 200, "Test-Role: commander")
	for _, as := range [][]string{{"Test-Role: call-taker"}, atSt1} {
		got := h.get("/incidents/1", as...)
		for path, want := range map[string]string{
			"drawings.0.label": "先疏散 evacuate", "drawings.0.kind": "area", "drawings.0.by": "test-dispatcher", "drawings.0.units.0": "101",
			"drawings.0.geometry.type": "Polygon", "drawings.0.geometry.coordinates.0.2.1": "0.01", "drawings.0.geometry.coordinates.0.3.0": "0.05", "drawings.0.geometry.coordinates.0.4": "",
			"drawings.1.by": "test-commander", "drawings.1.geometry.type": "Point", "drawings.1.geometry.coordinates.1": "0.01", "drawings.2": "",
		} {
			if dig(got, path) != want {
				t.Errorf("%v: %s is %q, want %q", as, path, dig(got, path), want)
			}
		}
	}
	if row := h.get("/incidents"); dig(row, "items.0.drawings") != "" {
		t.Errorf("the list carries %v", dig(row, "items.0.drawings"))
	}
	if text := h.log.String() + fmt.Sprint(h.get("/incidents/1/timeline", "Test-Role: operator")); !strings.Contains(text, "incident.drawn") || !strings.Contains(text, "evacuate") {
		t.Error("the timeline has no word of it")
	}
	h.post("/incidents/1/undraw", `{"id":"`+drawnID+`"}`, 200)
	if out := h.post("/incidents/1/undraw", `{"id":"`+drawnID+`"}`, 200); dig(out, "unchanged") != "true" {
		t.Errorf("taken away twice: %v", out)
	}
	if got := h.get("/incidents/1"); dig(got, "drawings.0.id") != other || dig(got, "drawings.1") != "" {
		t.Errorf("after taking it away: %v", got["drawings"])
	}
}

// What cannot be drawn is refused with a remedy, and writes nothing.
func TestDrawingsRefused(t *testing.T) {
	h := newHouse(t)
	h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, 201)
	draw := func(kind, geometry string) string {
		return fmt.Sprintf(`{"id":%q,"kind":%q,"geometry":%s}`, drawnID, kind, geometry)
	}
	point := `{"type":"Point","coordinates":[0.05,0]}`
	for body, want := range map[string]string{
		``:                  "bad_geometry",
		`{}`:                "bad_geometry",
		draw("area", point): "bad_geometry",
		draw("point", `{"type":"Point","coordinates":[0.05]}`):                                                        "bad_geometry",
		draw("point", `{"type":"Point","coordinates":"here"}`):                                                        "bad_geometry",
		draw("point", `{"type":"Point","coordinates":[500,0]}`):                                                       "bad_place",
		draw("point", `{"type":"Point","coordinates":[1e300,0]}`):                                                     "bad_place",
		draw("point", `{"type":"Point","coordinates":[120,30]}`):                                                      "too_far",
		draw("area", `{"type":"Polygon","coordinates":[[[0.05,0],[0.06,0.01],[0.06,0],[0.05,0.01],[0.05,0]]]}`):       "area_crosses",
		draw("area", `{"type":"Polygon","coordinates":[[[0.05,0],[0.06,0.01],[0.05,0]]]}`):                            "bad_corners",
		draw("area", `{"type":"Polygon","coordinates":[[],[]]}`):                                                      "bad_geometry",
		`{"id":"x","kind":"point","geometry":` + point + `}`:                                                          "bad_id",
		`{"kind":"point","geometry":` + point + `}`:                                                                   "bad_id",
		`{"id":"` + drawnID + `","kind":"text","geometry":` + point + `}`:                                             "label_required",
		`{"id":"` + drawnID + `","kind":"point","label":"` + strings.Repeat("警", 201) + `","geometry":` + point + `}`: "label_long",
		`{"id":"` + drawnID + `","kind":"point","units":["999"],"geometry":` + point + `}`:                            "no_unit",
	} {
		head := h.desk.Head()
		status, out, _ := h.ask("POST", "/incidents/1/draw", body)
		if status < 400 || status >= 500 || dig(out, "code") != want || dig(out, "remedy") == "" || h.desk.Head() != head {
			t.Errorf("%.120s: %d %v, want %s with a remedy", body, status, out, want)
		}
	}
	h.try(nil, "POST", "/incidents/7/draw", draw("point", point), 404, "no_incident")
	h.try(nil, "POST", "/incidents/1/undraw", `{}`, 400, "id_required")
}

// The ways to an incident follow the streets, from whoever is on the way or asked about, and end with the arrival.
func TestWays(t *testing.T) {
	h := newHouse(t)
	id := dig(h.post("/incidents", `{"type":"knife","place":{"lon":0.05,"lat":0}}`, 201), "id")
	for unit, lon := range map[string]float64{"101": 0.02, "211": 0.01} {
		h.post("/units/"+unit+"/position", fmt.Sprintf(`{"lon":%v,"lat":0.0001}`, lon), 204)
	}
	h.post("/incidents/1/dispatch", `{"units":["101"]}`, 200)
	if got := h.get("/incidents/" + id + "/routes"); dig(got, "features.0.properties.unit") != "101" || dig(got, "features.0.properties.straight") != "true" || dig(got, "features.1") != "" {
		t.Errorf("without streets: %v", got)
	}
	n := avenue(t)
	h.centre.Map = &osm.Extract{Streets: n, Attribution: "who drew it"}
	e := street.NewEngine(n, nil, nil)
	t.Cleanup(e.Close)
	if err := e.Prepare(t.Context(), "", h.desk.Now(), nil); err != nil {
		t.Fatal(err)
	}
	h.centre.Streets = e
	got := h.get("/incidents/1/routes?units=211,101,999")
	for path, want := range map[string]string{
		"credit": "who drew it", "features.0.geometry.type": "LineString", "features.0.geometry.coordinates.0.1": "0.0001", "features.0.geometry.coordinates.1.0": "0.02",
		"features.0.properties.eta_s": "334", "features.0.properties.stage": "dispatched", "features.0.properties.straight": "false", "features.0.properties.age_s": "0",
		"features.1.properties.unit": "211", "features.1.properties.stage": "asked", "features.1.properties.eta_s": "445", "features.2": "",
	} {
		if dig(got, path) != want {
			t.Errorf("%s is %q, want %q: %v", path, dig(got, path), want, got)
		}
	}
	h.post("/units/101/status", `{"to":"on_scene"}`, 200)
	if got := h.get("/incidents/1/routes"); dig(got, "features.0") != "" {
		t.Errorf("it has arrived: %v", got)
	}
	way := h.get("/map/way?from=0.02,0&to=0.05,0")
	if m, _ := strconv.Atoi(dig(way, "features.0.properties.meters")); dig(way, "features.0.properties.eta_s") != "334" || m < 3330 || m > 3340 {
		t.Errorf("the way of a car: %v", way)
	}
	for q, want := range map[string]string{"": "bad_place", "from=0,0": "bad_place", "from=0,0&to=0;0": "bad_place", "from=0,0&to=NaN,0": "bad_place", "from=0,91&to=0,0": "bad_place"} {
		h.try(nil, "GET", "/map/way?"+q, "", 400, want)
	}
	h.try(atSt2, "GET", "/incidents/1/routes", "", 404, "no_incident")
	h.post("/incidents", `{"narrative":"somewhere"}`, 201)
	if got := h.get("/incidents/2/routes?units=101"); dig(got, "type") != "FeatureCollection" || dig(got, "features.0") != "" {
		t.Errorf("nobody knows where it is: %v", got)
	}
}
