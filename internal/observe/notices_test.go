package observe

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// A statement may raise notices without end: few are kept, and cut.
func TestNoticesAreBounded(t *testing.T) {
	var m Notices
	long := strings.Repeat("é", maxNoticeLen)
	for range 3 * maxNotices {
		m.receive(&pgconn.Notice{SeverityUnlocalized: "NOTICE", Message: long})
	}
	if len(m.notices) != 50 || len(m.notices[0]) > 2000 || !strings.HasSuffix(m.notices[0], "é") {
		t.Errorf("%d notices of %d bytes are kept", len(m.notices), len(m.notices[0]))
	}
	total := 0
	for range 100 { // statements
		for _, n := range m.notices {
			total += len(n)
		}
		m.reset()
		for range maxNotices {
			m.receive(&pgconn.Notice{SeverityUnlocalized: "WARNING", Message: long})
		}
	}
	if total > 1<<20 || total < 1<<19 {
		t.Errorf("of all statements, %d bytes are kept", total)
	}
}

// Event triggers may tell of objects without end, or be imitated: what is too
// much is not remembered, and that it was is.
func TestObjectsAreBounded(t *testing.T) {
	var m Notices
	tell := func(n int) {
		data, err := json.Marshal(make([]droppedObject, n))
		if err != nil {
			t.Fatal(err)
		}
		m.receive(&pgconn.Notice{SeverityUnlocalized: "INFO", Message: "migvet", Code: "MV001", Detail: base64.StdEncoding.EncodeToString(data)})
	}
	tell(6_000)
	tell(4_000)
	if len(m.dropped) != 10_000 || m.untold {
		t.Errorf("%d are remembered, untold: %t", len(m.dropped), m.untold)
	}
	tell(1)
	if len(m.dropped) != 10_000 || !m.untold {
		t.Errorf("%d are remembered, untold: %t", len(m.dropped), m.untold)
	}
}
