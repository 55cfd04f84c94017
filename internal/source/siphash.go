package source

import (
	"encoding/binary"
	"math/bits"
)

// sipHash13 is SipHash-1-3 with a key of zeros, the hash of Rust's standard
// library.
// https://www.aumasson.jp/siphash/siphash.pdf
func sipHash13(data []byte) uint64 {
	// The constants spell "somepseudorandomlygeneratedbytes".
	v := [4]uint64{0x736f6d6570736575, 0x646f72616e646f6d, 0x6c7967656e657261, 0x7465646279746573}
	last := uint64(len(data)) << 56
	for len(data) >= 8 {
		sipCompress(&v, binary.LittleEndian.Uint64(data))
		data = data[8:]
	}
	for i, b := range data {
		last |= uint64(b) << (8 * i)
	}
	sipCompress(&v, last)
	v[2] ^= 0xff
	for range 3 {
		sipRound(&v)
	}
	return v[0] ^ v[1] ^ v[2] ^ v[3]
}

func sipCompress(v *[4]uint64, word uint64) {
	v[3] ^= word
	sipRound(v)
	v[0] ^= word
}

func sipRound(v *[4]uint64) {
	v[0] += v[1]
	v[1] = bits.RotateLeft64(v[1], 13) ^ v[0]
	v[0] = bits.RotateLeft64(v[0], 32)
	v[2] += v[3]
	v[3] = bits.RotateLeft64(v[3], 16) ^ v[2]
	v[0] += v[3]
	v[3] = bits.RotateLeft64(v[3], 21) ^ v[0]
	v[2] += v[1]
	v[1] = bits.RotateLeft64(v[1], 17) ^ v[2]
	v[2] = bits.RotateLeft64(v[2], 32)
}
