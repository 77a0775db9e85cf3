package console

import (
	"testing"
	"testing/fstest"
)

func TestPackIsFilled(t *testing.T) {
	dist := fstest.MapFS{"dist/pack-template.html": {Data: []byte(`<script id="pack-data">"__PACK__"</script><script>var x="__PACK__"</script>`)}}
	got, ok := pack(dist, []byte(`{"as_of":9}`))
	if want := `<script id="pack-data">{"as_of":9}</script><script>var x="__PACK__"</script>`; !ok || string(got) != want {
		t.Errorf("%v %s", ok, got)
	}
	if _, ok := pack(fstest.MapFS{}, nil); ok {
		t.Error("a program without a console makes a pack")
	}
}
