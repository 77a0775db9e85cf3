package hint

// Weigh gives the features of a pair to the test that fits the weights.
func Weigh(q *Report, k *Known) []float64 {
	x, _, _, _ := weigh(q, k)
	return x[:]
}

// Weights are the present ones.
func Weights() []float64 {
	w := weights()
	return w[:]
}
