package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/keyfile"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/policy"
	"shuniu/internal/sqlite"
	"shuniu/internal/track"
)

// fewUnits are the units of a centre where units do not matter.
const fewUnits = 12

// centreID is the made-up centre on which everything is measured.
const centreID cad.CentreID = "bench"

var (
	taker      = cad.Actor{ID: "taker", Role: policy.CallTaker, Seat: "1"}        //nolint:gochecknoglobals // Never written.
	dispatcher = cad.Actor{ID: "dispatcher", Role: policy.Dispatcher, Seat: "21"} //nolint:gochecknoglobals // Never written.
)

// charter is a centre with nine stations in a square and so many patrol cars.
func charter(middle geo.Point, units int) org.Charter {
	name := func(s string) org.Name { return org.Name{"zh": s, "en": s} }
	c := org.Charter{
		Centre: centreID,
		Settings: org.Settings{
			Name: name("Bench"), BorderWithinM: 100, Zone: "Asia/Shanghai", Results: []org.Item{{ID: "settled", Name: name("settled")}},
		},
		Types: []org.Type{
			{ID: "knife", Name: name("person with a knife"), Priority: cad.P1, Level: "IV", Need: []org.Need{{Slot: "near", Count: 2}}},
			{ID: "theft", Name: name("theft"), Priority: cad.P3, Need: []org.Need{{Slot: "near", Count: 1}}},
		},
		Grades: []org.Grade{{ID: cad.P1, Name: name("P1"), Limits: []org.Limit{
			{Kind: "dispatch", From: "received", WithinS: 60}, {Kind: "sign", From: "dispatched", WithinS: 30}, {Kind: "arrive", From: "dispatched", WithinS: 600},
		}}},
		Kinds: []org.Kind{{ID: "patrol", Name: name("patrol car"), Patrol: true}},
	}
	const side = 4_000 // Metres.
	for i := range 9 {
		x, y := float64(i%3-1)*side, float64(i/3-1)*side
		at := func(dx, dy float64) geo.Point { return middle.Offset(x+dx*side/2, y+dy*side/2) }
		home := at(0, 0)
		c.Orgs = append(c.Orgs, org.Org{
			ID: cad.OrgID(fmt.Sprint("st", i+1)), Kind: "station", Name: name(fmt.Sprint("Station ", i+1)), Place: &home,
			Area: geo.MultiPolygon{{{at(-1, -1), at(1, -1), at(1, 1), at(-1, 1), at(-1, -1)}}},
		})
	}
	for i := range units {
		home := scatter(middle, i)
		id := strconv.Itoa(1001 + i)
		c.Units = append(c.Units, org.UnitSpec{ID: cad.UnitID(id), CallSign: id, Kind: "patrol", Officers: 2, Sworn: 1, Dispatchable: true, Home: &home})
	}
	return c
}

// scatter is the n-th of many places within 4 km, well spread and always the same.
func scatter(middle geo.Point, n int) geo.Point {
	const reach = 8_000 // Metres across.
	x, y := float64(n)*0.7548776662466927, float64(n)*0.5698402909980532
	return middle.Offset((x-float64(int(x))-0.5)*reach, (y-float64(int(y))-0.5)*reach)
}

// house is a centre at work over real files.
type house struct {
	dir    string
	keys   *keyfile.Store
	store  *sqlite.Store
	desk   *desk.Desk
	centre *api.Centre
	server *http.Server
	addr   string
	middle geo.Point
	stop   context.CancelFunc
}

// openHouse opens files in a folder and a desk over them.
func openHouse(ctx context.Context, dir string, middle geo.Point, units int) (_ *house, err error) {
	h := &house{dir: dir, middle: middle, stop: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.keys, err = keyfile.Open(filepath.Join(dir, "keys"), keyfile.Options{}); err != nil {
		return nil, err
	}
	if h.store, err = sqlite.Open(ctx, filepath.Join(dir, "journal.db"), sqlite.Options{Centre: centreID}); err != nil {
		return nil, err
	}
	if h.desk, err = desk.Open(ctx, desk.Config{Centre: centreID, World: cad.Live, Store: h.store, Keys: h.keys, Policy: policy.Roles{}}); err != nil {
		return nil, err
	}
	if h.desk.Head() > 2 {
		return h, nil // It was here before.
	}
	ch := charter(middle, units)
	if _, err = h.desk.Do(ctx, desk.Wish{Actor: cad.Actor{ID: "operator", Role: policy.Operator}, Command: joint.Configure{Charter: ch}}); err != nil {
		return nil, err
	}
	for _, u := range ch.Units {
		if _, err = h.desk.Do(ctx, desk.Wish{Actor: dispatcher, Command: joint.SayUnit{Unit: u.ID, To: "available"}}); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// everybody is signed in as a dispatcher.
type everybody struct{}

// Who is the dispatcher.
func (everybody) Who(*http.Request) (cad.Actor, bool) { return dispatcher, true }

// serve opens the front door on a free loopback port.
func (h *house) serve(ctx context.Context, streets *osm.Extract) error {
	ctx, h.stop = context.WithCancel(ctx)
	b, tr := board.New(policy.Roles{}, h.desk), track.NewBook()
	stream := api.NewStream(ctx, h.desk, b, tr, nil)
	if err := h.desk.Watch(ctx, func(c desk.Commit) {
		changed, err := b.Apply(c.Change, c.Reset)
		if err != nil {
			changed = board.Changed{Seq: c.Change.To, Reset: true}
		}
		stream.Push(changed)
	}); err != nil {
		return err
	}
	h.centre = &api.Centre{Desk: h.desk, Board: b, Track: tr, Stream: stream, Map: streets, Started: time.Now()}
	front := api.New(api.Options{Centres: map[string]*api.Centre{string(centreID): h.centre}, Default: string(centreID), Identity: everybody{}})
	var err error
	h.server, h.addr, err = listen(ctx, front.Handler())
	return err
}

// listen serves on a free loopback port until the server is closed.
func listen(ctx context.Context, handler http.Handler) (*http.Server, string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", fmt.Errorf("bench: no port to listen on: %w", err)
	}
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }() // It ends when it is closed.
	return s, l.Addr().String(), nil
}

// close lets go of everything; the files stay.
func (h *house) close() error {
	h.stop()
	var errs []error
	if h.server != nil {
		errs = append(errs, h.server.Close())
	}
	if h.desk != nil {
		errs = append(errs, h.desk.Close(context.Background()))
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	if h.keys != nil {
		errs = append(errs, h.keys.Close())
	}
	return errors.Join(errs...)
}

// take brings one call to the desk, as a call-taker's seat does: with a key, private words, a caller and a place. It
// makes a call and an incident.
func (h *house) take(ctx context.Context, name string, n int) (desk.Reply, error) {
	id, c := cad.IncidentID("i"+name), cad.CallID("c"+name)
	words, err := h.desk.Seal(incident.Subject(id), board.Words{Text: "two men are fighting in front of the shop, one has a bottle"})
	if err != nil {
		return desk.Reply{}, err
	}
	caller, err := h.desk.Seal(call.Subject(c), board.Caller{Name: "Lin", Number: "19900000000"})
	if err != nil {
		return desk.Reply{}, err
	}
	place := scatter(h.middle, n)
	return h.desk.Do(ctx, desk.Wish{Actor: taker, Key: name, Body: []byte(name), Command: joint.Receive{
		ID: id, Call: c, Source: incident.Phone, Type: "knife", Place: &place, Caller: caller, Private: words,
	}})
}

// note adds private words to an incident.
func (h *house) note(ctx context.Context, id cad.IncidentID, text string) (desk.Reply, error) {
	words, err := h.desk.Seal(incident.Subject(id), board.Words{Text: text})
	if err != nil {
		return desk.Reply{}, err
	}
	return h.desk.Do(ctx, desk.Wish{Actor: dispatcher, Command: joint.AboutIncident{ID: id, Name: "note", Cmd: incident.Note{ID: id, Text: words}}})
}
