package board

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/report"
)

// FilingRow is one urgent report that was filed.
type FilingRow struct {
	N        int         `json:"n" doc:"From 1, in the order of filing."`
	Kind     report.Kind `json:"kind"`
	To       string      `json:"to"`
	By       cad.ActorID `json:"by"`
	At       time.Time   `json:"at"`
	Seq      cad.Seq     `json:"seq"`
	Corrects int         `json:"corrects,omitempty"`
	Late     bool        `json:"late,omitempty"`
	Text     string      `json:"text,omitempty"`
}

// reportMark is how it stands with the reports about an incident; nil if none is owed and none was filed. Who may not file
// them does not see them: they are between the centre and the one above it.
func (b *Board) reportMark(c Class, s *incident.State) *ReportMark {
	subject := report.Subject(s.ID)
	r := b.house.Report(s.ID)
	kind, due, owed := r.Owed()
	if !b.may(c, "report.read", subject) || !owed && len(r.Filed) == 0 {
		return nil
	}
	m := &ReportMark{Filed: len(r.Filed), Passed: r.Late(), Last: moment(r.Last), Next: b.reportSteps(c, s)}
	if owed {
		m.Kind, m.Due = kind, moment(due)
	}
	return m
}

func (b *Board) reportSteps(c Class, s *incident.State) []cad.Step {
	steps := report.Next(b.house.Report(s.ID), joint.AroundReport(*s))
	for i := range steps {
		if b.then {
			steps[i] = inPast(steps[i])
		}
		if err := b.policy.May(c.actor(), "report.file", b.house.Thing(report.Subject(s.ID))); err != nil && steps[i].Allowed {
			steps[i] = cad.StepOf(steps[i].Verb, err)
		}
	}
	return steps
}

// Filings are the urgent reports about an incident with their words, the oldest first, and which may be filed now; false if
// the class may not read them.
func (b *Board) Filings(c Class, id cad.IncidentID) (out []FilingRow, mark *ReportMark, next []cad.Step, sees bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s := b.house.Incidents[id]
	if s == nil || !b.may(c, "report.read", report.Subject(id)) {
		return nil, nil, nil, false
	}
	for i, f := range b.house.Report(id).Filed {
		out = append(out, FilingRow{
			N: i + 1, Kind: f.Kind, To: f.To, By: f.By, At: f.At, Seq: f.Seq, Corrects: f.Corrects, Late: f.Late, Text: b.text(f.Text),
		})
	}
	return out, b.reportMark(c, s), b.reportSteps(c, s), true
}
