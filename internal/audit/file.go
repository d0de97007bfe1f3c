package audit

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// longestLine bounds a line of an export in bytes. An entry holds a record before and
// after; this is far beyond any.
const longestLine = 64 << 20

// VerifyFile checks an exported file as Verify checks the database, and needs nothing
// but the file, the keys and, if there are any, heads. A file holds the blocks of a
// period, so what came before its first block and after its last one is not known: the
// report says which these are. Faults hold the first thing that is wrong with the file;
// the error is of reading it only.
//
// A line must be exactly as Export writes it, so that what a person reads in the file is
// what was signed.
func VerifyFile(r io.Reader, o Options) (Report, error) {
	f := &fileCheck{Options: o, in: bufio.NewReaderSize(r, 64<<10), content: newContent()}
	err := f.run()
	var fault *Fault
	if errors.As(err, &fault) {
		f.leave()
		f.report.Faults = append(f.report.Faults, *fault)
		return f.report, nil
	}
	return f.report, err
}

type fileCheck struct {
	Options
	in      *bufio.Reader
	lines   int
	text    []byte
	again   bytes.Buffer
	content *content
	chain   chain
	witness *witness
	block   *Block // whose entries are being read; nil before the first
	done    Chain
	seen    map[string]bool // authorities that were read to their end
	blocks  int64
	entries int64
	report  Report
}

// damaged is a fault of the file itself.
func (f *fileCheck) damaged(zh, en string) error {
	fault := Fault{ZH: fmt.Sprintf("第 %d 行：%s", f.lines, zh), EN: fmt.Sprintf("line %d: %s", f.lines, en)}
	if f.block != nil {
		fault.AdCode, fault.Block = f.block.AdCode, f.block.Number
	}
	return &fault
}

func (f *fileCheck) run() error {
	f.seen = map[string]bool{}
	if err := f.next(); err != nil {
		return err
	}
	var start exportStart
	if err := f.decode(&start); err != nil {
		return err
	}
	if start.Type != exportType || start.Format != exportFormat {
		return f.damaged("不是一刻导出的审计日志", "this is no audit log exported by yike")
	}
	for {
		if err := f.next(); err != nil {
			return err
		}
		var kind struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(f.text, &kind); err != nil {
			return f.damaged("不是 JSON", "not JSON")
		}
		var err error
		switch kind.Type {
		case "entry":
			err = f.entry()
		case "block":
			err = f.begin()
		case "end":
			return f.end()
		default:
			err = f.damaged("不认识的行", "a line of no known type")
		}
		if err != nil {
			return err
		}
	}
}

// next reads a line; that there is none is a fault, since the last one says that it is.
func (f *fileCheck) next() error {
	f.lines++
	f.text = f.text[:0]
	for {
		part, err := f.in.ReadSlice('\n')
		f.text = append(f.text, part...)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, io.EOF):
			return f.damaged("文件不完整：缺少结尾", "the file is not whole: its end is missing")
		case !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("read the export: %w", err)
		case len(f.text) > longestLine:
			return f.damaged("行过长", "the line is too long")
		}
	}
}

// decode reads the line, and holds it to the form that it was written in.
func (f *fileCheck) decode(into any) error {
	if err := json.Unmarshal(f.text, into); err != nil {
		return f.damaged("不是导出时的格式", "not in the form of an export")
	}
	f.again.Reset()
	if err := marshalLine(&f.again, into); err != nil {
		return err
	}
	if !bytes.Equal(f.again.Bytes(), f.text) {
		return f.damaged("不是导出时的格式", "not in the form of an export")
	}
	return nil
}

func (f *fileCheck) entry() error {
	var e exportEntry
	if err := f.decode(&e); err != nil {
		return err
	}
	if f.block == nil {
		return f.damaged("记录不属于任何区块", "an entry that is in no block")
	}
	texts := [fieldCount]string{
		e.AdCode, e.ID, e.Epoch, e.Xid, e.At, e.Account, e.Who, e.Why, e.From, e.Trace,
		e.Action, e.Outcome, e.Kind, e.Subject, e.Division, e.Detail,
	}
	var rec record
	for i, text := range texts {
		rec[i] = []byte(text)
	}
	f.content.add(&rec)
	f.entries++
	if f.content.count <= f.block.Entries {
		return nil
	}
	return f.finish() // which says so, before a file of any length is read on
}

// begin finishes the block before and checks the next one.
func (f *fileCheck) begin() error {
	if err := f.finish(); err != nil {
		return err
	}
	var line exportBlock
	if err := f.decode(&line); err != nil {
		return err
	}
	b, err := line.block()
	if err != nil || lineOfBlock(b) != line {
		return f.damaged("区块的值有误", "the block has values that are none")
	}
	if b.AdCode != f.chain.adcode {
		if err := f.enter(b); err != nil {
			return err
		}
	}
	if fault := f.chain.link(b); fault != nil {
		return fault
	}
	if fault := f.witness.meet(b, f.Keys); fault != nil {
		return fault
	}
	f.block = b
	f.blocks++
	f.content.reset()
	return nil
}

// enter begins the chain of an authority with its first block in the file.
func (f *fileCheck) enter(b *Block) error {
	adcode := b.AdCode
	f.leave()
	if f.seen[adcode] {
		return f.damaged("机构 "+adcode+" 出现两次", "the authority "+adcode+" comes twice")
	}
	f.seen[adcode] = true
	f.chain = chain{keys: f.Keys, adcode: adcode, inside: b.Number > 1}
	f.witness = f.Heads.witness(adcode)
	f.done = Chain{AdCode: adcode}
	return nil
}

// leave keeps what was verified of an authority.
func (f *fileCheck) leave() {
	if f.chain.adcode != "" {
		f.report.Chains = append(f.report.Chains, f.done)
	}
}

// finish checks the entries of the block that ends here.
func (f *fileCheck) finish() error {
	b := f.block
	if b == nil {
		return nil
	}
	if fault := f.content.compare(b); fault != nil {
		return fault
	}
	if f.done.First == 0 {
		f.done.First = b.Number
	}
	f.done.Last, f.done.Hash, f.done.SealedAt = b.Number, hex.EncodeToString(b.Hash), b.SealedAt
	f.done.Entries += int64(b.Entries)
	f.done.Heads = f.witness.compared
	f.block = nil
	return nil
}

func (f *fileCheck) end() error {
	if err := f.finish(); err != nil {
		return err
	}
	var line exportEnd
	if err := f.decode(&line); err != nil {
		return err
	}
	if line.Blocks != f.blocks || line.Entries != f.entries {
		return f.damaged("总数与文件内容不符", "the totals are not those of the file")
	}
	if _, err := f.in.ReadByte(); err == nil {
		f.lines++
		return f.damaged("结尾之后还有内容", "there is more after the end")
	} else if !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the export: %w", err)
	}
	f.leave()
	return nil
}

// block reads the values of a line.
func (l exportBlock) block() (*Block, error) {
	b := &Block{AdCode: l.AdCode, Number: l.Number, Epoch: l.Epoch, Entries: l.Entries, KeyID: l.KeyID, SealedAt: l.SealedAt}
	var faults [6]error
	b.XidFrom, faults[0] = strconv.ParseUint(l.XidFrom, 10, 64)
	b.XidTo, faults[1] = strconv.ParseUint(l.XidTo, 10, 64)
	b.ContentHash, faults[2] = hex.DecodeString(l.ContentHash)
	b.PreviousHash, faults[3] = hex.DecodeString(l.PreviousHash)
	b.Hash, faults[4] = hex.DecodeString(l.Hash)
	b.Signature, faults[5] = hex.DecodeString(l.Signature)
	return b, errors.Join(faults[:]...)
}
