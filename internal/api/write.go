package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

// WriteHeaders are what every write may carry.
type WriteHeaders struct {
	Key      string     `header:"Idempotency-Key" maxLength:"200" doc:"A repeat with the same key and body gets the first answer."`
	IfSeq    int64      `header:"If-Seq" minimum:"0" doc:"The row's seq that the person saw; refused, with the changes, if it is not the row's present one."`
	Expires  time.Time  `header:"Expires-At" timeFormat:"2006-01-02T15:04:05Z07:00" doc:"Refused afterwards, never executed late."`
	Happened time.Time  `header:"Happened-At" timeFormat:"2006-01-02T15:04:05Z07:00" doc:"When it happened, if not now; within the last 30 days."`
	From     cad.Origin `header:"Happened-From" enum:"clock,person,device,paper"`
	Power    cad.Power  `header:"Power" enum:"direct,first_response,notify,inspect" doc:"The power that an order is given under."`
}

// LooseHeaders are the same headers on a write that no form may refuse: they arrive as text, and what cannot be
// used is left out.
type LooseHeaders struct {
	Key      string `header:"Idempotency-Key" doc:"A repeat with the same key and body gets the first answer."`
	IfSeq    string `header:"If-Seq" doc:"The row's seq that the person saw."`
	Expires  string `header:"Expires-At" doc:"RFC 3339."`
	Happened string `header:"Happened-At" doc:"RFC 3339: when it happened, if not now."`
	From     string `header:"Happened-From" doc:"clock, person, device or paper."`
	Power    string `header:"Power" doc:"direct, first_response, notify or inspect."`
}

// maxKeyLength is how long a key may be, bytes.
const maxKeyLength = 200

// read gives the headers that can be used, and the names of those that cannot.
func (l LooseHeaders) read() (h WriteHeaders, unusable []string) {
	must := func(name string, ok bool) {
		if !ok {
			unusable = append(unusable, name)
		}
	}
	when := func(name, text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := time.Parse(time.RFC3339, text)
		must(name, err == nil)
		return t
	}
	if h.Key = l.Key; len(h.Key) > maxKeyLength { // It still tells a repeat.
		sum := sha256.Sum256([]byte(l.Key))
		h.Key = "long/" + hex.EncodeToString(sum[:])
		must("Idempotency-Key", false)
	}
	if l.IfSeq != "" {
		n, err := strconv.ParseInt(l.IfSeq, 10, 64)
		must("If-Seq", err == nil && n >= 0)
		h.IfSeq = max(n, 0)
	}
	h.Expires, h.Happened = when("Expires-At", l.Expires), when("Happened-At", l.Happened)
	if h.From = cad.Origin(l.From); l.From != "" && !h.From.Valid() {
		h.From = ""
		must("Happened-From", false)
	}
	if h.Power = cad.Power(l.Power); !h.Power.Valid() {
		h.Power = ""
		must("Power", false)
	}
	return h, unusable
}

// strict gives the headers, or refuses the first that cannot be used, as on every other write.
func (l LooseHeaders) strict() (WriteHeaders, error) {
	h, unusable := l.read()
	if len(unusable) > 0 {
		return h, newProblem(http.StatusBadRequest, "", &huma.ErrorDetail{Location: "header." + unusable[0], Message: "this header cannot be used"})
	}
	return h, nil
}

type writeInput[B any] struct {
	WriteHeaders
	ID      string `path:"id" maxLength:"80"`
	Body    *B
	RawBody []byte
}

type writeOutput struct {
	Status int
	Replay bool `header:"Idempotent-Replay"`
	Body   joint.Answer
}

// request is what a handler knows beside its input.
type request struct {
	ctx    context.Context
	centre *Centre
	actor  cad.Actor
	dry    bool // Only to see what would come of it: nothing is sealed.
}

// thing is a life in memory as a policy judges it.
func (c *Centre) thing(s cad.Subject) (t cad.Thing) {
	c.Board.Look(func(h *joint.House) { t = h.Thing(s) })
	return t
}

// seal encrypts words for a life; no words give the zero value.
func (q request) seal(s cad.Subject, text string) (cad.Sealed, error) {
	if q.dry && text != "" {
		return cad.Sealed{Subject: s, Box: []byte{0}}, nil // It says only that there are words.
	}
	return q.centre.Desk.Seal(s, board.Words{Text: text})
}

// writeErrors are the statuses of docs/http-status.md that a write may come to.
func writeErrors() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
		http.StatusRequestEntityTooLarge, http.StatusMisdirectedRequest, http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
}

// put registers a verb on something that exists: POST /things/{id}/verb.
func put[B any](s *Server, path, summary string, command func(q request, id string, body B) (joint.Command, error)) {
	op := huma.Operation{
		OperationID: operationID(path), Method: http.MethodPost, Path: "/api/v1" + path, Summary: summary, MaxBodyBytes: maxBodyBytes,
		Tags: []string{tagOf(path)}, RequestBody: &huma.RequestBody{}, Errors: writeErrors(),
	}
	defer optional(op)
	huma.Register(s.api, op, func(ctx context.Context, in *writeInput[B]) (*writeOutput, error) {
		q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
		var body B
		if in.Body != nil {
			body = *in.Body
		}
		cmd, err := command(q, in.ID, body)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.do(q, in.WriteHeaders, append([]byte(in.ID+"\n"), in.RawBody...), cmd, http.StatusOK)
	})
}

// optional lets a body be left out. Whoever reads the raw bytes is taken by huma to need some, so this is said
// after registration.
func optional(op huma.Operation) { op.RequestBody.Required = false }

// do brings a command to the desk.
func (s *Server) do(q request, h WriteHeaders, body []byte, cmd joint.Command, status int) (*writeOutput, error) {
	wish := desk.Wish{
		Actor: q.actor, Power: h.Power, Key: h.Key, Body: body, IfSeq: cad.Seq(h.IfSeq), Expires: h.Expires,
		Happened: h.Happened, From: h.From, Command: cmd,
	}
	if say, ok := cmd.(joint.SayUnit); ok { // The unit's life asks whether that can have been so.
		say.Happened = h.Happened.UTC()
		cmd, wish.Command = say, say
	}
	do := q.centre.Desk.Do
	if _, erasure := cmd.(joint.Erase); erasure {
		do = q.centre.Desk.Erase
	}
	reply, err := do(q.ctx, wish)
	if err != nil {
		p := s.refuse(q.ctx, err)
		q.tellChanges(p)
		return nil, p
	}
	return &writeOutput{Status: status, Replay: reply.Repeat, Body: reply.Answer}, nil
}

// refuse logs what is our fault, once, and gives the other side what it may read.
func (s *Server) refuse(ctx context.Context, err error) *Problem {
	if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Unavailable {
		s.log.ErrorContext(ctx, "a request failed", "error", err)
	}
	return problemOf(err)
}

func operationID(path string) string {
	out := make([]byte, 0, len(path))
	for i := 1; i < len(path); i++ {
		switch c := path[i]; c {
		case '/':
			out = append(out, '-')
		case '{', '}':
		default:
			out = append(out, c)
		}
	}
	return "post-" + string(out)
}

func tagOf(path string) string {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			return path[1:i]
		}
	}
	return path[1:]
}

// newID is a fresh UUIDv7. If the machine has no randomness left, nothing can be identified and it must stop.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// idOr takes an id that a client chose, if it is one, or makes one.
func idOr(chosen string) (id string, good bool) {
	u, err := uuid.Parse(chosen)
	if err != nil {
		return newID(), chosen == ""
	}
	return u.String(), true
}
