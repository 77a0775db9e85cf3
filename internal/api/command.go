package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/org"
)

// commandBody is a line as a dispatcher types it.
type commandBody struct {
	Text   string `json:"text" maxLength:"2000"`
	DryRun bool   `json:"dry_run,omitempty" doc:"Say what would happen; do nothing."`
	Choice int    `json:"choice,omitempty" minimum:"0" maximum:"9" doc:"The digit of one of several meanings."`
	Advice string `json:"advice,omitempty" maxLength:"40" doc:"The recommendation that a preview showed, by its id."`
	Meant  string `json:"meant,omitempty" maxLength:"40" doc:"The verb that a preview took the beginning of a word for. Without it such a line is not done, only shown."`
	Past   bool   `json:"looking_back,omitempty" doc:"The screen shows the past: a line that would change something is refused, unless it calls for help."`

	inner bool // One of several lines that are done together.
}

// CommandAnswer is what a line came to.
type CommandAnswer struct {
	Status      string               `json:"status" enum:"ok,preview,ambiguous,wrong,incomplete"`
	Preview     *Sentence            `json:"preview,omitempty" doc:"What would happen, happened, or is wrong."`
	Remedy      string               `json:"remedy,omitempty" doc:"English."`
	Plan        *line.Plan           `json:"plan,omitempty"`
	Candidates  []line.Meaning       `json:"candidates,omitempty"`
	Completions []line.Completion    `json:"completions,omitempty" doc:"How the line may go on, the likeliest first; with dry_run only."`
	Show        *Shown               `json:"show,omitempty" doc:"What to open on the screen."`
	Nearest     []dispatch.Candidate `json:"nearest,omitempty"`
	Help        []line.Verb          `json:"help,omitempty" doc:"The verbs that help was asked about."`
	Steps       []CommandStep        `json:"steps,omitempty" doc:"What is done one after another."`
	Seq         cad.Seq              `json:"seq,omitempty"`
	Advice      string               `json:"advice,omitempty" doc:"Names the recommendation that the units are from: give it with the line that sends them."`
	Meant       string               `json:"meant,omitempty" doc:"The verb that the beginning of a word was taken for: give it with the line."`
	Undo        *Undoable            `json:"undo,omitempty" doc:"This line can be taken back."`
	Then        string               `json:"then,omitempty" doc:"What to put into the line, for the person to finish."`

	expected map[cad.UnitID]int64
	advised  *dispatch.Advice // What was recommended when the line was read; nil if nothing could be.
}

// Undoable says that a line can be taken back, and until when.
type Undoable struct {
	Of    string    `json:"of" doc:"The line."`
	Until time.Time `json:"until"`
}

// CommandStep is one of several lines that are done one after another.
type CommandStep struct {
	Text    string    `json:"text"`
	Preview *Sentence `json:"preview,omitempty"`
	Done    bool      `json:"done"`
}

// Sentence is one sentence for the catalogues, with its English text.
type Sentence struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
	Text   string            `json:"text"`
}

// Shown names what a line asked to see.
type Shown struct {
	Kind string `json:"kind" enum:"incident,unit"`
	ID   string `json:"id"`
}

// commandRoute registers the command line.
func (s *Server) commandRoute() {
	op := huma.Operation{
		OperationID: "post-command", Method: http.MethodPost, Path: "/api/v1/command", Summary: "The command line", Tags: []string{"command"}, MaxBodyBytes: maxBodyBytes,
	}
	huma.Register(s.api, op, func(ctx context.Context, in *struct {
		WriteHeaders
		Body commandBody
	},
	) (*commandOutput, error) {
		q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
		return s.command(q, in.WriteHeaders, in.Body)
	})
	get := huma.Operation{OperationID: "get-command-grammar", Method: http.MethodGet, Path: "/api/v1/command/grammar", Summary: "Every verb of the command line", Tags: []string{"command"}}
	huma.Register(s.api, get, func(ctx context.Context, _ *struct{}) (*struct{ Body Grammar }, error) {
		return &struct{ Body Grammar }{Body: grammarOf(centreOf(ctx))}, nil
	})
}

// Grammar is the command line, as help shows it.
type Grammar struct {
	Verbs  []line.Verb     `json:"verbs"`
	States []line.UnitWord `json:"states" doc:"What units say."`
	Macros []org.Macro     `json:"macros" doc:"The centre's own words."`
}

func grammarOf(c *Centre) Grammar {
	g := Grammar{Verbs: line.Grammar(), States: line.States(), Macros: []org.Macro{}}
	c.Board.Look(func(h *joint.House) { g.Macros = append(g.Macros, h.Org.Macros...) })
	return g
}

type commandOutput struct {
	Replay bool `header:"Idempotent-Replay"`
	Body   CommandAnswer
}

// command reads a line and does what it says, if it says one thing only.
func (s *Server) command(q request, h WriteHeaders, in commandBody) (*commandOutput, error) {
	q.dry = in.DryRun
	r := q.placed(q.read(in.Text, in.inner))
	if r.Status == line.Ambiguous && in.Choice > 0 && in.Choice <= len(r.Candidates) {
		plan := r.Candidates[in.Choice-1].Plan
		r = line.Reading{Status: line.Ready, Plan: &plan, Meant: r.Meant}
	}
	output := &commandOutput{Body: CommandAnswer{Status: string(r.Status), Plan: r.Plan, Candidates: r.Candidates, Remedy: r.Remedy, Meant: r.Meant}}
	out := &output.Body
	if in.DryRun {
		out.Completions = q.complete(in.Text)
	}
	if r.Code != "" {
		out.Preview = &Sentence{Code: r.Code, Params: r.Params, Text: r.Text}
	}
	if r.Status != line.Ready {
		return output, nil
	}
	p := *r.Plan
	if refusal := s.foresee(q, &p, out); refusal != nil {
		out.wrong(problemOf(refusal))
		return output, nil
	}
	out.Plan, out.Preview = &p, say(p, *out)
	if p.Verb == line.Help {
		out.Help = helpOn(p.To)
	}
	switch {
	case p.Shows():
		if !in.DryRun {
			out.Status, out.Show, out.Then = "ok", shown(p), p.Then
		}
		return output, nil
	case in.Past && p.Verb != line.Several && !p.CallsForHelp():
		out.wrong(problemOf(fault.New("api.Command", fault.Conflict, "the screen shows the past: nothing can be done in it").Because("past").
			Mend("go back to the present; the line stays as it is")))
		return output, nil
	case !in.DryRun && r.Meant != "" && r.Meant != in.Meant:
		return output, nil // Nobody has seen yet what it was taken for.
	case p.Verb == line.Several:
		return output, s.several(q, h, in, output)
	case p.Verb == line.Undo:
		return output, s.undo(q, h, in, output)
	}
	return output, s.carryOut(q, h, in, p, output)
}

// helpOn is the grammar of one verb, or of all.
func helpOn(verb string) []line.Verb {
	all := line.Grammar()
	if i := slices.IndexFunc(all, func(v line.Verb) bool { return v.ID == verb }); i >= 0 {
		return all[i : i+1]
	}
	return all
}

// carryOut does what one plan says, or only asks the rooms whether they would.
func (s *Server) carryOut(q request, h WriteHeaders, in commandBody, p line.Plan, output *commandOutput) error {
	out := &output.Body
	before := q.remember(p)
	cmd, err := s.planned(q, p, seen{advice: out.advised, name: cmp.Or(in.Advice, out.Advice), text: in.Text, power: h.Power})
	if err != nil {
		return s.refuse(q.ctx, err)
	}
	reply, err := q.bring(h, in, p, cmd, 0)
	if err != nil {
		return s.judged(q.ctx, out, err)
	}
	if in.DryRun {
		return nil
	}
	out.Status, out.Seq, output.Replay, out.Then = "ok", reply.Seq, reply.Repeat, p.Then
	if p.Verb == line.New {
		out.Show = &Shown{Kind: "incident", ID: reply.ID}
	}
	before.made = reply.ID
	if !reply.Unchanged {
		out.Undo = q.keep(in.Text, h.Key, reply.Seq, before)
	}
	return nil
}

// bring brings a command to the desk, or asks only what it would say. cause is the record that led to it.
func (q request) bring(h WriteHeaders, in commandBody, p line.Plan, command joint.Command, cause cad.Seq) (desk.Reply, error) {
	wish := desk.Wish{
		Actor: q.actor, Power: h.Power, Key: h.Key, Body: []byte(in.Text), IfSeq: cad.Seq(h.IfSeq), Expires: h.Expires, Happened: h.Happened, From: h.From,
		Cause: cause, Command: command,
	}
	if p.Happened != nil {
		wish.Happened, wish.From = *p.Happened, cad.FromPerson
	}
	if q.dry {
		return desk.Reply{}, q.centre.Desk.Try(q.ctx, wish)
	}
	return q.centre.Desk.Do(q.ctx, wish)
}

// judged turns what the rooms refuse into the answer of a line. What is our own fault stays a problem, as everywhere.
func (s *Server) judged(ctx context.Context, out *CommandAnswer, err error) error {
	if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Unavailable {
		return s.refuse(ctx, err)
	}
	out.wrong(problemOf(err))
	return nil
}

func (a *CommandAnswer) wrong(p *Problem) {
	a.Status, a.Preview, a.Remedy = "wrong", &Sentence{Code: p.Code, Params: p.Params, Text: p.Detail}, p.Remedy
}

// read reads a line, and looks into the journal for what it says of incidents that have left memory. Nobody waits for
// that but who typed it.
func (q request) read(text string, plain bool) line.Reading {
	old := map[int64]cad.IncidentID{}
	for {
		var r line.Reading
		q.centre.Board.Look(func(house *joint.House) {
			in := q.typed(house, text)
			in.Old, in.Plain = old, plain
			r = line.Read(house, in)
		})
		if len(r.Sought) == 0 {
			return r
		}
		for _, n := range r.Sought {
			old[n], _ = q.centre.Desk.Numbered(q.ctx, n) // What cannot be looked up is not found.
		}
	}
}

// say puts a plan into one sentence.
func say(p line.Plan, a CommandAnswer) *Sentence {
	units := make([]string, 0, len(p.Units))
	for _, u := range p.Units {
		word := string(u)
		if s, ok := a.expected[u]; ok && s > 0 {
			word += fmt.Sprintf(" %d:%02d", s/60, s%60)
		}
		units = append(units, word)
	}
	for _, c := range a.Nearest {
		units = append(units, c.CallSign)
		if c.EtaS != nil {
			units[len(units)-1] += fmt.Sprintf(" %d:%02d", *c.EtaS/60, *c.EtaS%60)
		}
	}
	w := &Sentence{Code: "line.do." + p.Verb, Params: map[string]string{
		"units": strings.Join(units, " · "), "number": strconv.FormatInt(p.Number, 10), "other": strconv.FormatInt(p.OtherNo, 10),
		"to": p.To, "text": p.Text, "type": string(p.Type), "address": p.Address, "priority": string(p.Priority), "count": strconv.Itoa(p.Count),
		"level": string(p.Level), "tag": strings.Join(wordsOfIDs(p.Tags), " "), "result": p.Result, "kind": p.To, "lines": strings.Join(p.Lines, " → "),
	}}
	switch {
	case len(p.Left) > 0: // Who is left alone is said before it is done.
		w.Code += "_left"
		left := make([]string, 0, len(p.Left))
		for _, n := range p.Left {
			left = append(left, "#"+strconv.FormatInt(n, 10))
		}
		w.Params["left"] = strings.Join(left, " ")
	case p.Verb == line.Order:
		w.orders(p)
	case p.Verb == line.Orders && p.Count == 0:
		w.Code = "line.do.orders_none"
	case p.Order != "":
		w.follows(p)
	case p.Verb == line.Chase:
		w.chases(p)
	}
	if p.Due != nil {
		w.Params["at"] = p.Due.Format(time.RFC3339)
	}
	w.Text = p.Verb
	for _, word := range []string{w.Params["units"], p.To, string(p.Type), p.Address, string(p.Priority), string(p.Level), w.Params["tag"], p.Result, p.Text, w.Params["lines"], w.Params["whom"]} {
		if word != "" {
			w.Text += " " + word
		}
	}
	if p.Number > 0 {
		w.Text += " · #" + w.Params["number"]
	}
	if p.OrderNo > 0 {
		w.Text += " · order " + w.Params["order"]
	}
	if p.OtherNo > 0 {
		w.Text += " · #" + w.Params["other"]
	}
	if left := w.Params["left"]; left != "" {
		w.Text += "; nobody is left at " + left
	}
	return w
}

// orders says to whom an order goes.
func (w *Sentence) orders(p line.Plan) {
	whom := slices.Concat(wordsOfIDs(p.Units), wordsOfIDs(p.Stations), wordsOfIDs(p.Seats))
	w.Params["whom"] = strings.Join(whom, " ")
	switch {
	case p.All:
		w.Code = "line.do.order_all"
	case p.Way == "assign":
		w.Code, w.Params["station"] = "line.do.order_assign", w.Params["whom"]
	case len(whom) == 1 && len(p.Stations) == 1:
		w.Code, w.Params["station"] = "line.do.order_station", w.Params["whom"]
	}
}

// chases says what is pressed for: of one step, or of several.
func (w *Sentence) chases(p line.Plan) {
	kinds, units := []string{}, []string{}
	for _, o := range p.Owed {
		if !slices.Contains(kinds, o.Kind) {
			kinds = append(kinds, o.Kind)
		}
		if o.Unit != "" {
			units = append(units, string(o.Unit))
		}
	}
	w.Params["units"], w.Params["owed"] = strings.Join(units, " "), strings.Join(kinds, " ")
	if len(kinds) == 1 {
		w.Code = "line.do.chase_" + kinds[0]
	}
}

func wordsOfIDs[T ~string](ids []T) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, string(id))
	}
	return out
}

func shown(p line.Plan) *Shown {
	if p.Incident != "" {
		return &Shown{Kind: "incident", ID: string(p.Incident)}
	}
	if len(p.Units) > 0 {
		return &Shown{Kind: "unit", ID: string(p.Units[0])}
	}
	return nil
}
