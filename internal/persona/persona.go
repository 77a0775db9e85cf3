// Package persona signs the visitor of a demo in as one of a few invented people, so that every role can be tried
// without accounts. It proves nothing about anybody: whoever reaches the port may be anyone. It must never be wired
// into a live centre.
package persona

import (
	"encoding/json"
	"net/http"
	"slices"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/policy"
)

// The ways to name a persona. The address bar is none of them: links are shared.
const (
	Cookie = "shuniu_persona"
	Header = "X-Demo-Persona" // For scripts; it goes before the cookie.
)

// first is who a visitor is before he chooses.
const first = "commander"

const bodyBytesMax = 4 << 10 // 4 KiB: a body holds one word.

// Options fit the people to a centre.
type Options struct {
	Station cad.OrgID  // The station of the station desk and of the field unit.
	Unit    cad.UnitID // The unit that the field persona rides with.
}

// Identity is api.Identity for a demo. Make it with New.
type Identity struct {
	people []person
}

type person struct {
	shown api.Persona
	actor cad.Actor
}

// New makes the five people of a demo: call-taker, dispatcher, commander, station and field.
func New(o Options) *Identity {
	one := func(id string, seat cad.SeatID, zh, en string) person {
		return person{
			shown: api.Persona{ID: id, Role: id, Seat: seat, Name: map[string]string{"zh": zh, "en": en}},
			actor: cad.Actor{ID: cad.ActorID("demo-" + id), Role: id, Seat: seat},
		}
	}
	station := one(policy.Station, "", "派出所值班室", "Station desk")
	station.actor.Org = o.Station
	field := one(policy.Field, "", "车组 "+string(o.Unit), "Crew "+string(o.Unit))
	field.actor.Org, field.actor.Unit = o.Station, o.Unit
	return &Identity{people: []person{
		one(policy.CallTaker, "02", "接警员 02", "Call-taker 02"),
		one(policy.Dispatcher, "11", "调度员 11", "Dispatcher 11"),
		one(policy.Commander, "21", "值班指挥长 21", "Duty commander 21"),
		station, field,
	}}
}

// Who is the persona that the header names, else the cookie's, else the commander. A name that is none answers
// false: a script with a typing error must not act as somebody else.
func (i *Identity) Who(r *http.Request) (cad.Actor, bool) {
	name := first
	if c, err := r.Cookie(Cookie); err == nil {
		name = c.Value
	}
	if h := r.Header.Get(Header); h != "" {
		name = h
	}
	p, ok := i.find(name)
	return p.actor, ok
}

// Person is the actor that is meant by the name of a persona, or by the actor's own.
func (i *Identity) Person(name string) (cad.ActorID, bool) {
	k := slices.IndexFunc(i.people, func(p person) bool { return name == p.shown.ID || name == string(p.actor.ID) })
	if k < 0 {
		return "", false
	}
	return i.people[k].actor.ID, true
}

// Personas lists the people for the console.
func (i *Identity) Personas() []api.Persona {
	out := make([]api.Persona, 0, len(i.people))
	for _, p := range i.people {
		out = append(out, p.shown)
	}
	return out
}

func (i *Identity) find(id string) (person, bool) {
	k := slices.IndexFunc(i.people, func(p person) bool { return p.shown.ID == id })
	if k < 0 {
		return person{}, false
	}
	return i.people[k], true
}

// Routes adds POST session, which sets the cookie. The checks of the front door come before it.
func (i *Identity) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v1/session", i.choose)
}

func (i *Identity) choose(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Persona string `json:"persona"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyBytesMax)).Decode(&body); err != nil {
		refuse(w, "bad_json", "this is no JSON", "")
		return
	}
	p, ok := i.find(body.Persona)
	if !ok {
		refuse(w, "no_persona", "there is no such persona", "persona")
		return
	}
	remember(w, p.shown.ID)
	write(w, http.StatusOK, "application/json", p.shown)
}

// Greet sets the cookie at the first visit, so that the browser says from then on who its visitor is. Scripts, which name a
// persona by the header, get none.
func (i *Identity) Greet(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie(Cookie); err != nil && r.Header.Get(Header) == "" {
		remember(w, first)
	}
}

func remember(w http.ResponseWriter, id string) {
	http.SetCookie(w, &http.Cookie{Name: Cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

func refuse(w http.ResponseWriter, code, detail, field string) {
	write(w, http.StatusBadRequest, "application/problem+json", api.Problem{
		Title: http.StatusText(http.StatusBadRequest), Status: http.StatusBadRequest, Kind: "invalid", Code: code, Detail: detail,
		Field: field, Remedy: "send one of the personas that GET session lists",
	})
}

func write(w http.ResponseWriter, status int, kind string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(b) // The visitor may have gone; there is nobody left to tell.
}
