package main

import (
	"cmp"
	"errors"
	"net/http"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/founding"
	"shuniu/internal/policy"
)

type serveCommand struct {
	Addr    string `help:"Where to listen. Only addresses of this machine are taken until people can sign in." default:"127.0.0.1:8110" placeholder:"HOST:PORT"`
	Data    string `help:"Folder of the journal and everything beside it. It is made if there is none." required:"" placeholder:"DIR"`
	Store   string `help:"Address of a PostgreSQL that keeps the journal, such as postgres://shuniu@db.example/shuniu; without it the journal is in --data. Keys, archive and signed heads stay in --data. Everybody on this machine can read a command line: put a password into PGPASSWORD or a .pgpass file, or the whole address into SHUNIU_STORE." env:"SHUNIU_STORE" placeholder:"ADDRESS"`
	Centre  string `help:"Folder of the centre's configuration." required:"" placeholder:"DIR"`
	Streets string `help:"Map file: .osm or .osm.pbf, plain or compressed. Without it the centre's own, where its folder has one; else distances are straight lines." placeholder:"FILE"`
	From    string `help:"Folder with files that the configuration names." placeholder:"DIR"`

	groundFlags `embed:""`
	packFlags   `embed:""`

	KeysLost bool `help:"The keys of this journal are lost for ever: go on with new ones. What people said before can never be read again; health says keys_lost."`

	HeadsAnew bool `help:"The journal that was signed is lost for ever, and this is an older or an empty one: move the signed heads aside and begin to sign anew."`
}

// operator is whoever sits at this machine, until people can sign in. He is who he is whatever a request says.
type operator struct{}

// Who is the local operator, for every request: headers and cookies change nothing.
func (operator) Who(*http.Request) (cad.Actor, bool) {
	return cad.Actor{ID: "operator", Role: policy.Operator}, true
}

// Run serves a live centre until it is told to stop.
func (c *serveCommand) Run(s session) (err error) {
	ground, origins, err := c.ground()
	if err != nil {
		return err
	}
	l, err := listen(s.ctx, c.Addr)
	if err != nil {
		return err
	}
	charter, err := loadCentre(c.Centre, c.From)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	speeds, err := loadSpeeds(c.Centre)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	streets, err := loadStreets(s.ctx, cmp.Or(c.Streets, founding.Streets(c.Centre)))
	mapless := err != nil && c.Streets == "" && s.ctx.Err() == nil
	switch {
	case mapless: // Nobody asked for it: calls are taken without.
		s.log.Error("the map in the centre's folder cannot be used; distances are straight lines", "error", err)
	case err != nil:
		return errors.Join(err, l.Close())
	}
	known, err := loadDemand(c.Centre)
	if err != nil { // Nobody waits for it.
		s.log.Error("the map of demand in the centre's folder cannot be used; the demand is taken to be the same everywhere", "error", err)
	}
	f, err := openFiles(s.ctx, source{dir: c.Data, address: c.Store, centre: charter.Centre, keysLost: c.KeysLost, headless: c.HeadsAnew})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	n, err := openNode(s.ctx, nodeConfig{files: f, charter: charter, world: cad.Live, clock: desk.WallClock{}, streets: streets, speeds: speeds, demand: known, mapless: mapless, ground: ground, log: s.log})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, n.close(s.ctx)) }()
	n.centre.Study = recordedStudy(s, c.Centre, charter, streets)
	go n.deadlines.Follow(s.ctx, n.desk.Now)
	if err := keepPack(s.ctx, n, c.Pack, s.log); err != nil {
		return errors.Join(err, l.Close())
	}
	s.say("centre %s, live, on %s", charter.Centre, address(l))
	return serveHTTP(s.ctx, l, api.Options{
		Centres: map[string]*api.Centre{string(charter.Centre): n.centre}, Default: string(charter.Centre), Identity: operator{}, Log: s.log,
	}, origins...)
}
