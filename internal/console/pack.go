package console

import (
	"bytes"
	"io/fs"
)

// packHole is what the pack's template holds in the place of the pack; console/pack-template.ts writes it.
const packHole = `"__PACK__"`

// Pack fills the template that the console's build made with a pack, as JSON that encoding/json wrote (it escapes what could
// end a script). ok is false when this program has no console in it.
func Pack(data []byte) (page []byte, ok bool) { return pack(built, data) }

func pack(dist fs.FS, data []byte) ([]byte, bool) {
	template, err := fs.ReadFile(dist, "dist/pack-template.html")
	if err != nil || !bytes.Contains(template, []byte(packHole)) {
		return nil, false
	}
	return bytes.Replace(template, []byte(packHole), data, 1), true
}
