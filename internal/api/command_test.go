package api_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/memstore"
	"shuniu/internal/osm"
)

// TestCommandLine types lines as a dispatcher does: what is previewed is what happens, whole or not at all.
func TestCommandLine(t *testing.T) {
	h := newHouse(t)
	typed := func(text, more string, want string, headers ...string) map[string]any {
		t.Helper()
		out := h.post("/command", `{"text":"`+text+`"`+more+`}`, 200, headers...)
		if dig(out, "status") != want {
			t.Fatalf("%s: %v, want %s", text, out, want)
		}
		return out
	}
	const dry = `,"dry_run":true`
	head := h.desk.Head()
	typed("新警 knife @汀兰路12号 P1 两人持刀", dry, "preview")
	if h.desk.Head() != head {
		t.Error("a preview wrote something down")
	}
	made := typed("新警 knife @汀兰路12号 P1 两人持刀", "", "ok", "Idempotency-Key: l1")
	status, again, answered := h.ask("POST", "/command", `{"text":"新警 knife @汀兰路12号 P1 两人持刀"}`, "Idempotency-Key: l1")
	id := dig(made, "show.id")
	if row := h.get("/incidents/" + id); dig(row, "type") != "knife" || dig(row, "narrative") != "两人持刀" || dig(row, "place.address") != "汀兰路12号" || dig(row, "priority") != "P1" {
		t.Errorf("the new incident: %v", row)
	}
	if status != 200 || dig(again, "show.id") != id || answered.Get("Idempotent-Replay") != "true" {
		t.Errorf("the same line again: %d %v %v", status, again, answered)
	}

	// The rooms are asked before Enter.
	for text, code := range map[string]string{"办结 1": "no_final_feedback", "101 到达": "not_assigned", "分流 1 119 理由": "p1_transfer"} {
		seq := dig(h.get("/incidents/"+id), "seq")
		preview, executed := typed(text, dry, "wrong"), typed(text, "", "wrong")
		if a, b := dig(preview, "preview.code"), dig(executed, "preview.code"); a != b || a != code || dig(h.get("/incidents/"+id), "seq") != seq {
			t.Errorf("%s: previewed as %q, answered %q, want %q", text, a, b, code)
		}
	}
	typed("派 101 211 去 1", "", "ok")

	// Several crews are one append: both or none.
	appends := 0
	h.store.OnAppend(func(cad.Seq, int) (memstore.Failure, error) { appends++; return memstore.Never, nil })
	typed("101 211 签收", "", "ok")
	h.store.OnAppend(nil)
	if appends != 1 {
		t.Errorf("two crews made %d appends", appends)
	}
	typed("101 出发", "", "ok")
	before := h.desk.Head()
	typed("101 211 701 到达", "", "wrong") // 701 is not sent anywhere.
	if h.desk.Head() != before {
		t.Error("half of a line happened")
	}

	// If-Seq counts.
	row := h.get("/incidents/" + id)
	typed("1 记 看到了", "", "ok", "If-Seq: "+dig(row, "seq"))
	if out := typed("1 记 晚了", "", "wrong", "If-Seq: "+dig(row, "seq")); dig(out, "preview.code") != "changed" {
		t.Errorf("an old If-Seq: %v", out)
	}

	// The nearest of a kind, in either language.
	h.post("/incidents/"+id+"/locate", `{"place":{"lon":0.05,"lat":0}}`, 200)
	h.post("/incidents", `{"place":{"lon":0.05,"lat":0}}`, 201)
	typed("101 211 恢复", "", "ok")
	for text, unit := range map[string]string{"最近 2 派出所车组": "211", "最近 2 车巡": "101", "near 2 crew": "211"} {
		out := typed(text, dry, "preview")
		if list, _ := out["nearest"].([]any); len(list) != 1 || dig(list[0], "unit") != unit {
			t.Errorf("%s: %v, want %s alone", text, out["nearest"], unit)
		}
	}
	if out := typed("最近 2 潜艇", dry, "wrong"); dig(out, "preview.code") != "line.no_such_kind" {
		t.Errorf("a kind that is none: %v", out)
	}

	// What is not stored is a problem here as everywhere, and is logged.
	h.store.FailNext(memstore.BeforeStore, errors.New("the disk is gone"))
	if out := h.post("/command", `{"text":"1 记 x"}`, 503); dig(out, "code") != "not_stored" || !strings.Contains(h.log.String(), "the disk is gone") {
		t.Errorf("a line that could not be stored: %v", out)
	}
}

// A place in a line is looked up: one that is plain is set, of doubles the person chooses, and what nobody knows stays
// as it was told.
func TestCommandLinePlaces(t *testing.T) {
	h := newHouse(t)
	typed := func(text, more, want string) map[string]any {
		t.Helper()
		out := h.post("/command", `{"text":"`+text+`"`+more+`}`, 200)
		if dig(out, "status") != want {
			t.Fatalf("%s: %v, want %s", text, out, want)
		}
		return out
	}
	incidentOf := func(out map[string]any) map[string]any { return h.get("/incidents/" + dig(out, "show.id")) }
	if row := incidentOf(typed("新警 knife @xpl8", "", "ok")); dig(row, "place.address") != "xpl8" || dig(row, "place.lon") != "" {
		t.Errorf("before the map is read: %v", row["place"])
	}
	if row := incidentOf(typed("新警 knife @汀兰所", "", "ok")); dig(row, "place.lon") != "" {
		t.Errorf("before the map is read a station is taken, which may have doubles on the map: %v", row["place"])
	}
	if err := h.places.Read(town(t)); err != nil {
		t.Fatal(err)
	}
	head := h.desk.Head()
	out := typed("新警 knife @xpl8号", "", "ambiguous")
	if dig(out, "candidates.0.label") != "星浦路8号 · 汀兰所" || dig(out, "candidates.1.label") != "杏铺路8号 · 汀兰所" || dig(out, "preview.code") != "line.which_place" || h.desk.Head() != head {
		t.Errorf("doubles: %v", out)
	}
	if row := incidentOf(typed("新警 knife @xpl8号", `,"choice":2`, "ok")); dig(row, "place.address") != "杏铺路8号" || dig(row, "place.lat") != "0.005" || dig(row, "place.approx") != "" {
		t.Errorf("the second of them: %v", row["place"])
	}
	if row := incidentOf(typed("新警 knife @星浦路8号 P1 两人", "", "ok")); dig(row, "place.address") != "星浦路8号" || dig(row, "place.lon") != "0.0505" || dig(row, "responsible.id") != "st1" {
		t.Errorf("a plain one: %v", row)
	}
	if row := incidentOf(typed("新警 knife @星浦路9号", "", "ok")); dig(row, "place.address") != "星浦路9号" || dig(row, "place.approx") != "true" {
		t.Errorf("a number that does not exist: %v", row["place"])
	}
	if row := incidentOf(typed("新警 knife @星浦路", "", "ok")); dig(row, "place.address") != "星浦路" || dig(row, "place.approx") != "true" {
		t.Errorf("a whole street has one exact point: %v", row["place"])
	}
	for _, told := range []string{"鹤汀医园", "鹤汀"} { // One character is wrong; the beginning of a name.
		out := typed("新警 knife @"+told, "", "ambiguous")
		last := len(out["candidates"].([]any)) - 1
		if dig(out, fmt.Sprintf("candidates.%d.code", last)) != "line.as_told" || last < 1 {
			t.Fatalf("%s: %v", told, out)
		}
		if row := incidentOf(typed("新警 knife @"+told, fmt.Sprintf(`,"choice":%d`, last+1), "ok")); dig(row, "place.address") != told || dig(row, "place.lon") != "" {
			t.Errorf("%s, as it was told: %v", told, row["place"])
		}
	}
	if row := incidentOf(typed("新警 knife @无名路9号", "", "ok")); dig(row, "place.address") != "无名路9号" || dig(row, "place.lon") != "" {
		t.Errorf("nowhere: %v", row["place"])
	}
	if row := incidentOf(typed("新警 knife @htyy", "", "ok")); dig(row, "place.address") != "鹤汀医院" || dig(row, "place.lat") != "0.002" {
		t.Errorf("by its initials: %v", row["place"])
	}
	out = typed("新警,knife,8 Xingpu Road,two men", "", "ambiguous")
	if dig(out, "candidates.0.label") != "星浦路8号 · 汀兰所" || dig(out, "candidates.1.label") != "杏铺路8号 · 汀兰所" {
		t.Errorf("doubles that are one name in English: %v", out)
	}
	if row := incidentOf(typed("新警,knife,8 Xingpu Road,two men", `,"choice":2`, "ok")); dig(row, "place.address") != "杏铺路8号" {
		t.Errorf("the second of them: %v", row["place"])
	}
	if row := incidentOf(typed("新警,knife,Heting Hospital,two men", "", "ok")); dig(row, "place.address") != "鹤汀医院" || dig(row, "place.lat") != "0.002" {
		t.Errorf("by its English name: %v", row["place"])
	}
	more := town(t)
	for _, name := range strings.Fields("东城市场 西城市场 南城市场 北城市场 江边市场 桥头市场 河口市场 山前市场 湖滨市场 新建市场") {
		more.Places = append(more.Places, osm.Place{Kind: "marketplace", Name: name, Bearing: -1, Point: more.Places[0].Point})
	}
	if err := h.places.Read(more); err != nil {
		t.Fatal(err)
	}
	if row := incidentOf(typed("新警 knife @市场", "", "ok")); dig(row, "place.lon") != "" || dig(row, "place.address") != "市场" {
		t.Errorf("what may be in ten places: %v", row["place"])
	}
}
