package incident

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// Stories are whole lives in words that a dispatcher can read: testdata/*.txt. Rewrite them with -rewrite, and
// read the difference.
func TestStories(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			w := &world{now: begin(), lives: map[cad.IncidentID]State{}, committed: map[cad.IncidentID][]cad.UnitID{}}
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string { return w.tell(t, d) })
		})
	}
}

// world is a few incidents and a clock.
type world struct {
	now       time.Time
	seq       cad.Seq
	lives     map[cad.IncidentID]State
	committed map[cad.IncidentID][]cad.UnitID
}

// sentence is one line of a story: "transfer A to=12345 by=chief" with the words below it.
type sentence struct {
	*datadriven.TestData
	id cad.IncidentID
}

func (s sentence) arg(name string) string {
	if a, ok := s.Arg(name); ok && len(a.Vals) > 0 {
		return a.Vals[0]
	}
	return ""
}

func (s sentence) has(name string) bool { _, ok := s.Arg(name); return ok }

func (w *world) tell(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	if len(d.CmdArgs) == 0 {
		d.Fatalf(t, "%s whom?", d.Cmd)
	}
	s := sentence{TestData: d, id: cad.IncidentID(d.CmdArgs[0].Key)}
	switch d.Cmd {
	case "after":
		pause, err := time.ParseDuration(string(s.id))
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		w.now = w.now.Add(pause)
		return w.now.Format("Jan 2 15:04:05\n")
	case "units": // Whose assignments to it have not ended.
		w.committed[s.id] = nil
		for _, a := range d.CmdArgs[1:] {
			w.committed[s.id] = append(w.committed[s.id], cad.UnitID(a.Key))
		}
		return w.line(s.id)
	case "next":
		return w.next(s.id)
	case "late": // Every deadline that is due passes.
		var out strings.Builder
		for _, due := range Due(w.lives[s.id]) {
			out.WriteString(w.do(t, s, PassDeadline{ID: s.id, Kind: due.Kind, Due: due.Due}))
		}
		return out.String() + w.line(s.id)
	case "merge":
		into := cad.IncidentID(s.arg("into"))
		other := sentence{TestData: d, id: into}
		return w.both(t, s, MergeInto{ID: s.id, Other: into, Number: w.lives[into].Number, Gives: Given{Calls: []cad.CallID{"k1"}}}, other,
			TakeIn{ID: into, Other: s.id, Number: w.lives[s.id].Number})
	case "split":
		from := w.lives[s.id].MergedTo
		other := sentence{TestData: d, id: from}
		return w.both(t, s, Split{ID: s.id}, other, LetGo{ID: from, Other: s.id})
	}
	cmd := s.command()
	if cmd == nil {
		d.Fatalf(t, "nobody knows the word %s", d.Cmd)
	}
	return w.do(t, s, cmd) + w.line(s.id)
}

// command is what one sentence wishes, nil if nobody knows its verb.
func (s sentence) command() Command {
	told := words(s.Input)
	switch s.Cmd {
	case "open":
		return Open{ID: s.id, Number: int64(len(s.id)), Source: Phone, Private: told, Grade: Grade{
			Type: cad.TypeID(s.arg("type")), Priority: cad.Priority(s.arg("priority")), Limits: limits(),
		}}
	case "classify":
		return Classify{ID: s.id, Reason: told, Grade: Grade{Type: cad.TypeID(s.arg("type")), Priority: cad.Priority(s.arg("priority")), Limits: limits()}}
	case "locate":
		return Locate{ID: s.id, Place: &geo.Point{Lon: 103.5, Lat: 30.5}, Street: s.arg("street"), Address: told, Responsible: Responsible{Org: "st1", By: "polygon"}}
	case "note":
		return Note{ID: s.id, Text: told}
	case "answers":
		return TakeAnswers{ID: s.id, Answers: []Said{{Question: s.arg("question"), Value: s.arg("value"), Worded: !told.IsZero()}}, Words: told}
	case "schedule":
		at, _ := time.Parse(time.RFC3339, s.arg("at"))
		return Schedule{ID: s.id, At: at, LeadS: 1800}
	case "ask-seat":
		return AskSeat{ID: s.id, Seat: cad.SeatID(s.arg("seat")), WithinS: 60, Text: told}
	case "seat-takes":
		return TakeSeat{ID: s.id, Seat: cad.SeatID(s.arg("seat"))}
	case "seat-done":
		return EndSeat{ID: s.id, Seat: cad.SeatID(s.arg("seat")), Result: s.arg("result"), Text: told}
	case "dispatch":
		return StartWork{ID: s.id}
	case "feedback":
		return GiveFeedback{ID: s.id, Kind: ReportKind(s.arg("kind")), Result: s.arg("result"), Text: told}
	case "review":
		return Review{ID: s.id, Text: told}
	case "return":
		return ReturnForCorrection{ID: s.id, Text: told}
	case "close":
		return Close{ID: s.id, Disposition: s.arg("disposition")}
	case "reopen":
		return Reopen{ID: s.id, Text: told}
	case "transfer":
		return Transfer{ID: s.id, Partner: cad.PartnerID(s.arg("to")), Text: told, Approved: s.has("approved")}
	case "with":
		return ActTogether{ID: s.id, Partner: cad.PartnerID(s.arg("partner")), Text: told}
	case "follow_up":
		return FollowUp{ID: s.id, Partner: cad.PartnerID(s.arg("partner")), Text: told}
	case "raise_wave":
		n, _ := strconv.Atoi(s.arg("wave"))
		return RaiseWave{ID: s.id, Wave: n, Text: told}
	case "file":
		return AddFile{ID: s.id, Kind: s.arg("kind"), Bytes: int64(len(s.arg("digest"))), Digest: s.arg("digest"), Private: told}
	case "withdraw_file":
		return WithdrawFile{ID: s.id, File: FileID(s.arg("file")), Reason: told}
	case "urge":
		return Urge{ID: s.id, Call: cad.CallID(s.arg("call")), Text: told}
	case "invalid":
		return Invalidate{ID: s.id, Text: told}
	case "alert":
		return RaiseAlert{ID: s.id, Why: AlertTag, Of: s.arg("tag")}
	case "acknowledge":
		return Acknowledge{ID: s.id, Alert: s.arg("alert"), Text: told}
	case "handover":
		return HandOver{ID: s.id, To: cad.ActorID(s.arg("to"))}
	case "draw":
		n, _ := strconv.Atoi(s.arg("corners"))
		return Draw{ID: s.id, Drawing: DrawingID(s.arg("as")), Kind: DrawKind(s.arg("kind")), Points: around(n), Label: told}
	case "undraw":
		return Undraw{ID: s.id, Drawing: DrawingID(s.arg("as"))}
	}
	return nil
}

// around is so many corners of a circle, against the clock; a single one is its middle's neighbour.
func around(n int) (out []geo.Point) {
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out = append(out, geo.Point{Lon: 103.5 + math.Round(cos*1e4)/1e6, Lat: 30.5 + math.Round(sin*1e4)/1e6})
	}
	return out
}

// both does two things that belong together, as the room above does: both or neither.
func (w *world) both(t *testing.T, s sentence, cmd Command, other sentence, then Command) string {
	t.Helper()
	for _, c := range []struct {
		id  cad.IncidentID
		cmd Command
	}{{s.id, cmd}, {other.id, then}} {
		if _, err := c.cmd.Decide(w.lives[c.id], Around{Now: w.now, Actor: "watch", Committed: w.committed[c.id], Waves: planned}); err != nil {
			return refusal(err) + "\n" + w.line(s.id)
		}
	}
	return w.do(t, s, cmd) + w.do(t, other, then) + w.line(s.id) + w.line(other.id)
}

// do decides, folds and says what was written down.
func (w *world) do(t *testing.T, s sentence, cmd Command) string {
	t.Helper()
	by := cad.ActorID(s.arg("by"))
	if by == "" {
		by = "watch"
	}
	facts, err := cmd.Decide(w.lives[s.id], Around{Now: w.now, Actor: by, Committed: w.committed[s.id], Waves: planned})
	if err != nil {
		return refusal(err) + "\n"
	}
	if len(facts) == 0 {
		return "nothing new\n"
	}
	var out strings.Builder
	for _, f := range facts {
		w.seq++
		own := stored(t, f)
		w.lives[own.Of()] = Evolve(w.lives[own.Of()], own, cad.Stamp{Seq: w.seq, At: w.now, Happened: w.now, From: cad.FromClock, Actor: by})
		fmt.Fprintf(&out, "%d %s %s", w.seq, f.FactType(), strings.ReplaceAll(text(t, f), text(t, limits()), "[...]"))
		if c, ok := f.(cad.Confidential); ok && !c.Secret().IsZero() {
			out.WriteString(" + sealed words")
		}
		out.WriteString("\n")
	}
	return out.String()
}

// planned are the waves of the response plan in every story: the third asks for nothing.
var planned = []int{1, 2, 4}

// line is one incident as a row: its phase, what marks it, and what it owes.
func (w *world) line(id cad.IncidentID) string {
	s := w.lives[id]
	parts := []string{fmt.Sprintf("%s: %s", id, s.Phase)}
	mark := func(show bool, format string, args ...any) {
		if show {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	mark(s.Priority != "", "%s", s.Priority)
	mark(s.Returned, "returned")
	mark(s.Reopened > 0, "reopened %d", s.Reopened)
	mark(s.Wave > 0, "wave %d", s.Wave)
	mark(s.Urges > 0, "urged %d", s.Urges)
	mark(s.Disposition != "", "disposition %s", s.Disposition)
	mark(s.Commander.Actor != "watch" && s.Phase != "", "commander %s", s.Commander.Actor)
	for _, l := range s.Links {
		mark(true, "%s %s", l.Kind, l.Other)
	}
	for _, p := range s.Partners {
		mark(true, "%s %s", p.Mode, p.ID)
		mark(!p.FollowUp.IsZero(), "asked at %s", p.FollowUp.Format("15:04:05"))
	}
	for _, d := range s.Drawings {
		mark(true, "%s %s of %d by %s", d.Kind, d.ID, len(d.Points), d.By)
	}
	mark(len(w.committed[id]) > 0, "units %s", join(w.committed[id]))
	for _, x := range s.Answers {
		mark(true, "%s=%s", x.Question, x.Value)
	}
	for _, x := range s.Seats {
		mark(true, "seat %s %s", x.Seat, x.State)
	}
	mark(!s.Scheduled.IsZero(), "appointed for %s", s.Scheduled.Format("Jan 2 15:04"))
	mark(s.Waits(), "waits")
	for _, kind := range s.Passed {
		mark(true, "LATE %s", kind)
	}
	for _, d := range Due(s) {
		mark(true, "%s by %s", d.Kind, d.Due.Format("15:04:05"))
	}
	return strings.Join(parts, ", ") + "\n"
}

// next is the buttons: what may be done, and why the rest may not.
func (w *world) next(id cad.IncidentID) string {
	var may, not []string
	for _, s := range Next(w.lives[id], Around{Now: w.now, Committed: w.committed[id], Waves: planned}) {
		if s.Allowed {
			may = append(may, s.Verb)
		} else {
			not = append(not, s.Verb+" ("+s.Code+")")
		}
	}
	return "may " + strings.Join(may, " ") + "\nnot " + strings.Join(not, " ") + "\n"
}
