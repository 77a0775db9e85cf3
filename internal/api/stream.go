package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/reactor/coverage"
	"shuniu/internal/track"
)

// How the stream is paced.
const (
	coalesce      = 40 * time.Millisecond // Changes within this go out together.
	beatEvery     = time.Second
	positionEvery = time.Second
	historyMax    = 20_000 // Changes that a returning client may have missed.
	behindMax     = 256    // Frames that a slow client may be behind before it is told to start again.
	writeMax      = 10 * time.Second
)

// Stream sends changed rows to every screen of one world. Rows are rendered once for each class of session.
type Stream struct {
	board *board.Board
	track *track.Book
	desk  *desk.Desk
	log   *slog.Logger
	wake  chan struct{}

	mu      sync.Mutex
	pending board.Changed
	history []board.Changed // Oldest first.
	floor   cad.Seq         // What came before this cannot be resumed.
	clients map[*client]bool
	notice  *coverage.Notice // Of the cover, to be told; nil: told.
	noticed time.Time        // When the last one was.
}

type client struct {
	class board.Class
	out   chan []byte
	prev  cad.Seq
	gone  bool
}

// NewStream follows a board. It runs until ctx ends.
func NewStream(ctx context.Context, d *desk.Desk, b *board.Board, t *track.Book, log *slog.Logger) *Stream {
	s := &Stream{board: b, track: t, desk: d, log: log, wake: make(chan struct{}, 1), clients: map[*client]bool{}, floor: b.AsOf()}
	go s.run(ctx)
	return s
}

// Clients is how many streams are open.
func (s *Stream) Clients() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.clients)
}

// Push notes what a change touched. It is called by the desk's watcher and returns at once.
func (s *Stream) Push(c board.Changed) {
	s.mu.Lock()
	s.pending = join(s.pending, c)
	s.history = append(s.history, c)
	if c.Reset {
		s.history, s.floor = nil, c.Seq
	}
	if extra := len(s.history) - historyMax; extra > 0 {
		s.floor = s.history[extra-1].Seq
		s.history = slices.Clone(s.history[extra:])
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func join(a, b board.Changed) board.Changed {
	return board.Changed{
		Seq: max(a.Seq, b.Seq), Reset: a.Reset || b.Reset, Incidents: append(a.Incidents, b.Incidents...),
		Units: append(a.Units, b.Units...), Calls: append(a.Calls, b.Calls...), Alarms: append(a.Alarms, b.Alarms...),
		Orders: append(a.Orders, b.Orders...),
	}
}

// run flushes at once after a pause, and otherwise not more often than every coalesce.
func (s *Stream) run(ctx context.Context) {
	tick := time.NewTicker(positionEvery)
	defer tick.Stop()
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.positions()
			s.mu.Lock()
			s.notify()
			s.mu.Unlock()
			continue
		case <-s.wake:
		}
		if wait := coalesce - time.Since(last); wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-timer.C:
			case <-ctx.Done():
				timer.Stop()
				return
			}
		}
		last = time.Now()
		s.flush()
	}
}

// flush renders what is pending once for each class, and hands it to every client of that class.
func (s *Stream) flush() {
	s.mu.Lock()
	c := s.pending
	s.pending = board.Changed{}
	classes := map[board.Class]bool{}
	for cl := range s.clients {
		classes[cl.class] = true
	}
	s.mu.Unlock()
	if c.Seq == 0 {
		return
	}
	bodies := map[board.Class][]byte{}
	for class := range classes {
		if !c.Reset {
			bodies[class] = s.render(class, c)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for cl := range s.clients {
		body, known := bodies[cl.class]
		switch {
		case c.Reset:
			cl.close("reloaded")
		case !known || cl.prev >= c.Seq: // It joined in between and has it already, or gets it next.
		default:
			cl.send(rowsFrame(c.Seq, cl.prev, body))
			cl.prev = c.Seq
		}
	}
}

// render is the part of an event that all clients of a class share.
func (s *Stream) render(class board.Class, c board.Changed) []byte {
	var b bytes.Buffer
	part(&b, "incidents", c.Incidents, func(id cad.IncidentID) ([]byte, bool) { return s.board.Incident(class, id) })
	now := s.desk.Now()
	part(&b, "units", c.Units, func(id cad.UnitID) ([]byte, bool) {
		row, sees := s.board.Unit(class, id)
		if f, ok := s.track.Get(id); ok && sees {
			row = withPosition(row, f, now)
		}
		return row, sees
	})
	part(&b, "calls", c.Calls, func(id cad.CallID) ([]byte, bool) { return s.board.Call(class, id) })
	part(&b, "alarms", c.Alarms, func(id cad.AlarmID) ([]byte, bool) { return s.board.Alarm(class, id) })
	part(&b, "orders", c.Orders, func(id cad.OrderID) ([]byte, bool) { return s.board.Order(class, id) })
	clock, err := json.Marshal(now)
	if err != nil {
		clock = []byte("null")
	}
	fmt.Fprintf(&b, `,"clock":%s}`, clock)
	return b.Bytes()
}

func part[ID ~string](b *bytes.Buffer, name string, ids []ID, row func(ID) ([]byte, bool)) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var upsert [][]byte
	remove := []ID{}
	for _, id := range ids {
		if r, sees := row(id); sees {
			upsert = append(upsert, r)
		} else {
			remove = append(remove, id)
		}
	}
	// Ids are plain words; they can always be written.
	gone, _ := json.Marshal(remove)
	fmt.Fprintf(b, `,%q:{"upsert":[%s],"remove":%s}`, name, bytes.Join(upsert, []byte(",")), gone)
}

// send hands a frame to a client; one that is too far behind is told to start again. The caller holds the lock.
func (c *client) send(frame []byte) {
	if c.gone {
		return
	}
	select {
	case c.out <- frame:
	default:
		c.close("too_slow")
	}
}

func (c *client) close(reason string) {
	if c.gone {
		return
	}
	c.gone = true
	for len(c.out) > 0 { // What it has not read yet is of no use any more.
		<-c.out
	}
	c.out <- fmt.Appendf(nil, "event: gone\ndata: {\"reason\":%q}\n\n", reason)
	close(c.out)
}

// positions sends fixes that came since the last time, without an id: a missed one is followed by the next.
func (s *Stream) positions() {
	moved := s.track.TakeMoved()
	if len(moved) == 0 {
		return
	}
	now := s.desk.Now()
	type item struct {
		Unit cad.UnitID `json:"unit"`
		Position
	}
	items := make([]item, 0, len(moved))
	for _, f := range moved {
		items = append(items, item{Unit: f.Unit, Position: positionOf(f, now)})
	}
	data, err := json.Marshal(map[string]any{"at": now, "items": items})
	if err != nil {
		s.log.Error("positions cannot be written", "error", err)
		return
	}
	frame := fmt.Appendf(nil, "event: positions\ndata: %s\n\n", data)
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.clients {
		c.send(frame)
	}
}

// add takes a client in from a position on. What it missed goes out first, as one event. It answers false when that
// is too long ago.
func (s *Stream) add(class board.Class, after cad.Seq) (*client, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asOf := s.board.AsOf()
	if after < s.floor || after > asOf {
		return nil, false
	}
	c := &client{class: class, out: make(chan []byte, behindMax), prev: after}
	var missed board.Changed
	for _, h := range s.history {
		if h.Seq > after {
			missed = join(missed, h)
		}
	}
	if missed.Seq > after {
		c.out <- rowsFrame(missed.Seq, after, s.render(class, missed))
		c.prev = missed.Seq
	}
	s.clients[c] = true
	return c, true
}

func (s *Stream) drop(c *client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, c)
}

// streamRoute registers the stream; it is no request with an answer, so it stands beside the others.
func (s *Server) streamRoute() {
	s.mux.HandleFunc("GET /api/v1/stream", s.stream)
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	c := centreOf(r.Context())
	after, err := strconv.ParseInt(firstOf(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after"), strconv.FormatInt(int64(c.Board.AsOf()), 10)), 10, 64)
	if err != nil {
		writeProblem(w, refusal(http.StatusBadRequest, "invalid", "bad_after", "after is a sequence number"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	write := func(b []byte) bool {
		_ = out.SetWriteDeadline(time.Now().Add(writeMax))
		_, err := w.Write(b)
		return err == nil && out.Flush() == nil
	}
	cl, ok := c.Stream.add(board.ClassOf(actorOf(r.Context())), cad.Seq(after))
	if !ok {
		write(fmt.Appendf(nil, "event: gone\ndata: {\"as_of\":%d,\"reason\":\"too_far_behind\"}\n\n", c.Board.AsOf()))
		return
	}
	defer c.Stream.drop(cl)
	if !write(hello(c)) {
		return
	}
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		var frame []byte
		select {
		case <-r.Context().Done():
			return
		case f, more := <-cl.out:
			if !more {
				return
			}
			frame = f
		case <-beat.C:
			frame = beatFrame(c)
		}
		if !write(frame) {
			return
		}
	}
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func (c *Centre) run() *WorldState {
	if c.World == nil {
		return nil
	}
	st := c.World.State()
	return &st
}
