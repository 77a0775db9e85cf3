package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/keyfile"
	"shuniu/internal/policy"
	"shuniu/internal/postgres"
	"shuniu/internal/postgres/pgtest"
)

// startsWithin ends a start that should have been refused.
const startsWithin = time.Minute

// storeAddress is the address of a cluster as a person gives it.
func storeAddress(t *testing.T, c *pgtest.Cluster) string {
	t.Helper()
	words := url.Values{}
	for _, word := range strings.Fields(c.DSN()) {
		k, v, _ := strings.Cut(word, "=")
		words.Set(k, v)
	}
	name := words.Get("dbname")
	words.Del("dbname")
	return "postgres:///" + name + "?" + words.Encode()
}

// A centre whose journal is in PostgreSQL: what was taken is there after a restart; whoever comes second with the same
// keys takes over and the first one writes no more; whoever comes with other keys, or to another world, is refused.
func TestServeFromPostgreSQL(t *testing.T) {
	cluster := pgtest.Start(t)
	t.Chdir("../..")
	address := storeAddress(t, cluster)
	data := t.TempDir()
	args := func(data string) []string {
		return []string{"serve", "--addr", "127.0.0.1:0", "--data", data, "--store", address, "--centre", "centres/yunze"}
	}
	s := start(t, args(data)...)
	if code := s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": "help at the bridge"}, nil, nil); code != http.StatusCreated {
		t.Fatalf("an incident gets %d", code)
	}
	s.stop()
	if _, err := os.Stat(filepath.Join(data, "journal.db")); err == nil {
		t.Error("there is a journal in the folder, too")
	}
	if _, err := os.Stat(filepath.Join(data, "witness", "heads.log")); err != nil {
		t.Errorf("no heads are signed: %v", err)
	}
	stranger, copied := t.TempDir(), t.TempDir()
	if err := os.CopyFS(filepath.Join(copied, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}

	s = start(t, args(data)...)
	holds := func(s *server, n int) {
		t.Helper()
		var list listAnswer
		s.ask(http.MethodGet, "/api/v1/incidents", nil, nil, &list)
		if len(list.Items) != n || list.Items[n-1].Narrative != "help at the bridge" {
			t.Errorf("%d incidents, want %d: %+v", len(list.Items), n, list.Items)
		}
	}
	holds(s, 1)
	refused := func(says string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), startsWithin)
		defer cancel()
		if code := run(ctx, args, &out, &out); code != 1 || !strings.Contains(out.String(), says) || strings.Contains(out.String(), "s3cret") {
			t.Errorf("it ended with %d and said %q; want 1 and %q", code, out.String(), says)
		}
	}
	refused("keys of this journal are missing", args(stranger)...)
	holds(s, 1)
	if code := s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": "help again"}, nil, nil); code != http.StatusCreated {
		t.Errorf("after a stranger was refused an incident gets %d", code)
	}

	second := start(t, args(copied)...)
	holds(second, 2)
	taken := func(s *server) int {
		return s.ask(http.MethodPost, "/api/v1/incidents", map[string]string{"narrative": "who takes this?"}, nil, nil)
	}
	for range 2 {
		if code := taken(s); code != http.StatusServiceUnavailable {
			t.Errorf("the first server, which was replaced, answers %d", code)
		}
	}
	if code := taken(second); code != http.StatusCreated {
		t.Errorf("the second server answers %d", code)
	}
	holds(second, 3)
	second.stop()
	s.stop()

	own := t.TempDir()
	if err := os.WriteFile(filepath.Join(own, "journal.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("a journal of its own", args(own)...)
	refused("begins with postgres://", "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--store", "mysql://db", "--centre", "centres/yunze")
	refused("does not answer", "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--store", "postgres://shuniu:s3cret@127.0.0.1:1/shuniu", "--centre", "centres/yunze")
	refused("cannot be read", "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--store", "postgres://shuniu:s3cret@127.0.0.1:port/shuniu", "--centre", "centres/yunze")

	// The same database holds a drill of another centre; its world is not the live one.
	drill, err := postgres.Open(t.Context(), cluster.DSN(), "hudong", postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	keys := keyfile.Memory()
	d, err := desk.Open(t.Context(), desk.Config{Centre: "hudong", World: cad.Drill, Store: drill, Keys: keys, Policy: policy.Roles{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := drill.Close(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("centres/yunze")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "centre.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "centre.yaml"), bytes.Replace(text, []byte("id: yunze"), []byte("id: hudong"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	drilled := t.TempDir() // The drill has no private part: any keys will do.
	if err := os.CopyFS(filepath.Join(drilled, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}
	refused("drill world", "serve", "--addr", "127.0.0.1:0", "--data", drilled, "--store", address, "--centre", folder)
}
