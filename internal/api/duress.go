package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/unit"
)

// Duress is the body of POST duress, which may be missing. Whatever else comes raises duress: no form stands between
// an officer in danger and help (promise P9).
type Duress struct {
	On    *bool       `json:"on,omitempty" doc:"false ends it, and is an ordinary command: a mistake in it is refused. Everything else raises it."`
	Text  string      `json:"text,omitempty"`
	Place *PlaceInput `json:"place,omitempty"`
}

// Limits of duress. What is longer is cut, not refused.
const (
	duressBytesMax  = 1 << 20         // 1 MiB of the body is read.
	duressReadMax   = 2 * time.Second // As long as that a body is waited for.
	duressWordsMax  = 10_000          // Bytes of the words that end it.
	duressUnitRunes = 80              // Of a unit's name that nobody knows.
)

// duressInput reads its body itself: one that breaks off, or never comes, is read as far as it came.
type duressInput struct {
	LooseHeaders
	ID  string `path:"id"`
	raw []byte
}

// Resolve takes what can be had of the body.
func (in *duressInput) Resolve(ctx huma.Context) []error {
	// Without a deadline the server's own ends a body that does not come.
	_ = ctx.SetReadDeadline(time.Now().Add(duressReadMax))
	if body := ctx.BodyReader(); body != nil {
		in.raw, _ = io.ReadAll(io.LimitReader(body, duressBytesMax))
	}
	return nil
}

// duressRoute registers the officers' own call for help.
func (s *Server) duressRoute() {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Duress](), true, "Duress")
	body := &huma.RequestBody{}
	huma.Register(s.api, huma.Operation{
		OperationID: "post-units-id-duress", Method: http.MethodPost, Path: "/api/v1/units/{id}/duress", Tags: []string{"units"},
		Summary: "An officer needs help, from every state",
		Description: "Raising it is never refused for its form: a body or header that cannot be used is left out, the words of it are kept, " +
			"If-Seq and Expires-At do not count, and a unit that nobody knows is heard. Ending it (`on: false`) is an ordinary command.",
		RequestBody: body, SkipValidateParams: true,
	}, s.duress)
	body.Content = map[string]*huma.MediaType{"application/json": {Schema: schema}} // Known earlier, huma would check it.
}

// duress raises it, unless the body says in so many words that it is over.
func (s *Server) duress(ctx context.Context, in *duressInput) (*writeOutput, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	u := cad.UnitID(cut(strings.ToValidUTF8(in.ID, "\uFFFD"), duressUnitRunes))
	body := append([]byte(in.ID+"\n"), in.raw...)
	r, whole := readLoosely(in.raw)
	if on, isBool := r.m["on"].(bool); whole && isBool && !on {
		return s.clearDuress(q, in, u, body)
	}
	place, words := r.duress(in.raw, whole)
	if place == nil {
		if f, ok := q.centre.Track.Get(u); ok {
			place = &f.Point
		}
	}
	id, sealed := s.duressWords(q, u, words)
	h, _ := in.read()
	cmd := joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u, Duress: id, Place: place, Text: sealed}}
	out, err := s.do(q, h, body, cmd, http.StatusOK)
	if err != nil && isCode(err, "key_reused") { // A key is no reason to leave somebody alone.
		h.Key = ""
		return s.do(q, h, body, cmd, http.StatusOK)
	}
	return out, err
}

// clearDuress ends it, as strictly as every other command.
func (s *Server) clearDuress(q request, in *duressInput, u cad.UnitID, body []byte) (*writeOutput, error) {
	h, err := in.strict()
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(in.raw))
	dec.DisallowUnknownFields()
	var b Duress
	if err := dec.Decode(&b); err != nil {
		return nil, newProblem(http.StatusBadRequest, "", &huma.ErrorDetail{Location: "body", Message: "this cannot be read"})
	}
	if len(b.Text) > duressWordsMax {
		return nil, newProblem(http.StatusBadRequest, "", &huma.ErrorDetail{Location: "body.text", Message: "these are too many words"})
	}
	id, sealed := s.duressWords(q, u, b.Text)
	if sealed.IsZero() && b.Text != "" { // Unlike the cry, the end of it can wait until words can be kept.
		return nil, s.refuse(q.ctx, fault.New("api.ClearDuress", fault.Unavailable, "the words cannot be sealed").Because("not_stored").
			Mend("try again; the duress goes on until then"))
	}
	return s.do(q, h, body, joint.AboutUnit{ID: u, Name: "clear_duress", Cmd: unit.ClearDuress{ID: u, Duress: id, Text: sealed}}, http.StatusOK)
}
