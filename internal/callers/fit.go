package callers

import "math"

// Fit is how well counts agree with what was expected: Pearson's chi-square.
type Fit struct {
	ChiSquare float64
	Freedom   int     // Degrees of freedom.
	P         float64 // The chance of a worse fit if the expectation is right; below 0.001 it is wrong.
}

// fitOf compares counts with shares that sum to 1. inflate is by how much the counts scatter more than independent
// ones do, because several callers report one event; it divides each cell's square (Rao and Scott 1981).
func fitOf(counts, shares, inflate []float64) Fit {
	total := 0.0
	for _, n := range counts {
		total += n
	}
	f := Fit{Freedom: -1}
	for i, n := range counts {
		expected := total * shares[i]
		if expected <= 0 {
			continue
		}
		f.ChiSquare += (n - expected) * (n - expected) / expected / inflate[i]
		f.Freedom++
	}
	f.P = upperTail(f.ChiSquare, f.Freedom)
	return f
}

// upperTail is the chance that a chi-square variable is above x.
func upperTail(x float64, freedom int) float64 {
	if freedom <= 0 {
		return 1
	}
	return gammaQ(float64(freedom)/2, x/2)
}

// gammaQ is the upper regularised incomplete gamma function: by its series for small x, else by its continued fraction
// (Abramowitz and Stegun 6.5.29 and 6.5.31, the fraction by Lentz's method).
func gammaQ(a, x float64) float64 {
	if x <= 0 {
		return 1
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 {
		sum, term := 1/a, 1/a
		for n := 1; n < 1000 && term > sum*1e-14; n++ {
			term *= x / (a + float64(n))
			sum += term
		}
		return 1 - front*sum
	}
	const tiny = 1e-300
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for n := 1; n < 1000; n++ {
		k := -float64(n) * (float64(n) - a)
		b += 2
		if d = k*d + b; math.Abs(d) < tiny {
			d = tiny
		}
		if c = b + k/c; math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		step := c * d
		h *= step
		if math.Abs(step-1) < 1e-14 {
			break
		}
	}
	return front * h
}
