package api

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/account"
	"shuniu/internal/joint/owed"
	"shuniu/internal/report"
)

type (
	acknowledgeBody struct {
		Alert string `json:"alert,omitempty" maxLength:"80" doc:"The alert by its id; all of the incident's if it is left out."`
		Text  string `json:"text,omitempty" maxLength:"10000"`
	}
	reportBody struct {
		Kind     report.Kind `json:"kind" enum:"first,follow,final"`
		Text     string      `json:"text" maxLength:"100000"`
		To       string      `json:"to,omitempty" maxLength:"80" doc:"superior by default; an organisation, neighbour or partner of the centre."`
		Corrects int         `json:"corrects,omitempty" minimum:"1" doc:"With follow: the report that it puts right, by its number. What was filed is never changed."`
	}
)

// Filings are the urgent reports about one incident.
type Filings struct {
	AsOf   cad.Seq           `json:"as_of"`
	Items  []board.FilingRow `json:"items"`
	Report *board.ReportMark `json:"report,omitempty"`
	Next   []cad.Step        `json:"next"`
}

// ReportDraft is what a report would say now.
type ReportDraft struct {
	AsOf     cad.Seq           `json:"as_of"`
	Kind     report.Kind       `json:"kind"`
	Due      *time.Time        `json:"due,omitempty" doc:"When this report is owed; absent if it is not."`
	Passed   bool              `json:"passed,omitempty"`
	Findings []account.Finding `json:"findings" doc:"In the order of the report. The console's catalogues make sentences of them."`
	Facts    []cad.Seq         `json:"facts" doc:"Every record that it rests on."`
}

// Owed is what is late, and who owes it.
type Owed struct {
	AsOf  cad.Seq     `json:"as_of"`
	Clock time.Time   `json:"clock"`
	Items []owed.Debt `json:"items"`
}

// reportRoutes lists the addresses about alerts, urgent reports and what is owed.
func (s *Server) reportRoutes() {
	put(s, "/incidents/{id}/acknowledge", "The duty commander has seen why he was alerted", func(q request, id string, b acknowledgeBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.AboutIncident{ID: i, Name: "acknowledge", Cmd: incident.Acknowledge{ID: i, Alert: b.Alert, Text: sealed}}, err
	})
	put(s, "/incidents/{id}/reports", "File an urgent report about it", func(q request, id string, b reportBody) (joint.Command, error) {
		i := q.incidentID(id)
		sealed, err := q.seal(incident.Subject(i), b.Text)
		return joint.FileReport{Incident: i, Kind: b.Kind, To: b.To, Corrects: b.Corrects, Text: sealed}, err
	})
	huma.Register(s.api, huma.Operation{
		OperationID: "get-reports", Method: "GET", Path: "/api/v1/incidents/{id}/reports", Summary: "The urgent reports about it that were filed", Tags: []string{"incidents"},
	}, s.filings)
	huma.Register(s.api, huma.Operation{
		OperationID: "get-report-draft", Method: "GET", Path: "/api/v1/incidents/{id}/report-draft", Summary: "What an urgent report would say now, finding by finding with its records", Tags: []string{"incidents"},
	}, s.reportDraft)
	huma.Register(s.api, huma.Operation{
		OperationID: "get-owed", Method: "GET", Path: "/api/v1/owed", Summary: "What is late, and who owes it", Tags: []string{"centre"},
	}, s.owed)
}

func (s *Server) filings(ctx context.Context, in *struct {
	ID string `path:"id"`
},
) (*struct{ Body Filings }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	id := q.incidentID(in.ID)
	if err := q.mayReadReports(id); err != nil {
		return nil, s.refuse(ctx, err)
	}
	out := &struct{ Body Filings }{Body: Filings{AsOf: q.centre.Board.AsOf(), Items: []board.FilingRow{}}}
	items, mark, next, _ := q.centre.Board.Filings(board.ClassOf(q.actor), id)
	out.Body.Report, out.Body.Next = mark, next
	out.Body.Items = append(out.Body.Items, items...)
	return out, nil
}

// mayReadReports refuses who may not read them, and what there is not.
func (q request) mayReadReports(id cad.IncidentID) error {
	if err := q.centre.Desk.May(q.actor, "report.read", q.centre.thing(report.Subject(id))); err != nil {
		return err
	}
	_, err := q.row(id)
	return err
}

func (s *Server) reportDraft(ctx context.Context, in *struct {
	ID   string      `path:"id"`
	Kind report.Kind `query:"kind" enum:"first,follow,final" default:"first"`
},
) (*struct{ Body ReportDraft }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	id := q.incidentID(in.ID)
	if err := q.mayReadReports(id); err != nil {
		return nil, s.refuse(ctx, err)
	}
	story, err := q.told(id)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	out := &struct{ Body ReportDraft }{Body: ReportDraft{Kind: in.Kind, Facts: []cad.Seq{}}}
	here := false
	q.centre.Board.Look(func(h *joint.House) {
		if here = h.Incident(id).ID != ""; !here {
			return
		}
		out.Body.AsOf = h.Seq
		out.Body.Findings = account.Of(h, id, story, in.Kind)
		if k, due, owed := h.Report(id).Owed(); owed && k == in.Kind {
			out.Body.Due, out.Body.Passed = &due, h.Report(id).Late()
		}
	})
	if !here {
		return nil, s.refuse(ctx, fault.New("api.ReportDraft", fault.Conflict, "the incident has left memory").Because("left_memory").
			Mend("read its timeline, and write the report from it"))
	}
	for _, f := range out.Body.Findings {
		out.Body.Facts = append(out.Body.Facts, f.Facts...)
	}
	return out, nil
}

// told is everything recorded about an incident with its words.
func (q request) told(id cad.IncidentID) ([]account.Told, error) {
	story, err := q.centre.Desk.Story(q.ctx, incident.Subject(id))
	if err != nil {
		return nil, err
	}
	private := q.centre.Board.May(board.ClassOf(q.actor), "private.read", incident.Subject(id))
	out := make([]account.Told, 0, len(story))
	for _, t := range story {
		a := account.Told{Seq: t.Record.Seq, Happened: t.Record.Happened, Fact: t.Fact}
		if t.Record.Private != nil && private {
			var w struct {
				board.Words
				board.Opening
			}
			if kept, err := q.centre.Desk.Unseal(*t.Record.Private, &w); kept && err == nil { // What cannot be opened is left out.
				a.Text, a.Address = w.Text+w.Narrative, w.Address
			}
		}
		out = append(out, a)
	}
	return out, nil
}

func (s *Server) owed(ctx context.Context, in *struct {
	All bool `query:"all" doc:"Also what has a time and is not late yet."`
},
) (*struct{ Body Owed }, error) {
	q := request{ctx: ctx, centre: centreOf(ctx), actor: actorOf(ctx)}
	out := &struct{ Body Owed }{Body: Owed{Clock: q.centre.Desk.Now()}}
	q.centre.Board.Look(func(h *joint.House) {
		out.Body.AsOf, out.Body.Items = h.Seq, q.owedIn(h, out.Body.Clock, in.All)
	})
	return out, nil
}

// owedIn is what a house owes at a moment, as far as this session may see it.
func (q request) owedIn(h *joint.House, at time.Time, all bool) []owed.Debt {
	return slices.DeleteFunc(owed.List(h, at, all), func(d owed.Debt) bool { return !seesOwed(q.centre, h, q.actor, d) })
}

// seesOwed asks the policy about the life that something is owed to.
func seesOwed(c *Centre, h *joint.House, actor cad.Actor, i owed.Debt) bool {
	read := map[string]string{"incident": "incident.read", "assignment": "incident.read", "call": "call.answer", "order": "order.read", "report": "report.read"}
	kind, _ := i.Subject.Split()
	return c.Desk.May(actor, read[kind], h.Thing(i.Subject)) == nil
}
