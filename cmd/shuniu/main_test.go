package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// server is a running command of ours.
type server struct {
	t    *testing.T
	url  string
	said []string
	stop func() // Ends it and waits.
}

// start runs a command until it has said where it listens.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	code := make(chan int, 1)
	go func() {
		c := run(ctx, args, io.Discard, w)
		_ = w.Close()
		code <- c
	}()
	s := &server{t: t}
	lines := bufio.NewScanner(r)
	for s.url == "" && lines.Scan() {
		s.said = append(s.said, lines.Text())
		if i := strings.Index(lines.Text(), "http://"); i >= 0 {
			s.url = lines.Text()[i:]
		}
	}
	rest := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(r)
		rest <- string(b)
	}()
	ended := false
	s.stop = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if c := <-code; c != 0 {
			t.Errorf("it ended with %d after saying %q", c, <-rest)
		}
	}
	t.Cleanup(s.stop)
	if s.url == "" {
		t.Fatalf("it never said where it listens: %q", s.said)
	}
	return s
}

// ask sends a request and decodes the answer into v, which may be nil.
func (s *server) ask(method, path string, body any, header http.Header, v any) int {
	s.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, s.url+path, in)
	if err != nil {
		s.t.Fatal(err)
	}
	for k, vs := range header {
		req.Header[k] = vs
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if h := header.Get("Host"); h != "" {
		req.Host = h
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // Read only.
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if v != nil {
		if err := json.Unmarshal(b, v); err != nil {
			s.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, b)
		}
	}
	return resp.StatusCode
}

type sessionAnswer struct {
	Actor, Role, Seat, World string
	Clock                    time.Time
	Personas                 []struct{ ID string }
	Run                      *struct {
		Speed   float64
		Holding string
	}
}

type listAnswer struct {
	AsOf  int64 `json:"as_of"`
	Items []struct{ ID, Kind, Phase, Narrative string }
}

func as(name string) http.Header { return http.Header{"X-Demo-Persona": {name}} }

func TestDemoGoesOnFromWhereItStopped(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", dir, "--speed", "600")
	var before listAnswer
	if s.ask(http.MethodGet, "/api/v1/incidents?state=all", nil, nil, &before); len(before.Items) == 0 {
		t.Fatal("no incident is there when the first visitor comes")
	}
	s.finds(before.Items[0].ID, before.Items[0].Narrative)
	var was sessionAnswer
	s.ask(http.MethodGet, "/api/v1/session", nil, nil, &was)
	if was.World != "demo" || len(was.Personas) != 5 {
		t.Errorf("the world is %q with %d personas", was.World, len(was.Personas))
	}
	s.stop()
	s = start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", dir, "--speed", "1")
	var after listAnswer
	s.ask(http.MethodGet, "/api/v1/incidents?state=all", nil, nil, &after)
	if after.AsOf < before.AsOf || len(after.Items) < len(before.Items) {
		t.Errorf("there were %d incidents at %d, now %d at %d", len(before.Items), before.AsOf, len(after.Items), after.AsOf)
	}
	var is sessionAnswer
	s.ask(http.MethodGet, "/api/v1/session", nil, nil, &is)
	if gone := is.Clock.Sub(was.Clock); gone < 0 || gone > time.Hour {
		t.Errorf("between two starts the world's clock went on by %v; it must go on from where it stopped", gone)
	}
}

// finds waits until the archive, which follows the journal, knows an incident by its words.
func (s *server) finds(id, words string) {
	s.t.Helper()
	if words == "" {
		s.t.Fatalf("incident %s has no words to be found by", id)
	}
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		var found listAnswer
		s.ask(http.MethodGet, "/api/v1/search?q="+url.QueryEscape(words), nil, nil, &found)
		for _, f := range found.Items {
			if f.ID == id && f.Kind == "incident" {
				return
			}
		}
	}
	s.t.Errorf("incident %s is not found by %q", id, words)
}

func TestDemoVisitors(t *testing.T) {
	t.Chdir("../..")
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", t.TempDir())
	var who sessionAnswer
	for name, seat := range map[string]string{"call-taker": "02", "dispatcher": "11", "commander": "21", "station": "", "field": ""} {
		if code := s.ask(http.MethodGet, "/api/v1/session", nil, as(name), &who); code != http.StatusOK || who.Role != name || who.Seat != seat {
			t.Errorf("as %s: %d, %s in seat %q", name, code, who.Role, who.Seat)
		}
		who = sessionAnswer{}
	}
	if code := s.ask(http.MethodGet, "/api/v1/incidents", nil, as("king"), nil); code != http.StatusUnauthorized {
		t.Errorf("a persona that is none gets %d, want 401", code)
	}
	if code := s.ask(http.MethodGet, "/api/v1/incidents", nil, http.Header{"Host": {"stranger.example"}}, nil); code != http.StatusMisdirectedRequest {
		t.Errorf("another host name gets %d, want 421", code)
	}
	if code := s.ask(http.MethodPost, "/api/v1/session", map[string]string{"persona": "field"}, http.Header{"Origin": {"http://stranger.example"}}, nil); code != http.StatusForbidden {
		t.Errorf("a write of another site gets %d, want 403", code)
	}
	var made struct{ ID string }
	if code := s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": "help"}, as("call-taker"), &made); code != http.StatusCreated {
		t.Fatalf("an incident gets %d", code)
	}
	var run struct {
		Speed   float64
		Holding string
	}
	for speed, want := range map[float64]bool{600: true, 601: false, 10: true} { // The limits of --speed.
		if code := s.ask(http.MethodPost, "/api/v1/demo/speed", map[string]float64{"speed": speed}, nil, nil); (code == http.StatusOK) != want {
			t.Errorf("speed %g answers %d", speed, code)
		}
	}
	if code := s.ask(http.MethodPost, "/api/v1/demo/speed", map[string]float64{"speed": 10}, nil, nil); code != http.StatusOK {
		t.Errorf("the former speed answers %d", code)
	}
	if code := s.ask(http.MethodPost, "/api/v1/demo/take", map[string]string{"incident": made.ID}, nil, &run); code != http.StatusOK || run.Speed != 1 || run.Holding != made.ID {
		t.Errorf("holding answers %d with %+v", code, run)
	}
	if code := s.ask(http.MethodPost, "/api/v1/demo/release", map[string]string{}, nil, &run); code != http.StatusOK || run.Speed != 10 {
		t.Errorf("letting go answers %d with %+v", code, run)
	}
}

// A live centre does not know personas, whatever a request says, and has no world to steer.
func TestServeKnowsNoPersonas(t *testing.T) {
	t.Chdir("../..")
	s := start(t, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--centre", "centres/yunze")
	for _, h := range []http.Header{nil, as("field"), as("king"), {"Cookie": {"shuniu_persona=call-taker"}}} {
		var who sessionAnswer
		s.ask(http.MethodGet, "/api/v1/session", nil, h, &who)
		if who.Actor != "operator" || who.Role != "operator" || who.World != "live" || who.Personas != nil || who.Run != nil {
			t.Errorf("with %v it is %+v, want the operator of a live world", h, who)
		}
	}
	if code := s.ask(http.MethodPost, "/api/v1/session", map[string]string{"persona": "field"}, nil, nil); code != http.StatusMethodNotAllowed && code != http.StatusNotFound {
		t.Errorf("choosing a persona answers %d", code)
	}
	if code := s.ask(http.MethodPost, "/api/v1/demo/speed", map[string]float64{"speed": 10}, nil, nil); code != http.StatusNotFound {
		t.Errorf("steering a live world answers %d", code)
	}
	var list listAnswer
	if s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": "help"}, nil, nil); true {
		s.ask(http.MethodGet, "/api/v1/incidents", nil, nil, &list)
	}
	if len(list.Items) != 1 {
		t.Errorf("%d incidents, want the one that was taken", len(list.Items))
	}
}

func TestRefusals(t *testing.T) {
	t.Chdir("../..")
	demo := t.TempDir()
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", demo)
	s.stop()
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "centre.yaml"), []byte("id: x\ncolour: red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.osm")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"serve for other machines", []string{"serve", "--addr", "0.0.0.0:0", "--data", t.TempDir(), "--centre", "centres/yunze"}, 1, "loopback"},
		{"demo for other machines", []string{"demo", "--addr", "192.0.2.1:0", "--data", t.TempDir()}, 1, "loopback"},
		{"serve a demo's journal", []string{"serve", "--addr", "127.0.0.1:0", "--data", demo, "--centre", "centres/yunze"}, 1, "demo world"},
		{"serve without a centre", []string{"serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--centre", broken}, 1, "shuniu check"},
		{"san francisco without its records", []string{"demo", "--city", "sf"}, 1, "--from"},
		{"an empty map", []string{"serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--centre", "centres/yunze", "--streets", empty}, 1, "it is empty"},
		{"a folder as a map", []string{"serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--centre", "centres/yunze", "--streets", broken}, 1, "folder"},
		{"a centre with mistakes", []string{"check", broken}, 1, "centre.yaml:2"},
		{"no such command", []string{"fly"}, 2, "--help"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			if code := run(ctx, tt.args, &out, &out); code != tt.code || !strings.Contains(out.String(), tt.says) {
				t.Errorf("it ended with %d and said %q; want %d and %q", code, out.String(), tt.code, tt.says)
			}
			first, _, _ := strings.Cut(out.String(), "\n")
			parts, seen := strings.Split(first, ": "), map[string]bool{}
			for _, p := range parts {
				if seen[p] {
					t.Errorf("it says %q twice: %s", p, first)
				}
				seen[p] = true
			}
		})
	}
}

func TestTools(t *testing.T) {
	t.Chdir("../..")
	for _, tt := range []struct {
		name string
		args []string
		says []string
	}{
		{"check", []string{"check", "centres/yunze"}, []string{"60", "9 stations"}},
		{"openapi", []string{"openapi"}, []string{`"openapi": "3.1`, "/api/v1/incidents/{id}/dispatch"}},
		{"help", []string{"--help"}, []string{"serve", "demo", "replay"}},
		{"help that teaches", []string{"replay", "--help"}, []string{"--mapping"}},
		{
			"replay",
			[]string{"replay", "--calls", "testdata/worlds/lanhu-calls.csv", "--mapping", "centres/yunze/mapping.yaml", "--centre", "centres/yunze", "--json"},
			[]string{`"calls":414`, `"assignments":0`, `"replay_equal":true`},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(context.Background(), tt.args, &out, &errs); code != 0 {
				t.Fatalf("it ended with %d: %s", code, errs.String())
			}
			for _, want := range tt.says {
				if !strings.Contains(out.String(), want) {
					t.Errorf("it does not say %q: %.500s", want, out.String())
				}
			}
		})
	}
}

// Broken followers, the archive and the signed heads, never keep a call from being taken (promise P8).
func TestCallsAreTakenWithoutFollowers(t *testing.T) {
	t.Chdir("../..")
	data := t.TempDir()
	s := start(t, "serve", "--addr", "127.0.0.1:0", "--data", data, "--centre", "centres/yunze")
	s.stop()
	spoiled := 0
	err := filepath.WalkDir(data, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if name := d.Name(); name == "heads.log" || name == "witness.key" {
			spoiled++
			return os.WriteFile(path, []byte("spoiled"), 0o600)
		}
		if d.Name() == "archive.db" { // A folder in its place can be neither opened nor replaced.
			spoiled++
			if err := os.Remove(path); err != nil {
				return err
			}
			return os.MkdirAll(filepath.Join(path, "in the way"), 0o700)
		}
		return nil
	})
	if err != nil || spoiled < 2 {
		t.Fatalf("%d files spoiled, %v", spoiled, err)
	}
	s = start(t, "serve", "--addr", "127.0.0.1:0", "--data", data, "--centre", "centres/yunze")
	defer s.stop()
	if code := s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": "help"}, nil, nil); code != http.StatusCreated {
		t.Errorf("taking a call answers %d", code)
	}
	if code := s.ask(http.MethodGet, "/api/v1/search?q=help", nil, nil, nil); code != http.StatusOK {
		t.Errorf("searching answers %d", code)
	}
}

// What the folder says of the district is served from the facts.
func TestConfigServesTheDistrict(t *testing.T) {
	t.Chdir("../..")
	s := start(t, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--centre", "centres/yunze")
	var c struct {
		Population  int
		Neighbours  []struct{ ID string }
		RadioGroups []struct{ ID string } `json:"radio_groups"`
		Premises    []struct{ ID string }
		Watches     []struct{ ID string }
		WatchChange []string `json:"watch_change"`
		Beats       []struct{ Station string }
		Posts       []struct{ Place struct{ Lon float64 } }
	}
	s.ask(http.MethodGet, "/api/v1/config", nil, nil, &c)
	if c.Population != 620000 || len(c.Neighbours) != 2 || len(c.RadioGroups) != 12 || len(c.Premises) != 10 || len(c.Watches) != 4 ||
		!slices.Equal(c.WatchChange, []string{"08:00", "20:00"}) || len(c.Beats) != 18 || c.Beats[17].Station != "st9" || len(c.Posts) != 6 || c.Posts[0].Place.Lon < 118 {
		t.Errorf("it serves %+v", c)
	}
}
