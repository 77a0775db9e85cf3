package api_test

import (
	"fmt"
	"testing"

	"shuniu/internal/alarm"
	"shuniu/internal/joint"
	"shuniu/internal/policy"
)

// Where a unit waits by order stands in its row, with the post's name; it is over when the unit is sent.
func TestStandby(t *testing.T) {
	h := newHouse(t)
	row := func(path string) string { return dig(h.get("/units"), "items.0.standby."+path) }
	h.post("/units/101/standby", `{"post":"post_bridge","move":"m7"}`, 200)
	if row("place.lon") != "0.03" || row("name.zh") != "桥头" || row("since") == "" {
		t.Errorf("the row says %v", h.get("/units"))
	}
	if row("why.move") != "m7" {
		t.Error("which proposal was taken is not kept")
	}
	h.post("/units/101/standby", `{"place":{"lon":0.04,"lat":0}}`, 200)
	if row("place.lon") != "0.04" || row("name.zh") != "" {
		t.Errorf("ordered elsewhere, the row says %v", h.get("/units"))
	}
	for body, code := range map[string]string{
		`{}`: "place_required", `{"post":"moon"}`: "place_required", `{"place":{"lon":0.04,"lat":0},"post":"moon"}`: "unknown_post",
		`{"place":{"lon":120,"lat":30}}`: "too_far", `{"place":{"lon":0.04,"lat":-1.3}}`: "too_far",
	} {
		if out := h.post("/units/101/standby", body, 400); dig(out, "code") != code || dig(out, "remedy") == "" {
			t.Errorf("%s: %v", body, out)
		}
	}
	h.post("/units/101/standby", `{"place":{"lon":0.04,"lat":-1.1}}`, 200) // Eleven kilometres outside: a border has neighbours.
	h.post("/units/101/end-standby", ``, 200)
	if row("since") != "" {
		t.Error("called off, and it still waits")
	}
	for _, text := range []string{"101 备勤 @桥头", "101 standby post_bridge"} {
		if out := h.post("/command", fmt.Sprintf(`{"text":%q}`, text), 200); dig(out, "status") != "ok" || row("place.lon") != "0.03" {
			t.Errorf("%s: %v", text, out)
		}
	}
	inc := dig(h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, 201), "id")
	h.post("/incidents/"+inc+"/dispatch", `{"units":["101"]}`, 200)
	if row("since") != "" {
		t.Error("it is sent, and still waits")
	}
	if out := h.post("/units/101/standby", `{"post":"post_bridge"}`, 409); dig(out, "code") != "assigned" {
		t.Errorf("who is assigned is ordered about: %v", out)
	}
	if out := h.post("/command", `{"text":"211 备勤 @桥头"}`, 200); dig(out, "status") != "ok" || dig(h.unit("211"), "standby.post") != "post_bridge" {
		t.Error(out)
	}
	if out := h.post("/command", `{"text":"211 结束备勤"}`, 200); dig(out, "status") != "ok" || dig(h.unit("211"), "standby.since") != "" {
		t.Error(out)
	}
}

// Asked for by the line, the next wave is said with its number before anything happens.
func TestWaveByLine(t *testing.T) {
	h := newHouse(t)
	inc := dig(h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, 201), "id")
	if got := dig(h.get("/incidents/"+inc), "wave"); got != "1" {
		t.Errorf("a new incident is in wave %s", got)
	}
	if out := h.post("/command", `{"text":"1 加强","dry_run":true}`, 200); dig(out, "preview.code") != "line.do.raise_wave" || dig(out, "preview.params.count") != "2" {
		t.Errorf("the preview says %v", out)
	}
	h.post("/command", `{"text":"1 加强 又来两人"}`, 200)
	if got := dig(h.get("/incidents/"+inc), "wave"); got != "2" {
		t.Errorf("raised, it is in wave %s", got)
	}
	for _, text := range []string{"1 加强", "1 三波"} {
		if out := h.post("/command", fmt.Sprintf(`{"text":%q}`, text), 200); dig(out, "status") != "wrong" || dig(out, "preview.code") != "last_wave" || dig(out, "remedy") == "" {
			t.Errorf("%s: %v", text, out)
		}
	}
}

// Alarms come by list and by stream, with names; each class of session gets what concerns it.
func TestAlarms(t *testing.T) {
	h := newHouse(t)
	asOf := dig(h.get("/alarms"), "as_of")
	h.do(policy.Reactor, joint.RaiseAlarm{ID: "v1", Kind: alarm.Void, Area: "st1", Class: "patrol", Detail: alarm.Detail{StandardS: 300, NearestS: 412}})
	h.do(policy.Reactor, joint.RaiseAlarm{ID: "v2", Kind: alarm.Void, Area: "st1", Class: "patrol"})
	list := h.get("/alarms")
	if dig(list, "items.0.id") != "v1" || dig(list, "items.1.id") != "" || dig(list, "items.0.area_name.zh") != "汀兰所" || dig(list, "items.0.class_name.zh") != "巡逻" ||
		dig(list, "items.0.detail.nearest_s") != "412" || dig(list, "items.0.state") != "raised" || dig(list, "items.0.next.0.allowed") != "true" {
		t.Errorf("the list says %v", list)
	}
	for org, sees := range map[string]bool{"st1": true, "st2": false} {
		next := h.listen("?after="+asOf, "Test-Role: "+policy.Station, "Test-Org: "+org)
		if event, _ := next(); event != "hello" {
			t.Fatal(event)
		}
		_, rows := next()
		if got := dig(rows, "alarms.upsert.0.id") == "v1"; got != sees {
			t.Errorf("station %s: %v", org, rows)
		}
	}
	h.post("/alarms/v1/acknowledge", `{"reason":"105 goes there"}`, 200)
	if list = h.get("/alarms"); dig(list, "items.0.state") != "acknowledged" || dig(list, "items.0.acked_by") == "" || dig(list, "items.0.next.0.code") != "already" {
		t.Errorf("acknowledged, the list says %v", list)
	}
	h.do(policy.Reactor, joint.AboutAlarm{ID: "v1", Name: "clear", Cmd: alarm.Clear{ID: "v1"}})
	if open, all := h.get("/alarms"), h.get("/alarms?state=all"); dig(open, "items.0.id") != "" || dig(all, "items.0.state") != "cleared" {
		t.Errorf("cleared: %v, %v", open, all)
	}
	if out := h.post("/alarms/v1/acknowledge", ``, 409); dig(out, "code") != "alarm_over" {
		t.Error(out)
	}
	if out := h.post("/alarms/v9/acknowledge", ``, 404); dig(out, "code") != "no_alarm" {
		t.Error(out)
	}
}
