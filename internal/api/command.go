package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/unit"
)

// commandBody is a line as a dispatcher types it.
type commandBody struct {
	Text   string `json:"text" maxLength:"2000"`
	DryRun bool   `json:"dry_run,omitempty" doc:"Say what would happen; do nothing."`
	Choice int    `json:"choice,omitempty" minimum:"0" maximum:"9" doc:"The digit of one of several meanings."`
}

// CommandAnswer is what a line came to.
type CommandAnswer struct {
	Status     string               `json:"status" enum:"ok,preview,ambiguous,wrong,incomplete"`
	Preview    *Sentence            `json:"preview,omitempty" doc:"What would happen, happened, or is wrong."`
	Remedy     string               `json:"remedy,omitempty" doc:"English."`
	Plan       *line.Plan           `json:"plan,omitempty"`
	Candidates []line.Meaning       `json:"candidates,omitempty"`
	Show       *Shown               `json:"show,omitempty" doc:"What to open on the screen."`
	Nearest    []dispatch.Candidate `json:"nearest,omitempty"`
	Seq        cad.Seq              `json:"seq,omitempty"`

	expected map[cad.UnitID]int64
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
	) (*struct{ Body CommandAnswer }, error) {
		q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
		out, err := s.command(q, in.WriteHeaders, in.Body)
		return &struct{ Body CommandAnswer }{Body: out}, err
	})
}

func (s *Server) command(q request, h WriteHeaders, in commandBody) (CommandAnswer, error) {
	var r line.Reading
	q.centre.Board.Look(func(house *joint.House) { r = line.Read(house, in.Text) })
	if r.Status == line.Ambiguous && in.Choice > 0 && in.Choice <= len(r.Candidates) {
		plan := r.Candidates[in.Choice-1].Plan
		r = line.Reading{Status: line.Ready, Plan: &plan}
	}
	out := CommandAnswer{Status: string(r.Status), Plan: r.Plan, Candidates: r.Candidates, Remedy: r.Remedy}
	if r.Code != "" {
		out.Preview = &Sentence{Code: r.Code, Params: r.Params, Text: r.Text}
	}
	if r.Status != line.Ready {
		return out, nil
	}
	p := *r.Plan
	q.foresee(&p, &out)
	out.Plan, out.Preview = &p, say(p, out)
	if in.DryRun {
		return out, nil
	}
	if p.Verb == line.Open || p.Verb == line.Near {
		out.Status, out.Show = "ok", shown(p)
		return out, nil
	}
	commands, err := q.commands(p, out.expected)
	if err != nil {
		return out, s.refuse(q.ctx, err)
	}
	for i, cmd := range commands {
		key := h.Key
		if key != "" && len(commands) > 1 {
			key += "/" + strconv.Itoa(i)
		}
		reply, err := q.centre.Desk.Do(q.ctx, desk.Wish{
			Actor: q.actor, Power: h.Power, Key: key, Body: []byte(in.Text), Expires: h.Expires, Happened: h.Happened, From: h.From, Command: cmd,
		})
		if err != nil {
			x := problemOf(err)
			out.Status, out.Preview, out.Remedy = "wrong", &Sentence{Code: x.Code, Params: x.Params, Text: x.Detail}, x.Remedy
			return out, nil
		}
		out.Seq = reply.Seq
	}
	out.Status = "ok"
	return out, nil
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
		"to": p.To, "text": p.Text, "count": strconv.Itoa(p.Count),
	}}
	w.Text = p.Verb
	for _, word := range []string{w.Params["units"], p.To, p.Text} {
		if word != "" {
			w.Text += " " + word
		}
	}
	if p.Number > 0 {
		w.Text += " · #" + w.Params["number"]
	}
	if p.OtherNo > 0 {
		w.Text += " · #" + w.Params["other"]
	}
	return w
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

// foresee fills in what the line left to us: the recommended units, and when each would be there.
func (q request) foresee(p *line.Plan, out *CommandAnswer) {
	if p.Verb != line.Send && p.Verb != line.Reassign && p.Verb != line.Near {
		return
	}
	advice, _, _, ok := q.advise(p.Incident)
	if !ok {
		return
	}
	if p.Verb == line.Near {
		out.Nearest = advice.Items[:min(len(advice.Items), 5)]
		return
	}
	for _, c := range advice.Items {
		if p.Best < 0 && c.Pick || p.Best > 0 && len(p.Units) < p.Best {
			p.Units = append(p.Units, c.Unit)
		}
	}
	out.expected = map[cad.UnitID]int64{}
	for _, list := range [][]dispatch.Candidate{advice.Items, advice.LeftOut} {
		for _, c := range list {
			for _, u := range p.Units {
				if u == c.Unit && c.EtaS != nil {
					out.expected[u] = *c.EtaS
				}
			}
		}
	}
}

// commands are what a plan asks of the desk.
func (q request) commands(p line.Plan, expected map[cad.UnitID]int64) ([]joint.Command, error) {
	switch p.Verb {
	case line.Send, line.Reassign:
		return q.sendCommands(p, expected)
	case line.Say:
		var out []joint.Command
		for _, u := range p.Units {
			out = append(out, joint.SayUnit{Unit: u, To: p.To, Reason: p.Text})
		}
		return out, nil
	case line.Note:
		sealed, err := q.seal(incident.Subject(p.Incident), p.Text)
		return []joint.Command{joint.AboutIncident{ID: p.Incident, Name: "note", Cmd: incident.Note{ID: p.Incident, Text: sealed}}}, err
	case line.Chase:
		sealed, err := q.seal(incident.Subject(p.Incident), p.Text)
		return []joint.Command{joint.AboutIncident{ID: p.Incident, Name: "urge", Cmd: incident.Urge{ID: p.Incident, Text: sealed}}}, err
	case line.Priority:
		if p.To == "level" {
			level := map[string]cad.Level{"1": "I", "2": "II", "3": "III", "4": "IV"}[p.Text]
			return []joint.Command{joint.Classify{ID: p.Incident, Level: level}}, nil
		}
		return []joint.Command{joint.Classify{ID: p.Incident, Priority: cad.Priority(p.To), Reason: p.Text}}, nil
	case line.Close:
		return []joint.Command{joint.AboutIncident{ID: p.Incident, Name: "close", Cmd: incident.Close{ID: p.Incident}}}, nil
	case line.Merge:
		return []joint.Command{joint.Merge{ID: p.Incident, Into: p.Other}}, nil
	case line.Link:
		return []joint.Command{joint.Link{ID: p.Incident, Other: p.Other}}, nil
	case line.Duress:
		sealed, err := q.seal(unit.Subject(p.Units[0]), p.Text)
		return []joint.Command{joint.AboutUnit{ID: p.Units[0], Name: "duress", Cmd: unit.RaiseDuress{ID: p.Units[0], Text: sealed}}}, err
	case line.Backup:
		sealed, err := q.seal(unit.Subject(p.Units[0]), p.Text)
		return []joint.Command{dispatch.AskBackup{Unit: p.Units[0], Count: p.Count, Text: sealed}}, err
	}
	return nil, fault.New("api.Command", fault.Internal, "the plan %q has no command", p.Verb)
}

func (q request) sendCommands(p line.Plan, expected map[cad.UnitID]int64) ([]joint.Command, error) {
	sealed, err := q.seal(incident.Subject(p.Incident), p.Text)
	cmd := dispatch.Send{Incident: p.Incident, Units: p.Units, Stack: p.Stack, Reassign: p.Verb == line.Reassign, Reason: sealed, ExpectS: map[cad.UnitID]int64{}}
	for _, u := range p.Units {
		cmd.IDs = append(cmd.IDs, cad.AssignmentID(newID()))
		cmd.ExpectS[u] = expected[u]
	}
	return []joint.Command{cmd}, err
}
