package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
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
	Advice string `json:"advice,omitempty" maxLength:"40" doc:"The recommendation that a preview showed, by its id."`
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
	Advice     string               `json:"advice,omitempty" doc:"Names the recommendation that the units are from: give it with the line that sends them."`

	expected map[cad.UnitID]int64
	advised  *dispatch.Advice // What was recommended when the line was read; nil if nothing could be.
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
}

type commandOutput struct {
	Replay bool `header:"Idempotent-Replay"`
	Body   CommandAnswer
}

func (s *Server) command(q request, h WriteHeaders, in commandBody) (*commandOutput, error) {
	r := q.placed(q.read(in.Text))
	if r.Status == line.Ambiguous && in.Choice > 0 && in.Choice <= len(r.Candidates) {
		plan := r.Candidates[in.Choice-1].Plan
		r = line.Reading{Status: line.Ready, Plan: &plan}
	}
	output := &commandOutput{Body: CommandAnswer{Status: string(r.Status), Plan: r.Plan, Candidates: r.Candidates, Remedy: r.Remedy}}
	out := &output.Body
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
	if p.Verb == line.Open || p.Verb == line.Near {
		if !in.DryRun {
			out.Status, out.Show = "ok", shown(p)
		}
		return output, nil
	}
	q.dry = in.DryRun
	cmd, err := s.planned(q, p, seen{advice: out.advised, name: cmp.Or(in.Advice, out.Advice)})
	if err != nil {
		return nil, s.refuse(q.ctx, err)
	}
	wish := desk.Wish{
		Actor: q.actor, Power: h.Power, Key: h.Key, Body: []byte(in.Text), IfSeq: cad.Seq(h.IfSeq), Expires: h.Expires, Happened: h.Happened, From: h.From, Command: cmd,
	}
	if in.DryRun {
		if err := q.centre.Desk.Try(q.ctx, wish); err != nil {
			return output, s.judged(q.ctx, out, err)
		}
		return output, nil
	}
	reply, err := q.centre.Desk.Do(q.ctx, wish)
	if err != nil {
		return output, s.judged(q.ctx, out, err)
	}
	out.Status, out.Seq, output.Replay = "ok", reply.Seq, reply.Repeat
	if p.Verb == line.New {
		out.Show = &Shown{Kind: "incident", ID: reply.ID}
	}
	return output, nil
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
func (q request) read(text string) line.Reading {
	old := map[int64]cad.IncidentID{}
	for {
		var r line.Reading
		q.centre.Board.Look(func(house *joint.House) { r = line.Read(house, text, old) })
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
	}}
	w.Text = p.Verb
	for _, word := range []string{w.Params["units"], p.To, string(p.Type), p.Address, string(p.Priority), p.Text} {
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

// each makes one command of those for each unit.
func each(units []cad.UnitID, command func(cad.UnitID) (joint.Command, error)) (joint.Command, error) {
	var all joint.Together
	for _, u := range units {
		c, err := command(u)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

// planned is what a plan asks of the desk: one command, so that it happens whole or not at all.
func (s *Server) planned(q request, p line.Plan, sn seen) (joint.Command, error) {
	switch p.Verb {
	case line.Say:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) {
			return joint.SayUnit{Unit: u, To: p.To, Reason: q.reasonNamed(p.Text)}, nil
		})
	case line.Duress:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) {
			d, sealed := s.duressWords(q, u, p.Text)
			return joint.AboutUnit{ID: u, Name: "duress", Cmd: unit.RaiseDuress{ID: u, Duress: d, Text: sealed}}, nil
		})
	case line.Standby, line.CallOff:
		return each(p.Units, func(u cad.UnitID) (joint.Command, error) { return q.standbyByLine(p, u) })
	case line.Merge:
		return joint.Merge{ID: p.Incident, Into: p.Other}, nil
	case line.Link:
		return joint.Link{ID: p.Incident, Other: p.Other}, nil
	case line.Priority:
		if p.To == "level" {
			level := map[string]cad.Level{"1": "I", "2": "II", "3": "III", "4": "IV"}[p.Text]
			return joint.Classify{ID: p.Incident, Level: level}, nil
		}
		sealed, err := q.seal(incident.Subject(p.Incident), p.Text)
		return joint.Classify{ID: p.Incident, Priority: cad.Priority(p.To), Reason: sealed}, err
	case line.New:
		return q.newByLine(p)
	case line.Backup:
		sealed, err := q.seal(q.workOf(p.Units[0]), p.Text)
		return dispatch.AskBackup{Unit: p.Units[0], Count: p.Count, Text: sealed}, err
	}
	sealed, err := q.seal(incident.Subject(p.Incident), p.Text)
	if err != nil {
		return nil, err
	}
	about := func(name string, cmd incident.Command) (joint.Command, error) {
		return joint.AboutIncident{ID: p.Incident, Name: name, Cmd: cmd}, nil
	}
	switch p.Verb {
	case line.Send, line.Reassign:
		return q.sendByLine(p, sealed, sn), nil
	case line.Note:
		return about("note", incident.Note{ID: p.Incident, Text: sealed})
	case line.Chase:
		return about("urge", incident.Urge{ID: p.Incident, Text: sealed})
	case line.Wave:
		return about("raise_wave", incident.RaiseWave{ID: p.Incident, Wave: p.Count, Text: sealed})
	case line.Close:
		return about("close", incident.Close{ID: p.Incident})
	case line.With:
		return about("with", incident.ActTogether{ID: p.Incident, Partner: cad.PartnerID(p.To), Text: sealed})
	case line.Transfer:
		return about("transfer", incident.Transfer{ID: p.Incident, Partner: cad.PartnerID(p.To), Approved: q.centre.Desk.May(q.actor, incident.ApproveTransfer, q.centre.thing(incident.Subject(p.Incident))) == nil, Text: sealed})
	}
	return nil, fault.New("api.Command", fault.Internal, "the plan %q has no command", p.Verb)
}

// reasonNamed is the id of the reason that people call so; the words themselves if the centre has none by that name.
func (q request) reasonNamed(words string) string {
	id := words
	q.centre.Board.Look(func(h *joint.House) {
		for _, r := range h.Org.Reasons {
			for _, name := range r.Name {
				if strings.EqualFold(name, words) {
					id = r.ID
				}
			}
		}
	})
	return id
}

// newByLine opens an incident with what the line says of it.
func (q request) newByLine(p line.Plan) (joint.Command, error) {
	id := newID()
	cmd := joint.Receive{ID: cad.IncidentID(id), Source: incident.Phone, Type: p.Type, Priority: p.Priority, Place: p.Place, Approx: p.Approx}
	if p.Place != nil {
		cmd.Street = q.street(p.Place)
	}
	if q.dry {
		return cmd, nil
	}
	var err error
	cmd.Private, err = q.centre.Desk.Seal(incident.Subject(cmd.ID), board.Opening{Narrative: p.Text, Address: p.Address})
	return cmd, err
}
