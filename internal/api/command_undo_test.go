package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
)

// seat types lines as one seat does.
type seat struct {
	t *testing.T
	h *house
}

func (s seat) line(text, want string, more ...string) map[string]any {
	s.t.Helper()
	extra, headers := "", []string{}
	for _, m := range more {
		if strings.HasPrefix(m, ",") {
			extra += m
		} else {
			headers = append(headers, m)
		}
	}
	out := s.h.post("/command", fmt.Sprintf(`{"text":%q%s}`, text, extra), 200, headers...)
	if dig(out, "status") != want {
		s.t.Fatalf("%s: %v, want %s", text, out, want)
	}
	return out
}

// What a line did is taken back by a command that names it as its cause; what cannot be is said.
func TestUndo(t *testing.T) {
	h := newHouse(t)
	s := seat{t, h}
	if out := s.line("撤回", "wrong"); dig(out, "preview.code") != "line.undo_restarted" {
		t.Errorf("a moment after the start: %v", out["preview"])
	}
	h.centre.Started = h.centre.Started.Add(-time.Hour)
	if out := s.line("undo", "wrong"); dig(out, "preview.code") != "line.undo_none" {
		t.Errorf("long after the start: %v", out["preview"])
	}
	id := dig(s.line("新警 knife @汀兰路12号 P1 两人持刀", "ok"), "show.id")
	units := func() int {
		n := 0
		list, _ := h.get("/incidents/" + id)["assignments"].([]any)
		for _, a := range list {
			if dig(a, "stage") != "cleared" {
				n++
			}
		}
		return n
	}
	sent := s.line("派 101 去 1", "ok")
	if dig(sent, "undo.of") != "派 101 去 1" || dig(sent, "undo.until") == "" || units() != 1 {
		t.Fatalf("sent: %v", sent)
	}
	seq := dig(sent, "seq")
	if out := s.line("撤回", "preview", `,"dry_run":true`); dig(out, "preview.params.of") != "派 101 去 1" || units() != 1 {
		t.Errorf("previewed: %v", out)
	}
	s.line("撤回", "ok", "Idempotency-Key: u1")
	s.line("撤回", "ok", "Idempotency-Key: u1") // A repeat takes nothing further back.
	if units() != 0 || dig(h.get("/incidents/"+id), "phase") == "invalid" {
		t.Fatalf("after the undo: %v", h.get("/incidents/"+id))
	}
	var cause cad.Seq
	if err := h.desk.Read(t.Context(), 0, func(told desk.Told) bool { cause = told.Record.Cause; return true }); err != nil || fmt.Sprint(cause) != seq {
		t.Errorf("its cause is %d (%v), want %s", cause, err, seq)
	}

	s.line("1 记 看到了", "ok")
	if out := s.line("撤回", "wrong"); dig(out, "preview.code") != "line.undo_written" {
		t.Errorf("a note: %v", out)
	}
	s.line("101 暂停 用餐", "ok")
	s.line("undo", "ok")
	list, _ := h.get("/units")["items"].([]any)
	for _, u := range list {
		if dig(u, "id") == "101" && dig(u, "state") != "available" {
			t.Errorf("the unit: %v", u)
		}
	}
	s.line("新警 knife @汀兰路13号", "ok")
	s.line("合并 2 到 1", "ok")
	s.line("撤回", "ok")
	if row := h.get("/incidents/2"); dig(row, "phase") == "merged" {
		t.Errorf("after the split: %v", row)
	}
	s.line("派 101 去 1", "ok")
	s.line("改派 101 去 2 理由 更近", "ok")
	s.line("撤回", "ok")
	if units() != 1 {
		t.Errorf("it is not back: %v", h.get("/incidents/"+id))
	}
	s.line("派 211 去 2", "ok")
	s.line("211 到达", "ok")
	if out := s.line("撤回", "wrong"); dig(out, "preview.code") != "line.undo_said" {
		t.Errorf("a crew's word: %v", out)
	}
	h.time.pass(6 * time.Minute)
	if out := s.line("撤回", "wrong"); dig(out, "preview.code") != "line.undo_late" {
		t.Errorf("late: %v", out)
	}
}
