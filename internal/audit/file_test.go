package audit_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"yike/internal/audit"
)

// exported writes an export of the log.
func (l *testLog) exported(t testing.TB, o audit.ExportOptions) []byte {
	t.Helper()
	var file bytes.Buffer
	o.Public, o.Now = l.ring.AuditPublic(), time.Unix(1_800_000_000, 0)
	if _, err := audit.Export(t.Context(), l.db.Pool(), &file, o); err != nil {
		t.Fatalf("export: %v", err)
	}
	return file.Bytes()
}

// manyKinds is a sealed log with whatever an export has to carry.
func manyKinds(t testing.TB) *testLog {
	t.Helper()
	l := newLog(t, 7)
	l.fill(t, 40)
	l.force(t, `UPDATE audit_entry SET why = E'<b>&"\\\n\u2028 \U0001F600 \u0001' || why, detail = '{"a": 1.50, "b": [true, null, "\u0001<é"], "zz": {"长": 1e3}}' WHERE account_id IS NULL`)
	l.seal(t) // an epoch that is over
	for i := range 9 {
		l.write(t, []string{adcode, "990102", "000000"}[i%3], fmt.Sprint("现 ", i))
	}
	l.seal(t)
	return l
}

func verifyFile(t testing.TB, file []byte, o audit.Options) audit.Report {
	t.Helper()
	report, err := audit.VerifyFile(bytes.NewReader(file), o)
	if err != nil {
		t.Fatalf("verify a file: %v", err)
	}
	return report
}

func TestExportVerifies(t *testing.T) {
	t.Parallel()
	l := manyKinds(t)
	l.write(t, adcode, "not sealed yet")
	file := l.exported(t, audit.ExportOptions{})
	r := verifyFile(t, file, l.options(t))
	if !r.OK() || r.Entries() != 49 || len(r.Chains) != 3 || r.Blocks() != int64(l.count(t, `SELECT count(*) FROM audit_block`)) {
		t.Errorf("all of the log: %+v", r)
	}
	in := l.verify(t)
	for i, c := range r.Chains {
		want := in.Chains[i]
		want.Unsealed = 0 // an export does not know
		if c != want {
			t.Errorf("the file's chain is %+v; the database's %+v", c, want)
		}
	}
	r = verifyFile(t, l.exported(t, audit.ExportOptions{AdCode: "990102"}), l.options(t))
	if !r.OK() || r.Entries() != 3 || len(r.Chains) != 1 {
		t.Errorf("of one authority: %+v", r)
	}
	r = verifyFile(t, l.exported(t, audit.ExportOptions{AdCode: "999999"}), l.options(t))
	if !r.OK() || r.Entries() != 0 {
		t.Errorf("of an authority that is not there: %+v", r)
	}
}

// TestExportOfPeriod holds that a period is exported in whole blocks, and nothing else.
func TestExportOfPeriod(t *testing.T) {
	t.Parallel()
	l := newLog(t, 10)
	l.fill(t, 100) // one every seven seconds from 2026-01-01T00:00:00Z
	l.seal(t)
	for range 3 {
		l.write(t, adcode, "later") // in blocks of now, or in none yet
	}
	at := func(seconds float64) time.Time {
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(seconds * float64(time.Second)))
	}
	blockAt := func(t time.Time) string {
		return fmt.Sprintf(`(SELECT b.number FROM audit_entry e JOIN audit_block b ON b.epoch = e.epoch AND e.xid >= b.xid_from AND e.xid < b.xid_to
			WHERE abs(extract(epoch FROM e.at - '%s')) < 1)`, t.Format(time.RFC3339))
	}
	for name, tc := range map[string]struct {
		from, to    time.Time
		first, last string
	}{
		"all":                 {time.Time{}, time.Time{}, "1", "(SELECT max(number) FROM audit_block)"},
		"one entry":           {at(7 * 33), at(7*33 + 1), blockAt(at(7 * 33)), blockAt(at(7 * 33))},
		"some blocks":         {at(7 * 20), at(7 * 60), blockAt(at(7 * 20)), blockAt(at(7 * 59))},
		"until then":          {time.Time{}, at(7 * 15), "1", blockAt(at(7 * 14))},
		"before all":          {time.Time{}, at(0), "0", "0"},
		"between two entries": {at(3), at(5), "0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			file := l.exported(t, audit.ExportOptions{Period: audit.Period{From: tc.from, To: tc.to}})
			r := verifyFile(t, file, l.options(t))
			var got audit.Chain
			if len(r.Chains) > 0 {
				got = r.Chains[0]
			}
			first, last := l.count(t, "SELECT "+tc.first), l.count(t, "SELECT "+tc.last)
			if !r.OK() || got.First != int64(first) || got.Last != int64(last) {
				t.Errorf("blocks %d to %d, faults %v; want %d to %d", got.First, got.Last, r.Faults, first, last)
			}
		})
	}
	r := verifyFile(t, l.exported(t, audit.ExportOptions{Period: audit.Period{From: at(690)}}), l.options(t))
	if !r.OK() || r.Chains[0].Last != int64(l.count(t, `SELECT max(number) FROM audit_block`)) {
		t.Errorf("from then on: %+v", r)
	}
}

// TestOutsiderVerifies recomputes an export from the package's documentation alone.
func TestOutsiderVerifies(t *testing.T) {
	t.Parallel()
	l := manyKinds(t)
	field := func(to []byte, text string) []byte {
		return append(binary.BigEndian.AppendUint32(to, uint32(len(text))), text...)
	}
	text := func(line map[string]any, names ...string) []byte {
		var out []byte
		for _, name := range names {
			value := line[name]
			if n, ok := value.(json.Number); ok {
				value = n.String()
			}
			out = field(out, value.(string))
		}
		return out
	}
	type block struct {
		line    map[string]any
		content []byte
	}
	var blocks []block
	dec := json.NewDecoder(bytes.NewReader(l.exported(t, audit.ExportOptions{})))
	dec.UseNumber()
	for {
		line := map[string]any{}
		err := dec.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch line["type"] {
		case "block":
			blocks = append(blocks, block{line, field(nil, "yike audit content 1")})
		case "entry":
			last := &blocks[len(blocks)-1]
			last.content = append(last.content, text(line, "adcode", "id", "epoch", "xid", "at", "account_id", "who", "why", "from_addr", "trace_id",
				"action", "outcome", "subject_kind", "subject_id", "division_code", "detail")...)
		}
	}
	previous := map[string]string{}
	for _, b := range blocks {
		content := sha256.Sum256(b.content)
		hash := sha256.Sum256(append(field(nil, "yike audit block 1"), text(b.line, "adcode", "number", "epoch", "xid_from", "xid_to", "entries",
			"content_hash", "previous_hash", "key_id", "sealed_at")...))
		signature, err := hex.DecodeString(b.line["signature"].(string))
		if err != nil {
			t.Fatal(err)
		}
		authority := b.line["adcode"].(string)
		if previous[authority] == "" {
			previous[authority] = strings.Repeat("0", 64)
		}
		if b.line["content_hash"] != hex.EncodeToString(content[:]) || b.line["hash"] != hex.EncodeToString(hash[:]) ||
			b.line["previous_hash"] != previous[authority] || !ed25519.Verify(l.ring.AuditPublic(), hash[:], signature) {
			t.Errorf("block %v cannot be recomputed", b.line)
		}
		previous[authority] = b.line["hash"].(string)
	}
	if len(blocks) != l.count(t, `SELECT count(*) FROM audit_block`) {
		t.Errorf("%d blocks", len(blocks))
	}
}

// TestDamagedFile holds that a file is whole or refused, whatever was done to it.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	l := manyKinds(t)
	o := l.options(t)
	file := l.exported(t, audit.ExportOptions{})
	lines := bytes.SplitAfter(file, []byte("\n"))
	lines = lines[:len(lines)-1]
	refused := func(name string, damaged []byte) {
		t.Helper()
		if r := verifyFile(t, damaged, o); r.OK() {
			t.Errorf("%s: taken for whole", name)
		}
	}
	for i := range lines {
		name := fmt.Sprintf("line %d ", i+1)
		without := slices.Delete(slices.Clone(lines), i, i+1)
		refused(name+"left out", bytes.Join(without, nil))
		refused(name+"twice", bytes.Join(slices.Insert(slices.Clone(lines), i, lines[i]), nil))
		refused(name+"and the rest left out", bytes.Join(lines[:i], nil))
		refused(name+"cut short", bytes.Join(lines[:i+1], nil)[:len(bytes.Join(lines[:i+1], nil))-1])
		refused(name+"with a space", bytes.Join(slices.Replace(slices.Clone(lines), i, i+1, append([]byte(" "), lines[i]...)), nil))
		if i > 0 {
			swapped := slices.Clone(lines)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			refused(name+"before the one before", bytes.Join(swapped, nil))
		}
	}
	for name, tc := range map[string]struct{ from, to string }{
		"a second value for a name":    {`"who":"用户1"`, `"who":"用户1","who":"用户1"`},
		"a name in capitals":           {`"who":"用户1"`, `"Who":"用户1"`},
		"a hash in capitals":           {`"hash":"`, `"hash":"A`},
		"a block without a number":     {`"number":2`, `"number":"2"`},
		"an entry of no known type":    {`"type":"entry"`, `"type":"note"`},
		"another format":               {`"format":1`, `"format":2`},
		"another kind of file":         {`"yike-audit-export"`, `"export"`},
		"an authority that comes back": {`"type":"end"`, strings.TrimSuffix(string(lines[1]), "\n")[1:] + "\n" + `{"type":"end"`},
		"more after the end":           {string(lines[len(lines)-1]), string(lines[len(lines)-1]) + "\n"},
		"other totals":                 {`"entries":49}`, `"entries":50}`},
	} {
		damaged := strings.Replace(string(file), tc.from, tc.to, 1)
		if damaged == string(file) {
			t.Errorf("%s: nothing was damaged", name)
		}
		refused(name, []byte(damaged))
	}
	refused("nothing at all", nil)
	refused("a long line", append(bytes.Clone(lines[0]), bytes.Repeat([]byte("x"), 65<<20)...))

	if r := verifyFile(t, file, audit.Options{Keys: audit.KeysOf(ring(t).AuditPublic())}); r.OK() || r.Faults[0].Block != 1 {
		t.Errorf("with another key: %+v", r)
	}
	if _, err := audit.VerifyFile(io.MultiReader(bytes.NewReader(file[:len(file)/2]), failing{}), o); !errors.Is(err, errFailing) {
		t.Errorf("a file that cannot be read: %v", err)
	}
	if _, err := audit.VerifyFile(io.MultiReader(bytes.NewReader(file), failing{}), o); !errors.Is(err, errFailing) {
		t.Errorf("a file whose end cannot be read: %v", err)
	}
}

// TestDamagedFileNamesBlock holds that the block is named, as in the database.
func TestDamagedFileNamesBlock(t *testing.T) {
	t.Parallel()
	l := newLog(t, 10)
	l.fill(t, 100)
	l.seal(t)
	o := l.options(t)
	lines := strings.SplitAfter(string(l.exported(t, audit.ExportOptions{AdCode: adcode})), "\n")
	block := int64(0)
	for i, line := range lines[:len(lines)-2] {
		if strings.Contains(line, `"type":"block"`) {
			block++
		}
		if i == 0 {
			continue
		}
		damaged := slices.Clone(lines)
		damaged[i] = strings.Replace(line, `"adcode":"990101"`, `"adcode":"990102"`, 1)
		if strings.Contains(line, `"type":"block"`) {
			damaged[i] = strings.Replace(line, `"sealed_at":"2`, `"sealed_at":"3`, 1)
		}
		if r := verifyFile(t, []byte(strings.Join(damaged, "")), o); r.OK() || r.Faults[0].Block != block {
			t.Errorf("line %d: %+v; want block %d", i+1, r.Faults, block)
		}
	}

	// A whole chain that is not the one that was written down.
	other := o
	other.Heads = headsOf(t, l, 4, strings.Repeat("ab", 32))
	if r := verifyFile(t, []byte(strings.Join(lines, "")), other); r.OK() || r.Faults[0].Block != 4 {
		t.Errorf("with other heads: %+v", r)
	}
}

// headsOf makes a genuine head of a block that is not in the log.
func headsOf(t *testing.T, l *testLog, number int64, hash string) audit.HeadList {
	t.Helper()
	raw, err := hex.DecodeString(hash)
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(audit.Head{
		AdCode: adcode, Number: number, Hash: hash, KeyID: l.ring.AuditKeyID(), Signature: hex.EncodeToString(l.ring.Sign(raw)), SealedAt: "2026-01-01T00:00:00.000000Z",
	})
	if err != nil {
		t.Fatal(err)
	}
	heads, err := audit.ReadHeads(bytes.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	return heads
}

var errFailing = errors.New("the disk is broken")

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errFailing }
func (failing) Write([]byte) (int, error) { return 0, errFailing }

// failsAfter takes so many bytes.
type failsAfter int

func (f *failsAfter) Write(b []byte) (int, error) {
	if *f -= failsAfter(len(b)); *f < 0 {
		return 0, errFailing
	}
	return len(b), nil
}

func TestExportFails(t *testing.T) {
	t.Parallel()
	l := newLog(t, 100)
	l.fill(t, 500)
	l.seal(t)
	size := len(l.exported(t, audit.ExportOptions{}))
	for _, at := range []int{0, 5_000, size / 2, size - 1} {
		w := failsAfter(at)
		if _, err := audit.Export(t.Context(), l.db.Pool(), &w, audit.ExportOptions{Public: l.ring.AuditPublic()}); !errors.Is(err, errFailing) {
			t.Errorf("after %d bytes: %v", at, err)
		}
	}
	l.db.Close()
	if _, err := audit.Export(t.Context(), l.db.Pool(), io.Discard, audit.ExportOptions{Public: l.ring.AuditPublic()}); err == nil {
		t.Error("without a database")
	}
	if _, err := audit.Verify(t.Context(), l.db.Pool(), audit.Options{}); err == nil {
		t.Error("verified without a database")
	}
	if _, err := audit.ReadLag(t.Context(), l.db.Pool()); err == nil {
		t.Error("the lag without a database")
	}
}

// example is an export that is kept as a file, so that the format cannot change unseen.
func example(t testing.TB) ([]byte, audit.Options) {
	t.Helper()
	dir := filepath.Join("testdata", "export")
	public, err := os.ReadFile(filepath.Join(dir, "public.key"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(public)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(dir, "log.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return file, audit.Options{Keys: audit.KeysOf(key)}
}

// TestEveryByte holds that no byte of a file can be changed.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	file, o := example(t)
	if r := verifyFile(t, file, o); !r.OK() || r.Entries() != 14 || len(r.Chains) != 2 {
		t.Fatalf("the example is %+v", r)
	}
	// The first line says when and for which period; nobody signed that. The lines are
	// alike, so that not every byte of all of them needs its turn.
	seen := map[string]int{}
	at := 0
	for i, line := range bytes.SplitAfter(file, []byte("\n")) {
		kind := string(line[:min(len(line), 15)])
		seen[kind]++
		for j := range line {
			if i == 0 || seen[kind] > 1 && j%17 != i%17 {
				continue
			}
			damaged := slices.Clone(file)
			damaged[at+j] ^= 1
			if r := verifyFile(t, damaged, o); r.OK() {
				t.Errorf("byte %d of line %d can be changed", j, i+1)
			}
		}
		at += len(line)
	}
}

// FuzzVerifyFile holds that no file breaks the verifier, and that it takes none for whole
// but those that hold what was signed.
func FuzzVerifyFile(f *testing.F) {
	genuine, o := example(f)
	signed := map[string]bool{}
	lines := bytes.SplitAfter(genuine, []byte("\n"))
	for _, line := range lines {
		signed[string(line)] = true
	}
	f.Add(genuine)
	f.Add(bytes.Join(lines[:3], nil))
	f.Add([]byte(`{"type":"yike-audit-export","format":1,"from":"","to":"","key_id":"","public_key":"","exported_at":""}` + "\n" + `{"type":"end","blocks":0,"entries":0}` + "\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := audit.VerifyFile(bytes.NewReader(file), o)
		if err != nil {
			t.Fatalf("reading bytes cannot fail: %v", err)
		}
		if !r.OK() {
			return
		}
		for i, line := range bytes.SplitAfter(file, []byte("\n")) {
			about := i == 0 || bytes.Contains(line, []byte(`"type":"end"`))
			if !about && len(line) > 0 && !signed[string(line)] {
				t.Errorf("taken for whole, though nobody signed %s", line)
			}
		}
	})
}
