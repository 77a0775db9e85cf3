package api_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/joint"
	"shuniu/internal/order"
	"shuniu/internal/policy"
)

// visitors are the roles that the walk goes in, each by a letter.
var visitors = map[string]string{
	"t": policy.CallTaker, "d": policy.Dispatcher, "c": policy.Commander, "s": policy.Station, "f": policy.Field, "o": policy.Operator,
}

// walked is one address as the walk uses it: what happens before by a dispatcher, the body, who may, what is answered
// to those who may, and the facts that it writes then. Whoever may not is answered 403 and writes nothing. {call}, {inc}
// and {other} are a ringing call, an incident with its call in the area of st1, and another incident.
type walked struct {
	before []string
	body   string
	query  string // Behind the path.
	may    string // Letters of visitors.
	status int
	facts  string
	own    string // Facts when a dispatcher does it, who answers for the incident already; empty if the same, "-" for none.
	self   bool   // Whoever does it did what happened before, too, if he may.
}

const (
	everybody = "cdfost"
	inRoom    = "cdot" // Whoever sits at the centre.
	leading   = "cdo"  // Whoever sends units.
)

// Steps before.
const (
	sent     = `/incidents/{inc}/dispatch {"units":["101","211"]}`
	released = `/incidents/{inc}/recall {"units":["101","211"],"reason":"x"}`
	reported = `/incidents/{inc}/feedback {"kind":"final","result":"settled","text":"x"}`
	reviewed = `/incidents/{inc}/review {}`
	closed   = `/incidents/{inc}/close {}`
	merged   = `/incidents/{inc}/merge {"into":"{other}"}`
	partner  = `/incidents/{inc}/with {"partner":"119"}`
	asked    = `/incidents/{inc}/ask-seat {"seat":"61"}`
	linked   = `/incidents/{inc}/link {"to":"{other}"}`
	answered = `/calls/{call}/answer {}`
	onHold   = `/calls/{call}/hold {}`
	threeWay = `/calls/{call}/conference {"number":"119"}`
	passedOn = `/calls/{call}/pass {"seat":"02"}`
	gaveUp   = `/calls/{call}/abandon {}`
	stacked  = `/incidents/{other}/dispatch {"units":["101"],"ids":["018f0000-0000-7000-8000-000000000001"],"stack":true}`
	inDanger = `/units/101/duress {}`
	waiting  = `/units/101/standby {"place":{"lon":0.03,"lat":0}}`
	filed    = `/incidents/{inc}/files?name=a.txt words`
	drawn    = `/incidents/{inc}/draw {"id":"` + drawnID + `","kind":"point","geometry":{"type":"Point","coordinates":[0.05,0]}}`
	drawnID  = "0198c2d4-7a10-7000-8000-000000000001"
	forSt1   = `{"to":{"kind":"org","id":"st1"},"text":"x"}`

	orderDone  = `/orders/order-1/report ` + forSt1
	orderDone2 = `/orders/order-1/report {"to":{"kind":"unit","id":"101"},"text":"x"}`
	orderKept  = `/orders/order-1/check {"keep":true}`
	minor      = `/incidents/{inc}/classify {"priority":"P3","reason":"x"}`
)

// walk is every operation of the contract.
var walk = map[string]walked{
	"GET /orders":                        {may: everybody},
	"POST /orders":                       {body: `{"power":"direct","to":[{"kind":"unit","id":"101"}],"text":"x","due":"2031-01-01T00:00:00Z"}`, may: leading, status: 201, facts: "order.issued"},
	"POST /orders/{id}/sign":             {body: forSt1, may: leading + "s", facts: "order.signed"},
	"POST /orders/{id}/act":              {body: forSt1, may: leading + "s", facts: "order.acted"},
	"POST /orders/{id}/report":           {body: forSt1, may: leading + "s", facts: "order.reported"},
	"POST /orders/{id}/ask-extension":    {body: `{"to":{"kind":"org","id":"st1"},"until":"2031-01-02T00:00:00Z","reason":"x"}`, may: leading + "s", facts: "order.extension_asked"},
	"POST /orders/{id}/check":            {before: []string{orderDone, orderDone2}, may: leading, facts: "order.checked order.cleared"},
	"POST /orders/{id}/clear":            {before: []string{orderDone, orderDone2, orderKept}, may: leading, facts: "order.cleared"},
	"POST /orders/{id}/chase":            {may: leading, facts: "order.chased"},
	"POST /orders/{id}/extend":           {body: `{"until":"2031-01-02T00:00:00Z"}`, may: leading, facts: "order.extended"},
	"POST /orders/{id}/revoke":           {body: `{"reason":"x"}`, may: leading, facts: "order.revoked"},
	"GET /owed":                          {may: everybody},
	"GET /incidents/{id}/reports":        {may: leading},
	"GET /incidents/{id}/report-draft":   {before: []string{sent}, may: leading},
	"POST /incidents/{id}/reports":       {body: `{"kind":"first","text":"x"}`, may: "co", facts: "report.filed"},
	"POST /incidents/{id}/acknowledge":   {may: "co", facts: "incident.alert_acknowledged"},
	"GET /alarms":                        {may: everybody},
	"POST /alarms/{id}/acknowledge":      {body: `{"reason":"x"}`, may: leading, facts: "alarm.acknowledged"},
	"GET /calls":                         {may: everybody},
	"GET /command/grammar":               {may: everybody},
	"GET /config":                        {may: everybody},
	"GET /cover":                         {may: everybody},
	"GET /cover/cells":                   {may: everybody},
	"GET /rings":                         {query: "?unit=101", may: everybody},
	"POST /cover/moves/{id}/decline":     {may: leading, status: 404},
	"GET /demo":                          {may: everybody, status: 404},
	"GET /demo/said/{call}":              {may: everybody, status: 404},
	"GET /health":                        {may: everybody},
	"GET /incidents":                     {may: everybody},
	"GET /incidents/{id}":                {before: []string{sent}, may: everybody},
	"GET /incidents/{id}/recommendation": {before: []string{sent}, may: everybody},
	"GET /incidents/{id}/near":           {before: []string{sent}, may: everybody},
	"GET /incidents/{id}/timeline":       {before: []string{sent}, may: everybody},
	"GET /incidents/{id}/routes":         {before: []string{sent}, may: everybody},
	"GET /map/areas":                     {may: everybody},
	"GET /map/way":                       {query: "?from=0.05,0&to=0.06,0", may: everybody},
	"GET /map":                           {may: everybody},
	"GET /map/style":                     {may: everybody, status: 404},
	"GET /map/tiles/{z}/{x}/{y}":         {may: everybody, status: 404},
	"GET /metrics":                       {may: everybody},
	"GET /search":                        {may: everybody},
	"GET /search/reverse":                {query: "?lon=0.05&lat=0", may: everybody},
	"GET /session":                       {may: everybody},
	"GET /stream":                        {may: everybody},
	"GET /study/demand":                  {may: leading, status: 404},
	"GET /study/fair":                    {may: leading, status: 404},
	"GET /study/hypercube":               {may: leading, status: 404},
	"GET /study/whatif/{id}":             {may: leading, status: 404},
	"POST /study/locate":                 {body: `{"model":"mclp","p":1}`, may: leading, status: 404},
	"POST /study/whatif":                 {body: `{"changes":[]}`, may: leading, status: 404},
	"GET /units":                         {may: everybody},
	"POST /calls":                        {body: `{"number":"1"}`, may: everybody, status: 201, facts: "call.arrived"},
	"POST /calls/{id}/answer":            {may: inRoom, facts: "call.answered"},
	"POST /calls/{id}/attach":            {body: `{"incident":"{inc}"}`, may: inRoom, facts: "call.attached"},
	"POST /calls/{id}/detach":            {before: []string{`/calls/{call}/attach {"incident":"{inc}"}`}, may: inRoom, facts: "call.detached"},
	"GET /calls/{id}/history":            {may: inRoom, facts: "call.history_read"},
	"POST /hints":                        {body: `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, may: everybody},
	"POST /incidents/{id}/answers":       {body: `{"answers":[{"question":"weapon","value":"knife"}]}`, may: leading + "t", facts: "incident.answered"},
	"POST /incidents/{id}/schedule":      {before: []string{minor}, body: `{"at":"{soon}"}`, may: leading + "t", facts: "incident.scheduled"},
	"POST /incidents/{id}/ask-seat":      {body: `{"seat":"61"}`, may: leading + "t", facts: "incident.seat_asked"},
	"POST /incidents/{id}/seat-takes":    {before: []string{asked}, may: leading + "t", facts: "incident.seat_took"},
	"POST /incidents/{id}/seat-done":     {before: []string{asked}, body: `{"result":"settled"}`, may: leading + "t", facts: "incident.seat_done"},
	"POST /calls/{id}/abandon":           {may: inRoom, facts: "call.abandoned incident.opened call.attached"},
	"POST /calls/{id}/silent":            {before: []string{answered}, may: inRoom, facts: "call.silent incident.opened call.attached"},
	"POST /calls/{id}/transfer":          {body: `{"to":"119"}`, may: inRoom, facts: "call.transferred"},
	"GET /drafts":                        {may: everybody},
	"POST /drafts/{id}":                  {body: `{"body":{}}`, may: everybody},
	"POST /drafts/{id}/drop":             {may: everybody, status: 204},
	"POST /calls/{id}/hold":              {before: []string{answered}, self: true, may: inRoom, facts: "call.held"},
	"POST /calls/{id}/resume":            {before: []string{answered, onHold}, self: true, may: inRoom, facts: "call.resumed"},
	"POST /calls/{id}/conference":        {before: []string{answered}, self: true, body: `{"partner":"119"}`, may: inRoom, facts: "call.conferenced"},
	"POST /calls/{id}/end-conference":    {before: []string{answered, threeWay}, self: true, may: inRoom, facts: "call.conference_ended"},
	"POST /calls/{id}/hang-up":           {before: []string{answered}, self: true, may: inRoom, facts: "call.hung_up"},
	"POST /calls/{id}/recording":         {body: `{"ref":"rec/1"}`, may: inRoom, facts: "call.recorded"},
	"POST /calls/{id}/take":              {before: []string{answered}, may: inRoom, facts: "call.take_asked", own: "-"},
	"POST /calls/{id}/keep":              {before: []string{answered, passedOn}, self: true, may: inRoom, facts: "call.kept"},
	"POST /calls/{id}/pass":              {before: []string{answered}, self: true, body: `{"seat":"02"}`, may: inRoom, facts: "call.passed"},
	"POST /calls/{id}/nuisance":          {before: []string{answered}, body: `{"reason":"x"}`, may: inRoom, facts: "call.nuisance"},
	"POST /calls/{id}/back":              {before: []string{gaveUp}, may: inRoom, facts: "call.dialled call.attached call.called_back"},
	"POST /command":                      {body: `{"text":"1 记 x"}`, may: everybody, facts: "incident.noted"},
	"POST /demo/take":                    {body: `{"incident":"1"}`, may: everybody, status: 404},
	"POST /demo/release":                 {may: everybody, status: 404},
	"POST /demo/speed":                   {body: `{"speed":1}`, may: everybody, status: 404},
	"POST /demo/lend":                    {body: `{"seconds":10}`, may: everybody, status: 404},
	"POST /demo/pause":                   {may: everybody, status: 404},
	"POST /demo/resume":                  {may: everybody, status: 404},
	"POST /demo/step":                    {body: `{"seconds":10}`, may: everybody, status: 404},
	"POST /demo/surge":                   {body: `{"kind":"storm"}`, may: everybody, status: 404},
	"POST /demo/scenario":                {body: `{"id":"fire"}`, may: everybody, status: 404},
	"POST /admin/erase/{id}":             {before: []string{sent, reported, released, reviewed, closed}, body: `{"reason":"x"}`, may: "co", facts: "subject.erased subject.erased"},
	"POST /incidents":                    {body: `{"narrative":"x"}`, may: everybody, status: 201, facts: "incident.opened call.arrived call.attached"},
	"POST /incidents/{id}/classify":      {body: `{"priority":"P2","reason":"x"}`, may: inRoom + "s", facts: "incident.classified"},
	"POST /incidents/{id}/locate":        {body: `{"place":{"lon":0.06,"lat":0}}`, may: inRoom + "s", facts: "incident.located"},
	"POST /incidents/{id}/note":          {body: `{"text":"x"}`, may: everybody, facts: "incident.noted"},
	"POST /incidents/{id}/files":         {before: []string{sent}, query: "?name=a.txt", body: "words", may: everybody, facts: "incident.file_added"},
	"POST /incidents/{id}/withdraw-file": {before: []string{filed}, body: `{"id":"{inc}.1","reason":"x"}`, may: inRoom, facts: "incident.file_withdrawn"},
	"GET /files/{id}":                    {before: []string{sent, filed}, may: everybody},
	"GET /pack":                          {may: everybody},
	"POST /paper/{id}/take":              {body: `{"count":20}`, may: inRoom + "s", facts: "paper.taken"},
	"GET /past":                          {query: "?at={now}", may: everybody},
	"GET /past/range":                    {may: everybody},
	"POST /incidents/{id}/urge":          {may: everybody, facts: "incident.urged"},
	"POST /incidents/{id}/invalid":       {body: `{"reason":"x"}`, may: inRoom, facts: "incident.invalid"},
	"POST /incidents/{id}/dispatch": {
		body: `{"units":["211"]}`, may: leading + "s", facts: "incident.work_started incident.handed_over assignment.dispatched incident.chosen",
		own: "incident.work_started assignment.dispatched incident.chosen",
	},
	"POST /incidents/{id}/draw":           {body: `{"id":"` + drawnID + `","kind":"area","label":"x","geometry":{"type":"Polygon","coordinates":[[[0.05,0],[0.06,0],[0.06,0.01],[0.05,0]]]}}`, may: leading, facts: "incident.drawn"},
	"POST /incidents/{id}/undraw":         {before: []string{drawn}, body: `{"id":"` + drawnID + `"}`, may: leading, facts: "incident.undrawn"},
	"POST /incidents/{id}/raise-wave":     {may: leading, facts: "incident.wave_raised"},
	"POST /incidents/{id}/recall":         {before: []string{sent}, body: `{"units":["101"],"reason":"x"}`, may: leading, facts: "assignment.recalled"},
	"POST /incidents/{id}/weigh":          {before: []string{sent}, body: `{"units":["101"]}`, may: everybody},
	"POST /incidents/{id}/chase":          {before: []string{sent}, body: `{"kind":"sign","unit":"101"}`, may: leading, facts: "incident.chased"},
	"POST /incidents/{id}/feedback":       {before: []string{sent}, body: `{"kind":"first","text":"x"}`, may: leading + "sf", facts: "incident.feedback_given"},
	"POST /incidents/{id}/review":         {before: []string{sent, reported, released}, may: leading, facts: "incident.reviewed"},
	"POST /incidents/{id}/return":         {before: []string{sent, reported, released}, body: `{"reason":"x"}`, may: leading, facts: "incident.returned"},
	"POST /incidents/{id}/close":          {before: []string{sent, reported, released, reviewed}, may: leading, facts: "incident.closed"},
	"POST /incidents/{id}/reopen":         {before: []string{sent, reported, released, reviewed, closed}, body: `{"reason":"x"}`, may: leading, facts: "incident.reopened"},
	"POST /incidents/{id}/handover":       {body: `{"to":"61"}`, may: leading, facts: "incident.handed_over"},
	"POST /incidents/{id}/link":           {body: `{"to":"{other}"}`, may: inRoom, facts: "incident.linked incident.linked"},
	"POST /incidents/{id}/unlink":         {before: []string{linked}, body: `{"to":"{other}"}`, may: inRoom, facts: "incident.unlinked incident.unlinked"},
	"POST /incidents/{id}/merge":          {body: `{"into":"{other}"}`, may: inRoom, facts: "incident.merged incident.took_in call.moved"},
	"POST /incidents/{id}/split":          {before: []string{merged}, may: inRoom, facts: "incident.split incident.let_go call.moved"},
	"POST /incidents/{id}/transfer":       {before: []string{minor}, body: `{"to":"119","reason":"x"}`, may: inRoom, facts: "incident.transferred"},
	"POST /incidents/{id}/with":           {body: `{"partner":"119"}`, may: inRoom, facts: "incident.acting_together"},
	"POST /incidents/{id}/follow_up":      {before: []string{partner}, body: `{"partner":"119","text":"x"}`, may: inRoom + "s", facts: "incident.followed_up"},
	"POST /units/{id}/status":             {body: `{"to":"unavailable","reason":"meal"}`, may: leading + "f", facts: "unit.unavailable"},
	"POST /units/{id}/contact":            {body: `{"lost":true,"text":"x"}`, may: leading + "f", facts: "unit.contact_lost"},
	"POST /units/{id}/heard":              {may: leading + "f", facts: "unit.heard"},
	"POST /units/{id}/acknowledge-duress": {before: []string{inDanger}, body: `{"text":"x"}`, may: leading, facts: "unit.duress_acknowledged"},
	"POST /units/{id}/stack":              {before: []string{sent, stacked}, body: `{"order":["018f0000-0000-7000-8000-000000000001"]}`, may: leading, facts: "assignment.reordered"},
	"POST /units/{id}/standby":            {body: `{"place":{"lon":0.03,"lat":0}}`, may: leading, facts: "unit.stood_by"},
	"POST /units/{id}/end-standby":        {before: []string{waiting}, may: leading, facts: "unit.standby_ended"},
	"POST /units/{id}/duress":             {may: everybody, facts: "unit.duress_raised"},
	"POST /units/{id}/backup":             {before: []string{sent}, body: `{"count":1}`, may: leading + "f", facts: "assignment.backup_asked"},
	"POST /units/{id}/position":           {body: `{"lon":0.01,"lat":0}`, may: leading + "f", status: 204},
}

// TestEveryOperation walks every operation of the served contract in every role. One that the table lacks fails.
func TestEveryOperation(t *testing.T) {
	contract := map[string]bool{}
	for path, item := range newHouse(t).get("/openapi.json")["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			contract[strings.ToUpper(method)+" "+strings.TrimPrefix(path, "/api/v1")] = true
		}
	}
	for op := range contract {
		if _, ok := walk[op]; !ok {
			t.Errorf("%s: nobody has said who may use it, and what it writes", op)
		}
	}
	for op := range walk {
		if !contract[op] {
			t.Errorf("%s is not in the contract", op)
		}
	}
	for _, op := range slices.Sorted(maps.Keys(walk)) {
		t.Run(op, func(t *testing.T) {
			for _, letter := range slices.Sorted(maps.Keys(visitors)) {
				walkOne(t, op, letter)
			}
		})
	}
}

func walkOne(t *testing.T, op, letter string) {
	t.Helper()
	h, w := newHouse(t), walk[op]
	call := dig(h.post("/calls", `{"number":"1"}`, 201), "id")
	inc := dig(h.post("/incidents", `{"place":{"lon":0.05,"lat":0},"type":"knife"}`, 201), "id")
	other := dig(h.post("/incidents", `{"place":{"lon":0.06,"lat":0}}`, 201), "id")
	fill := func(text string) string {
		return strings.NewReplacer("{soon}", time.Now().UTC().Add(3*time.Hour).Format(time.RFC3339), "{call}", call, "{inc}", inc, "{other}", other).Replace(text)
	}
	h.do(policy.Operator, joint.IssueOrder{
		ID: "order-1", Power: cad.Direct, To: []order.To{{Kind: order.ToUnit, ID: "101"}, {Kind: order.ToOrg, ID: "st1"}},
		Due: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), Text: cad.Sealed{Subject: "order:order-1", Box: []byte{1}},
	})
	for _, step := range w.before {
		path, body, _ := strings.Cut(fill(step), " ")
		by := policy.Dispatcher
		if w.self && strings.Contains(w.may, letter) {
			by = visitors[letter]
		}
		h.post(path, body, 200, "Test-Role: "+by)
	}
	h.do(policy.Reactor, joint.RaiseAlarm{ID: "void-1", Kind: alarm.Void, Area: "st1", Class: "patrol"})
	method, path, _ := strings.Cut(op, " ")
	id := map[string]string{"calls": call, "incidents": inc, "units": "101", "alarms": "void-1", "orders": "order-1", "cover": "101~post.x", "admin": "incident:" + inc, "drafts": "019f0000-0000-7000-8000-000000000001", "study": "w1", "files": inc + ".1", "paper": "cards"}[strings.Split(path, "/")[1]]
	path = strings.ReplaceAll(path, "{id}", id)
	want, facts := w.status, w.facts
	if want == 0 {
		want = http.StatusOK
	}
	if letter == "d" && w.own != "" {
		facts = strings.Trim(w.own, "-")
	}
	if !strings.Contains(w.may, letter) {
		want, facts = http.StatusForbidden, ""
	}
	head := h.desk.Head()
	h.past.Step()
	query := strings.ReplaceAll(w.query, "{now}", h.desk.Now().Format(time.RFC3339Nano))
	status, body := h.send(method, path+query, fill(w.body), "Test-Role: "+visitors[letter], "Test-Org: st1")
	var wrote []string
	if err := h.desk.Read(t.Context(), head, func(k desk.Told) bool {
		wrote = append(wrote, k.Record.Type)
		if k.Record.Actor != cad.ActorID("test-"+visitors[letter]) {
			t.Errorf("%s by %s is written down as %s's", op, visitors[letter], k.Record.Actor)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if status >= http.StatusBadRequest && !strings.Contains(body, `"remedy":"`) {
		t.Errorf("%s by %s leaves nobody a way: %s", op, visitors[letter], body)
	}
	if got := strings.Join(wrote, " "); status != want || got != facts {
		t.Errorf("%s by %s: %d and %q, want %d and %q: %.200s", op, visitors[letter], status, got, want, facts, body)
	}
}

// do gives a command to the desk as a role that has no seat here.
func (h *house) do(role string, c joint.Command) {
	h.t.Helper()
	if _, err := h.desk.Do(h.t.Context(), desk.Wish{Actor: cad.Actor{ID: cad.ActorID(role), Role: role}, Command: c}); err != nil {
		h.t.Fatal(err)
	}
}

// send sends a request and gives the status and what can be read of the answer at once.
func (h *house) send(method, path, body string, headers ...string) (int, string) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, x := range headers {
		name, value, _ := strings.Cut(x, ": ")
		req.Header.Set(name, value)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	first := make([]byte, 1000)
	n, _ := res.Body.Read(first)
	return res.StatusCode, string(first[:n])
}
