package unit

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// TestStories plays the stories in testdata. To accept new answers run
//
//	go test ./internal/unit -rewrite
//
// and read the diff as a dispatcher would before committing it.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var s State
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var at, reason string
			d.MaybeScanArgs(t, "at", &at)
			d.MaybeScanArgs(t, "reason", &reason)
			now := noon
			if at != "" {
				clock, err := time.Parse(time.TimeOnly, at)
				if err != nil {
					d.Fatalf(t, "%v", err)
				}
				now = time.Date(2030, 5, 1, clock.Hour(), clock.Minute(), clock.Second(), 0, time.UTC)
			}
			around := Around{Now: now, Actor: "officer"}
			if d.HasArg("assigned") {
				around.Assigned = []cad.AssignmentID{"a1"}
			}
			var c Command
			switch d.Cmd {
			case "state":
				b, _ := json.MarshalIndent(s, "", " ")
				return string(b)
			case "next":
				return buttons(Next(s, around))
			case "enrol":
				c = Enrol{Unit: car()}
			case "retire":
				c = Retire{}
			case "available":
				c = ReportAvailable{}
			case "unavailable":
				c = ReportUnavailable{Reason: reason}
			case "off-duty":
				c = GoOffDuty{}
			case "duress":
				c = RaiseDuress{ID: "101"}
			case "clear-duress":
				c = ClearDuress{}
				if !d.HasArg("silent") {
					c = ClearDuress{Text: seen}
				}
			case "acknowledge":
				c = AcknowledgeDuress{}
				if !d.HasArg("silent") {
					c = AcknowledgeDuress{Text: seen}
				}
			case "answers":
				c = Hear{}
			case "standby":
				c = StandBy{Place: geo.Point{Lon: 118.4, Lat: 31.2}, Post: reason}
				if d.HasArg("nowhere") {
					c = StandBy{Place: geo.Point{Lon: 118.4, Lat: 231.2}}
				}
			case "end-standby":
				c = EndStandby{}
			case "lost":
				c = LoseContact{}
			case "heard":
				c = RegainContact{}
			default:
				d.Fatalf(t, "no such word: %s", d.Cmd)
			}
			facts, err := c.Decide(s, around)
			if err != nil {
				var e *fault.Error
				if !errors.As(err, &e) {
					d.Fatalf(t, "%v", err)
				}
				return strings.TrimSuffix("no ("+e.Code+"): "+e.Text+"; "+e.Remedy, "; ")
			}
			out := []string{}
			for _, f := range facts {
				s = Evolve(s, f.(Fact), cad.Stamp{Seq: s.Changed + 1, At: now, Happened: now, Actor: "officer"})
				b, _ := json.Marshal(f)
				out = append(out, f.FactType()+" "+string(b))
			}
			if len(out) == 0 {
				return "nothing"
			}
			return strings.Join(out, "\n")
		})
	})
}

func buttons(steps []cad.Step) string {
	out := make([]string, len(steps))
	for i, x := range steps {
		out[i] = x.Verb
		if !x.Allowed {
			out[i] += ": no, " + x.Text
		}
	}
	return strings.Join(out, "\n")
}
