//go:build race

package trial

// raceDetector makes tests of nothing but text several times slower.
const raceDetector = true
