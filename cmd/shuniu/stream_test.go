package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// kinds are the lists that a screen holds.
func kinds() []string { return []string{"incidents", "units", "calls"} }

// screen follows a server as the console does: it fetches the lists, folds changed rows from there on, comes back after
// the server went away, and fetches again only when it is told that it is gone or when it sees a gap.
type screen struct {
	t     *testing.T
	ctx   context.Context
	comes chan string // The address of a server that is up.

	mu       sync.Mutex
	changed  *sync.Cond
	rows     map[string]map[string]map[string]any // By list and id.
	asOf     int64
	fetches  int // Of the lists.
	streamed int // Fetches when the last stream began.
	resumed  int // Streams that went on from where the one before had ended.
	folded   int // Changes.
	wrong    []string
	finished bool
}

func newScreen(t *testing.T, ctx context.Context) *screen { //nolint:revive // t comes first in a test.
	s := &screen{t: t, ctx: ctx, comes: make(chan string)}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// follow goes from server to server until no more come.
func (s *screen) follow() {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.finished = true
		s.changed.Broadcast()
	}()
	for url := range s.comes {
		for again := true; again; {
			if s.at() == 0 && !s.fetch(url) {
				break
			}
			again = s.read(url)
		}
	}
}

func (s *screen) at() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asOf
}

func (s *screen) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

type list struct {
	AsOf  int64            `json:"as_of"`
	Items []map[string]any `json:"items"`
}

func fetchLists(ctx context.Context, url string) (rows map[string]map[string]map[string]any, asOf int64, err error) {
	rows = map[string]map[string]map[string]any{}
	for i, kind := range kinds() {
		body, err := get(ctx, url+"/api/v1/"+kind+"?state=all")
		if err != nil {
			return nil, 0, err
		}
		var l list
		err = json.NewDecoder(body).Decode(&l)
		_ = body.Close()
		if err != nil {
			return nil, 0, fmt.Errorf("the list of %s: %w", kind, err)
		}
		rows[kind] = map[string]map[string]any{}
		for _, r := range l.Items {
			rows[kind][fmt.Sprint(r["id"])] = r
		}
		if i == 0 || l.AsOf < asOf {
			asOf = l.AsOf // They were read one after another: the whole is as old as the oldest.
		}
	}
	return rows, asOf, nil
}

func get(ctx context.Context, url string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	return resp.Body, nil
}

func (s *screen) fetch(url string) bool {
	rows, asOf, err := fetchLists(s.ctx, url)
	if err != nil {
		return false // The server went away in between.
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows, s.asOf = rows, asOf
	s.fetches++
	s.changed.Broadcast()
	return true
}

// read follows one stream to its end. It answers true when the lists are to be fetched again from this very server.
func (s *screen) read(url string) (again bool) {
	from := s.at()
	body, err := get(s.ctx, fmt.Sprintf("%s/api/v1/stream?after=%d", url, from))
	if err != nil {
		return false
	}
	defer body.Close() //nolint:errcheck // Read only.
	in := bufio.NewScanner(body)
	in.Buffer(nil, 64<<20)
	name := ""
	for in.Scan() {
		field, text, _ := strings.Cut(in.Text(), ": ")
		switch {
		case field == "event":
			name = text
		case field == "data" && name == "hello":
			s.mu.Lock()
			if s.fetches == s.streamed {
				s.resumed++
			}
			s.streamed = s.fetches
			s.mu.Unlock()
		case field == "data" && name == "gone":
			s.forget()
			return true
		case field == "data" && name == "rows":
			if !s.fold([]byte(text)) {
				s.forget()
				return true
			}
		}
	}
	return false
}

// forget lets the next turn fetch the lists again.
func (s *screen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asOf = 0
}

type rowsEvent struct {
	Seq, Prev               int64
	Incidents, Units, Calls struct {
		Upsert []map[string]any
		Remove []string
	}
}

// fold replaces rows. Every change follows the one before it, or something was missed or is told twice.
func (s *screen) fold(data []byte) bool {
	var e rowsEvent
	if err := json.Unmarshal(data, &e); err != nil {
		s.complain("a change cannot be read: %v: %s", err, data)
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Prev != s.asOf || e.Seq <= s.asOf {
		s.wrong = append(s.wrong, fmt.Sprintf("at %d comes a change from %d to %d", s.asOf, e.Prev, e.Seq))
		return false
	}
	for kind, part := range map[string]struct {
		Upsert []map[string]any
		Remove []string
	}{"incidents": e.Incidents, "units": e.Units, "calls": e.Calls} {
		for _, id := range part.Remove {
			delete(s.rows[kind], id)
		}
		for _, r := range part.Upsert {
			s.rows[kind][fmt.Sprint(r["id"])] = r
		}
	}
	s.asOf = e.Seq
	s.folded++
	s.changed.Broadcast()
	return true
}

// sees waits until the screen has come to a change.
func (s *screen) sees(seq int64) {
	s.t.Helper()
	stop := context.AfterFunc(s.ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.asOf < seq && !s.finished && s.ctx.Err() == nil {
		s.changed.Wait()
	}
	if s.asOf < seq {
		s.t.Fatalf("the screen is at %d and never saw change %d; %v", s.asOf, seq, s.wrong)
	}
}

// shows compares the folded rows with the lists of the server, when both are at the same change.
func (s *screen) shows(url string) {
	s.t.Helper()
	want, asOf, err := fetchLists(s.ctx, url)
	if err != nil {
		s.t.Fatal(err)
	}
	s.sees(asOf)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asOf != asOf {
		s.t.Fatalf("the screen is at %d, the lists at %d", s.asOf, asOf)
	}
	for _, kind := range kinds() {
		if len(s.rows[kind]) != len(want[kind]) {
			s.t.Errorf("the screen shows %d %s, the list has %d", len(s.rows[kind]), kind, len(want[kind]))
		}
		for id, row := range want[kind] {
			if have := s.rows[kind][id]; !reflect.DeepEqual(have, row) {
				s.t.Errorf("%s %s:\nscreen %s\nlist   %s", kind, id, text(have), text(row))
			}
		}
	}
}

func text(row map[string]any) []byte {
	b, err := json.Marshal(maps.Clone(row))
	if err != nil {
		return []byte(err.Error())
	}
	return bytes.TrimSpace(b)
}

// changes makes some changes of all three lists, of that unit among them, and says the last one's sequence.
func (s *server) changes(n int, unit string) int64 {
	s.t.Helper()
	var last struct {
		Seq int64
		ID  string
	}
	must := func(path string, body any) {
		s.t.Helper()
		if code := s.ask(http.MethodPost, "/api/v1/"+path, body, nil, &last); code >= 300 {
			s.t.Fatalf("%s answers %d", path, code)
		}
	}
	must("units/"+unit+"/duress", map[string]any{"text": "help"})
	must("units/"+unit+"/duress", map[string]any{"on": false, "text": "all is well"})
	for i := range n {
		must("calls", map[string]string{"number": "19900000000"})
		must("incidents", map[string]any{"narrative": fmt.Sprint("words ", i), "call": last.ID})
		must("incidents/"+last.ID+"/note", map[string]string{"text": "more words"})
		must("units/"+unit+"/status", map[string]string{"to": []string{"available", "unavailable"}[i%2]})
	}
	return last.Seq
}

// Promise P4: a screen that follows through restarts of the server, on the same data, ends with what the lists say: no
// change is missed and none told twice. What it did not see it was told to fetch, and did.
func TestStreamAcrossRestarts(t *testing.T) {
	t.Chdir("../..")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	data := t.TempDir()
	serve := func() *server {
		return start(t, "serve", "--addr", "127.0.0.1:0", "--data", data, "--centre", "centres/yunze")
	}
	look := newScreen(t, ctx)
	go look.follow()
	srv := serve()
	stop := func() {
		srv.stop()
		http.DefaultClient.CloseIdleConnections()
	}
	look.comes <- srv.url
	look.sees(srv.changes(3, "101"))
	look.shows(srv.url)
	for round := range 4 {
		if round == 1 {
			srv.changes(2, "102") // Whether the screen hears of these is for chance to say.
		}
		stop()
		if round == 2 { // A server that the screen never hears of.
			srv = serve()
			srv.changes(2, "101")
			stop()
		}
		srv = serve()
		if round == 3 {
			other := newScreen(t, ctx)
			go other.follow()
			other.comes <- srv.url
			other.sees(srv.changes(2, "103")) // While the first one is away, and told to everybody who is not.
			other.shows(srv.url)
			close(other.comes)
		}
		look.comes <- srv.url
		look.sees(srv.changes(2, "101"))
		look.shows(srv.url)
	}
	close(look.comes)
	look.mu.Lock()
	defer look.mu.Unlock()
	if len(look.wrong) > 0 {
		t.Errorf("missed, or told twice: %v", look.wrong)
	}
	if look.folded < 5 || look.fetches < 2 { // One for each time that it was waited for; one at first, one when it was gone.
		t.Errorf("it proves little: %d changes folded, %d fetches", look.folded, look.fetches)
	}
	t.Logf("%d changes folded, %d streams resumed, the lists fetched %d times", look.folded, look.resumed, look.fetches)
}
