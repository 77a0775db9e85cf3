package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/api"
)

// An agency's own map is told to the console, and the page may load from its server and from no other.
func TestOwnMap(t *testing.T) {
	maps := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.Path) }))
	defer maps.Close()
	style := filepath.Join(t.TempDir(), "style.json")
	if err := os.WriteFile(style, []byte(`{"version":8,"sources":{"a":{"type":"raster","tiles":["`+maps.URL+`/a/{z}/{x}/{y}.png"]}},"layers":[{"id":"a","type":"raster","source":"a"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		is   func(api.MapInfo) bool
	}{
		{[]string{"--map-tiles", maps.URL + "/{z}/{x}/{y}.png"}, func(m api.MapInfo) bool { return len(m.Raster) == 1 && m.Raster[0] == maps.URL+"/{z}/{x}/{y}.png" }},
		{[]string{"--map-style", maps.URL + "/style.json"}, func(m api.MapInfo) bool { return m.Style == maps.URL+"/style.json" }},
		{[]string{"--map-style", style}, func(m api.MapInfo) bool { return m.Style == "map/style" }},
	} {
		args := append([]string{"serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--centre", "../../centres/yunze", "--map-attribution", "Survey Office"}, tt.args...)
		s := start(t, args...)
		var m api.MapInfo
		if code := s.ask(http.MethodGet, "/api/v1/map", nil, nil, &m); code != http.StatusOK || !tt.is(m) || m.Attribution != "Survey Office" {
			t.Errorf("%v: %d %+v", tt.args, code, m)
		}
		if policy := policyOf(t, s.url); policy != "" && (!strings.Contains(policy, "connect-src 'self' "+maps.URL+";") || strings.Count(policy, "http") != 2) {
			t.Errorf("%v: the page may load by %q", tt.args, policy)
		}
		s.stop()
	}
}

// policyOf is the content policy of the page; empty when no console was built.
func policyOf(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.Header.Get("Content-Security-Policy")
}

// What cannot be drawn, or would widen the content policy, is refused with what to do.
func TestBadGround(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, g := range map[string]groundFlags{
		"nobody named":          {MapTiles: "https://maps.test/{z}/{x}/{y}.png"},
		"a name and no map":     {MapAttribution: "x"},
		"two grounds":           {MapTiles: "https://maps.test/{z}/{x}/{y}.png", MapStyle: "https://maps.test/s.json", MapAttribution: "x"},
		"no row":                {MapTiles: "https://maps.test/{z}/{x}.png", MapAttribution: "x"},
		"no scheme":             {MapTiles: "maps.test/{z}/{x}/{y}.png", MapAttribution: "x"},
		"another scheme":        {MapTiles: "ftp://maps.test/{z}/{x}/{y}.png", MapAttribution: "x"},
		"a host that is policy": {MapTiles: "https://maps.test;script-src/{z}/{x}/{y}.png", MapAttribution: "x"},
		"a host with a star":    {MapTiles: "https://*/{z}/{x}/{y}.png", MapAttribution: "x"},
		"a host of many names":  {MapTiles: "https://{s}.maps.test/{z}/{x}/{y}.png", MapAttribution: "x"},
		"a row for a host":      {MapTiles: "https://{z}/{x}/{y}.png", MapAttribution: "x"},
		"a host in a style":     {MapStyle: write("e.json", `{"version":8,"sources":{"a":{"type":"raster","tiles":["https://{s}.test/{z}/{x}/{y}"]}},"layers":[{}]}`), MapAttribution: "x"},
		"a port of nobody":      {MapTiles: "https://maps.test:99999/{z}/{x}/{y}.png", MapAttribution: "x"},
		"port 0":                {MapStyle: "https://maps.test:0/s.json", MapAttribution: "x"},
		"a server's bad port":   {MapStyle: "https://maps.test/s.json", MapAllow: []string{"https://maps.test:65536"}, MapAttribution: "x"},
		"a password":            {MapTiles: "https://a:b@maps.test/{z}/{x}/{y}.png", MapAttribution: "x"},
		"a bad further server":  {MapStyle: "https://maps.test/s.json", MapAllow: []string{"'unsafe-inline'"}, MapAttribution: "x"},
		"no file":               {MapStyle: filepath.Join(dir, "none.json"), MapAttribution: "x"},
		"a folder":              {MapStyle: dir, MapAttribution: "x"},
		"no JSON":               {MapStyle: write("a.json", "{"), MapAttribution: "x"},
		"an old style":          {MapStyle: write("b.json", `{"version":7,"layers":[{}]}`), MapAttribution: "x"},
		"a style of nothing":    {MapStyle: write("c.json", `{"version":8,"layers":[]}`), MapAttribution: "x"},
	} {
		if _, origins, err := g.ground(); err == nil || origins != nil {
			t.Errorf("%s is taken: %v", name, origins)
		}
	}
	if _, origins, err := (groundFlags{MapTiles: "https://maps.test?at={z}/{x}/{y}", MapAttribution: "x"}).ground(); err != nil || strings.Join(origins, " ") != "https://maps.test" {
		t.Errorf("%v %v", origins, err)
	}
	g := groundFlags{MapStyle: write("d.json", `{"version":8,"sprite":"https://S.test/x","sources":{"a":{"type":"vector","url":"http://[::1]:65535/t.json"},"b":{"type":"geojson","data":{}}},"layers":[{}]}`), MapAttribution: "x"}
	if _, origins, err := g.ground(); err != nil || strings.Join(origins, " ") != "https://s.test http://[::1]:65535" {
		t.Errorf("%v %v", origins, err)
	}
}
