package api

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Problem is an error on the wire (RFC 9457), with what our clients need beside it.
type Problem struct {
	Type   string            `json:"type,omitempty"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail" doc:"Safe to show; English."`
	Kind   string            `json:"kind" enum:"invalid,denied,not_found,conflict,unavailable,internal"`
	Op     string            `json:"op,omitempty"`
	Code   string            `json:"code,omitempty" doc:"The reason, for the client's own catalogue."`
	Params map[string]string `json:"params,omitempty"`
	Field  string            `json:"field,omitempty" doc:"The part of the request that is wrong."`
	Remedy string            `json:"remedy,omitempty" doc:"What to do now."`
	// Changes are what happened since the person looked: with code changed only.
	Changes []Changed           `json:"changes,omitempty" doc:"With code changed: what happened since, the newest last."`
	Errors  []*huma.ErrorDetail `json:"errors,omitempty"`
}

// Changed is one record that the person had not seen.
type Changed struct {
	Seq    cad.Seq         `json:"seq"`
	At     time.Time       `json:"at"`
	Type   string          `json:"type" doc:"The fact, for the client's own catalogue."`
	Params json.RawMessage `json:"params,omitempty" doc:"What its sentence needs."`
	Actor  cad.ActorID     `json:"actor"`
	Key    string          `json:"key,omitempty" doc:"The Idempotency-Key it was sent under, if this person sent it: his own change is nobody else's."`
}

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType makes it problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf is the only place where a kind of fault becomes an HTTP status.
var statusOf = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusBadRequest,
	fault.Denied:      http.StatusForbidden,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// problemOf turns any error into what the other side may read. What is not known to be safe is an internal error.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	kind := fault.KindOf(err)
	out := refusal(statusOf[kind], kind.String(), "", fault.Text(err))
	var f *fault.Error
	if errors.As(err, &f) {
		out.Op = f.Op
		if kind != fault.Internal {
			out.Code, out.Params, out.Field, out.Remedy = f.Code, f.Params, f.Field, f.Remedy
		}
	}
	if out.Remedy == "" {
		out.Remedy = remedyOf(kind)
	}
	return out
}

// remedyOf is what to do about a refusal that names nothing better: nobody is left with a bare no.
func remedyOf(kind fault.Kind) string {
	switch kind {
	case fault.Invalid:
		return "mend the named part and send it again"
	case fault.Denied:
		return "ask somebody whose role includes it"
	case fault.NotFound:
		return "look at the list for its present name"
	case fault.Conflict:
		return "look at the present row and decide again"
	case fault.Unavailable:
		return "send it again under the same key"
	case fault.Internal:
	}
	return "do it another way, and report it"
}

// changesMax is how many changes a conflict tells; the newest are kept.
const changesMax = 20

// tellChanges adds to a conflict what happened since the person looked. Whoever may not see the row is told nothing.
func (q request) tellChanges(p *Problem) {
	if p.Code != "changed" {
		return
	}
	subject := cad.Subject(p.Params["subject"])
	if kind, id := subject.Split(); kind == "incident" {
		if _, sees := q.centre.Board.Incident(board.ClassOf(q.actor), cad.IncidentID(id)); !sees {
			return
		}
	}
	seen, err := strconv.ParseInt(p.Params["seen"], 10, 64)
	if err != nil {
		return
	}
	story, err := q.centre.Desk.Story(q.ctx, subject)
	if err != nil {
		return // The conflict stands without it.
	}
	for _, t := range story {
		r := t.Record
		if r.Seq <= cad.Seq(seen) {
			continue
		}
		c := Changed{Seq: r.Seq, At: r.At, Type: r.Type, Params: r.Data, Actor: r.Actor}
		if r.Actor == q.actor.ID {
			c.Key = r.Key
		}
		p.Changes = append(p.Changes, c)
	}
	p.Changes = p.Changes[max(0, len(p.Changes)-changesMax):]
}

// isCode reports whether a refusal has this reason.
func isCode(err error, code string) bool {
	var p *Problem
	return errors.As(err, &p) && p.Code == code
}

func refusal(status int, kind, code, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Kind: kind, Code: code, Detail: detail}
}

// newProblem is how huma makes its own errors: of input that does not fit.
func newProblem(status int, msg string, errs ...error) huma.StatusError {
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	kind := "invalid"
	switch {
	case status == http.StatusNotFound:
		kind = "not_found"
	case status >= http.StatusInternalServerError:
		kind, msg = "internal", "internal error"
	}
	p := refusal(status, kind, "bad_input", msg)
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			if n, ok := d.Value.(float64); ok && (math.IsNaN(n) || math.IsInf(n, 0)) { // JSON has no such number.
				d.Value = strconv.FormatFloat(n, 'g', -1, 64)
			}
			p.Errors = append(p.Errors, d)
		}
	}
	p.Remedy = "mend the request and send it again"
	if len(p.Errors) > 0 {
		p.Field, p.Detail = p.Errors[0].Location, p.Errors[0].Message
		p.Remedy = "mend this part and send it again"
	}
	return p
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	// The other side may have gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(p)
}
