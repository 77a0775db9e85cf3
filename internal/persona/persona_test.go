package persona_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shuniu/internal/api"
	"shuniu/internal/cad"
	"shuniu/internal/persona"
)

func people() *persona.Identity { return persona.New(persona.Options{Station: "st1", Unit: "101"}) }

func TestWho(t *testing.T) {
	for _, tt := range []struct {
		name, header, cookie, address string
		want                          string // Role; empty for a stranger.
	}{
		{"a first visit", "", "", "/", "commander"},
		{"a script", "dispatcher", "", "/", "dispatcher"},
		{"a browser", "", "call-taker", "/", "call-taker"},
		{"a script with a cookie", "field", "call-taker", "/", "field"},
		{"a script with a typing error", "comander", "", "/", ""},
		{"a cookie of another program", "", "admin", "/", ""},
		{"an address", "", "", "/?persona=dispatcher&X-Demo-Persona=dispatcher", "commander"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, tt.address, nil)
			if tt.header != "" {
				r.Header.Set(persona.Header, tt.header)
			}
			if tt.cookie != "" {
				r.AddCookie(&http.Cookie{Name: persona.Cookie, Value: tt.cookie})
			}
			who, ok := people().Who(r)
			if who.Role != tt.want || ok != (tt.want != "") {
				t.Errorf("it is %+v (%v), want role %q", who, ok, tt.want)
			}
		})
	}
}

func TestTheFieldPersonaRidesWithItsUnit(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(persona.Header, "field")
	who, _ := people().Who(r)
	if want := (cad.Actor{ID: "demo-field", Role: "field", Org: "st1", Unit: "101"}); who != want {
		t.Errorf("it is %+v, want %+v", who, want)
	}
}

func TestChoosingSetsAStrictCookie(t *testing.T) {
	mux := http.NewServeMux()
	people().Routes(mux)
	post := func(body string) (*httptest.ResponseRecorder, []*http.Cookie) {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/v1/session", strings.NewReader(body)))
		cookies := make([]*http.Cookie, 0, 1)
		for _, line := range w.Header().Values("Set-Cookie") {
			c, err := http.ParseSetCookie(line)
			if err != nil {
				t.Fatal(err)
			}
			cookies = append(cookies, c)
		}
		return w, cookies
	}
	got, cookies := post(`{"persona":"dispatcher"}`)
	if got.Code != http.StatusOK || len(cookies) != 1 {
		t.Fatalf("status %d with %d cookies", got.Code, len(cookies))
	}
	c := cookies[0]
	if c.Name != persona.Cookie || c.Value != "dispatcher" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
		t.Errorf("the cookie is %s", c)
	}
	for _, body := range []string{`{"persona":"king"}`, `{}`, `{"persona":7}`, ``, strings.Repeat("x", 5000)} {
		got, cookies := post(body)
		if got.Code != http.StatusBadRequest || len(cookies) != 0 || got.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.20q: status %d, %d cookies, %s", body, got.Code, len(cookies), got.Header().Get("Content-Type"))
		}
	}
}

// A browser is told at its first visit who it is, and only then; through the front door, where a visit begins.
func TestTheFirstVisitSetsTheCookie(t *testing.T) {
	s := api.New(api.Options{
		Centres: map[string]*api.Centre{}, Identity: people(), Version: "test",
		Console: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }),
	})
	for _, tt := range []struct {
		name, method, path, header, cookie, want string
	}{
		{"the page", http.MethodGet, "/", "", "", "shuniu_persona=commander; Path=/; HttpOnly; SameSite=Strict"},
		{"the session", http.MethodGet, "/api/v1/session", "", "", "shuniu_persona=commander; Path=/; HttpOnly; SameSite=Strict"},
		{"beside it", http.MethodGet, "/api/v1/units", "", "", ""},
		{"a second visit", http.MethodGet, "/", "", "call-taker", ""},
		{"a script", http.MethodGet, "/", "field", "", ""},
		{"a choice", http.MethodPost, "/api/v1/session", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "http://127.0.0.1"+tt.path, nil)
			if tt.header != "" {
				r.Header.Set(persona.Header, tt.header)
			}
			if tt.cookie != "" {
				r.AddCookie(&http.Cookie{Name: persona.Cookie, Value: tt.cookie})
			}
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if got := w.Header().Get("Set-Cookie"); got != tt.want {
				t.Errorf("the cookie is %q, want %q", got, tt.want)
			}
		})
	}
}

// A command may be handed to a persona by either of its names, and to nobody else.
func TestPerson(t *testing.T) {
	i := persona.New(persona.Options{})
	for name, want := range map[string]cad.ActorID{"commander": "demo-commander", "demo-field": "demo-field", "no-such-person": "", "": ""} {
		if got, known := i.Person(name); got != want || known != (want != "") {
			t.Errorf("%q is %q, known %v", name, got, known)
		}
	}
}
