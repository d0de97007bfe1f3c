package audit

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Head is what is written down of a block outside of the database: enough to know, when
// the block is no longer there, that it was.
type Head struct {
	AdCode    string `json:"adcode"`
	Number    int64  `json:"number"`
	Hash      string `json:"hash"` // hexadecimal
	KeyID     string `json:"key_id"`
	Signature string `json:"signature"`
	SealedAt  string `json:"sealed_at"`
}

func headOf(b *Block) Head {
	return Head{
		AdCode: b.AdCode, Number: b.Number, Hash: hex.EncodeToString(b.Hash), KeyID: b.KeyID,
		Signature: hex.EncodeToString(b.Signature), SealedAt: b.SealedAt,
	}
}

// Heads is the file of heads: one JSON object a line, only ever appended to, each line
// safe on disk before the next thing happens. Since a chain holds everything before its
// head, one head a minute is enough. It is used by one goroutine at a time.
type Heads struct {
	file    *os.File
	every   time.Duration
	noted   map[string]mark
	pending map[string]Head
}

type mark struct {
	number int64
	at     time.Time
}

// OpenHeads opens or makes the file. every is the least time between two lines of one
// authority; 0 writes each head.
func OpenHeads(path string, every time.Duration) (*Heads, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of audit heads: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the audit heads: %w", err)
	}
	if err := endLine(file); err != nil {
		return nil, errors.Join(fmt.Errorf("open the audit heads: %w", err), file.Close())
	}
	return &Heads{file: file, every: every, noted: map[string]mark{}, pending: map[string]Head{}}, nil
}

// endLine keeps a line that a crash cut short from spoiling the next one.
func endLine(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	end := make([]byte, 1)
	if _, err := file.ReadAt(end, info.Size()-1); err != nil || end[0] == '\n' {
		return err
	}
	_, err = file.WriteString("\n")
	return err
}

// Note takes the newest block of an authority. Flush writes it.
func (h *Heads) Note(b *Block) {
	if b.Number > h.noted[b.AdCode].number {
		h.pending[b.AdCode] = headOf(b)
	}
}

// Flush writes the heads that are due at a moment, or all that are not written yet. It
// gives those it wrote.
func (h *Heads) Flush(now time.Time, all bool) ([]Head, error) {
	var lines bytes.Buffer
	var due []Head
	for adcode, head := range h.pending {
		before, ok := h.noted[adcode]
		if !all && ok && now.Sub(before.at) < h.every {
			continue
		}
		line, err := json.Marshal(head)
		if err != nil {
			return nil, fmt.Errorf("write the audit heads: %w", err)
		}
		lines.Write(append(line, '\n'))
		due = append(due, head)
	}
	if len(due) == 0 {
		return nil, nil
	}
	_, err := h.file.Write(lines.Bytes())
	if err := errors.Join(err, h.file.Sync()); err != nil {
		return nil, fmt.Errorf("write the audit heads: %w", err)
	}
	for _, head := range due {
		h.noted[head.AdCode] = mark{number: head.Number, at: now}
		delete(h.pending, head.AdCode)
	}
	return due, nil
}

// Close closes the file; what is pending is written by Flush before.
func (h *Heads) Close() error {
	if err := h.file.Close(); err != nil {
		return fmt.Errorf("close the audit heads: %w", err)
	}
	return nil
}

// HeadList is what a file of heads holds, each authority's in the order of the file.
type HeadList struct {
	Lines      int // heads that could be read
	Unreadable int // lines that could not: a crash may leave one
	heads      map[string][]Head
}

// longestHead bounds a line of the file.
const longestHead = 64 << 10

// ReadHeadsFile reads a file of heads. A file that is not there has none.
func ReadHeadsFile(path string) (HeadList, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return HeadList{}, nil
	}
	if err != nil {
		return HeadList{}, fmt.Errorf("read the audit heads: %w", err)
	}
	defer func() { _ = file.Close() }()
	return ReadHeads(file)
}

// ReadHeads reads heads, one JSON object a line.
func ReadHeads(r io.Reader) (HeadList, error) {
	list := HeadList{heads: map[string][]Head{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestHead)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var h Head
		if json.Unmarshal(lines.Bytes(), &h) != nil || h.AdCode == "" || h.Number < 1 || h.Hash == "" {
			list.Unreadable++
			continue
		}
		list.Lines++
		list.heads[h.AdCode] = append(list.heads[h.AdCode], h)
	}
	if err := lines.Err(); err != nil {
		return HeadList{}, fmt.Errorf("read the audit heads: %w", err)
	}
	return list, nil
}

// genuine reports whether the head was signed with one of the keys, so that the block it
// tells of was there.
func (h Head) genuine(known Keys) bool {
	hash, err := hex.DecodeString(h.Hash)
	signature, errSignature := hex.DecodeString(h.Signature)
	public, ok := known[h.KeyID]
	return err == nil && errSignature == nil && ok && ed25519.Verify(public, hash, signature)
}

func verifySignature(public ed25519.PublicKey, b *Block) bool {
	return ed25519.Verify(public, b.Hash, b.Signature)
}

// witness compares the blocks of one authority with what was written down of them.
type witness struct {
	expected map[int64][]Head
	highest  int64
	compared int
}

func (l HeadList) witness(adcode string) *witness {
	w := &witness{expected: map[int64][]Head{}}
	for _, h := range l.heads[adcode] {
		if known := w.expected[h.Number]; len(known) == 0 || known[0].Hash != h.Hash {
			w.expected[h.Number] = append(known, h)
		}
		w.highest = max(w.highest, h.Number)
	}
	return w
}

// meet checks a block against the heads of its number. Only where they differ does the
// head's own signature matter: it says which of the two to believe.
func (w *witness) meet(b *Block, known Keys) *Fault {
	for _, h := range w.expected[b.Number] {
		w.compared++
		if h.Hash != hex.EncodeToString(b.Hash) && h.genuine(known) {
			return faultAt(b.AdCode, b.Number,
				"与库外记下的链头不符：此后的区块曾被删去重封", "it is not the block that was written down outside of the database: the chain was cut here and sealed anew")
		}
	}
	return nil
}

// missing checks that the chain goes as far as was written down.
func (w *witness) missing(adcode string, last int64, known Keys) *Fault {
	if w.highest <= last {
		return nil
	}
	var farthest int64
	for number, heads := range w.expected {
		if number > max(last, farthest) && slices.ContainsFunc(heads, func(h Head) bool { return h.genuine(known) }) {
			farthest = number
		}
	}
	if farthest == 0 {
		return nil
	}
	return faultAt(adcode, last+1,
		fmt.Sprintf("链尾被截去：库外记有第 %d 块", farthest), fmt.Sprintf("the tail was cut off: block %d was written down outside of the database", farthest))
}
