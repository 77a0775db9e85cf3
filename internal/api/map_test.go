package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/api"
	"shuniu/internal/osm"
	"shuniu/internal/tile"
)

// mapped is a front door with the map of the town.
func mapped(t testing.TB, ground api.Ground) http.Handler {
	t.Helper()
	x, err := osm.ReadFile(t.Context(), filepath.Join("..", "..", "testdata", "worlds", "lanhu.osm"), osm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &api.Centre{Map: x, Tiles: tile.Prepare(x, nil), Ground: ground, Credit: "City Records, public"}
	if _, err := c.Tiles.Set(t.Context()); err != nil {
		t.Fatal(err)
	}
	return api.New(api.Options{Centres: map[string]*api.Centre{"test": c}, Default: "test", Identity: as{}}).Handler()
}

func fetch(ctx context.Context, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost", http.NoBody)
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
	for _, x := range headers {
		name, value, _ := strings.Cut(x, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func info(t *testing.T, h http.Handler, path string) api.MapInfo {
	t.Helper()
	var out api.MapInfo
	w := fetch(t.Context(), h, path)
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	return out
}

// A browser reads the description, asks for a tile as it says, and never asks for it again.
func TestMapTiles(t *testing.T) {
	h := mapped(t, api.Ground{})
	for _, base := range []string{"/api/v1/map", "/api/v1/centres/test/map"} {
		m := info(t, h, base)
		if len(m.Tiles) != 1 || m.Bounds == nil || m.MaxZoom != tile.ZoomData || m.Attribution == "" || m.Raster != nil || m.Style != "" {
			t.Fatalf("%+v", m)
		}
		at, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		there, err := at.Parse(strings.NewReplacer("{z}", "14", "{x}", "13580", "{y}", "6696").Replace(m.Tiles[0]))
		if err != nil {
			t.Fatal(err)
		}
		w := fetch(t.Context(), h, there.String(), "Accept-Encoding: gzip")
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" || w.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %d %v", there, w.Code, w.Header())
		}
		if cache := w.Header().Get("Cache-Control"); !strings.Contains(cache, "immutable") || !strings.Contains(cache, "private") {
			t.Errorf("cached as %q", cache)
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(plain, []byte("汀兰路")) {
			t.Errorf("%v, %d bytes", err, len(plain))
		}
		if w := fetch(t.Context(), h, there.String()); !bytes.Equal(w.Body.Bytes(), plain) {
			t.Error("whoever takes no gzip gets something else")
		}
		if w := fetch(t.Context(), h, there.String(), "If-None-Match: "+w.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("asked again: %d", w.Code)
		}
		if cache := fetch(t.Context(), h, there.Path+"?v=old").Header().Get("Cache-Control"); strings.Contains(cache, "immutable") {
			t.Errorf("under the address of another extract: %q", cache)
		}
	}
	if w := fetch(t.Context(), h, "/api/v1/map/tiles/14/0/0"); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("a tile with nothing in it: %d, %d bytes", w.Code, w.Body.Len())
	}
}

// Numbers that name no tile are answered with a clear 404.
func TestNoSuchTile(t *testing.T) {
	h := mapped(t, api.Ground{})
	for _, path := range []string{"23/0/0", "-1/0/0", "1/2/0", "1/0/2", "1/-1/0", "a/b/c", "14/13580/6696.pbf", "4294967296/0/0", "99999999999999999999/1/1", "1/1e0/0", "１/0/0", "+1/0/0", "0x1/0/0"} {
		w := fetch(t.Context(), h, "/api/v1/map/tiles/"+path)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `"code":"no_tile"`) || !strings.Contains(w.Body.String(), `"remedy"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"", "1", "1/2", "1/0/0/0", "//", "1/0/0/"} {
		if w := fetch(t.Context(), h, "/api/v1/map/tiles/"+path); w.Code != http.StatusNotFound && w.Code/100 != 3 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// A map that is being prepared says when to ask again; everything else answers meanwhile.
func TestMapIsPreparing(t *testing.T) {
	c := &api.Centre{Tiles: new(tile.Source)}
	h := api.New(api.Options{Centres: map[string]*api.Centre{"test": c}, Default: "test", Identity: as{}}).Handler()
	gone, stop := context.WithCancel(t.Context())
	stop() // So that nobody waits.
	for _, path := range []string{"/api/v1/map", "/api/v1/map/tiles/1/0/0"} {
		w := fetch(gone, h, path)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "map_preparing") {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
}

// An agency's own map is told to the console; what it gave as a file is handed out.
func TestOwnGround(t *testing.T) {
	m := info(t, mapped(t, api.Ground{Tiles: "http://127.0.0.1:9/{z}/{x}/{y}.png", Attribution: "Survey Office"}), "/api/v1/map")
	if len(m.Raster) != 1 || m.Raster[0] != "http://127.0.0.1:9/{z}/{x}/{y}.png" || len(m.Tiles) != 1 || !strings.HasPrefix(m.Attribution, "Survey Office · ") {
		t.Errorf("%+v", m)
	}
	if !strings.HasSuffix(m.Attribution, " · City Records, public") { // Whose records the centre is made of.
		t.Error(m.Attribution)
	}
	h := mapped(t, api.Ground{Style: []byte(`{"version":8}`)})
	if m := info(t, h, "/api/v1/map"); m.Style != "map/style" {
		t.Errorf("%+v", m)
	}
	if w := fetch(t.Context(), h, "/api/v1/map/style"); w.Body.String() != `{"version":8}` || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if m := info(t, mapped(t, api.Ground{StyleURL: "https://maps.test/style.json"}), "/api/v1/map"); m.Style != "https://maps.test/style.json" {
		t.Errorf("%+v", m)
	}
	if w := fetch(t.Context(), mapped(t, api.Ground{}), "/api/v1/map/style"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "no_style") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// FuzzTilePath asks for whatever a stranger writes into an address.
func FuzzTilePath(f *testing.F) {
	h := mapped(f, api.Ground{})
	for _, s := range []string{"14/13580/6696", "0/0/0", "22/4194303/4194303", "-1/x/%00", "..//", "1/1", "１/2/3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		w := fetch(t.Context(), h, "/api/v1/map/tiles/"+path)
		switch {
		case w.Code == http.StatusOK || w.Code == http.StatusNotFound || w.Code == http.StatusUnauthorized || w.Code/100 == 3:
		default:
			t.Fatalf("%q: %d %s", path, w.Code, w.Body)
		}
	})
}
