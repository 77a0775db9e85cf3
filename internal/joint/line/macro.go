package line

// macro reads a word of the centre's own (commands.yaml) with what follows it.
func (r *reader) macro() *Reading { return nil }
