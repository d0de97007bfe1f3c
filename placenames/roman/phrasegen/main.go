// Command phrasegen makes placenames/roman/phrases.txt of the phrases of the npm package pinyin
// (MIT):
//
//	npm pack pinyin@4.0.0 && tar xzf pinyin-4.0.0.tgz
//	go run ./placenames/roman/phrasegen package/lib/cjs/pinyin.js > /tmp/phrases.txt && mv /tmp/phrases.txt placenames/roman/
//
// It owns how the file of that package is read, and knows nothing of names.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"yike/placenames/roman"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "phrasegen:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("say which file: lib/cjs/pinyin.js of the npm package pinyin")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return fmt.Errorf("open the package's file: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	all, err := read(f)
	if err != nil {
		return err
	}
	s, err := roman.NewSpeller(nil)
	if err != nil {
		return fmt.Errorf("read the characters: %w", err)
	}
	return write(out, s.Derive(all))
}

// read reads lines such as "长安": [["cháng"], ["ān"]], between the others of the file. A phrase
// that has several readings of a character comes once for its first ones and once for its last.
func read(from io.Reader) ([]roman.Phrase, error) {
	line := regexp.MustCompile(`^\s*"?([^\s":]+)"?: (\[\[.*\]\]),?$`)
	var out []roman.Phrase
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 64<<20) // the file has lines of megabytes
	for lines.Scan() {
		m := line.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		var of [][]string
		if err := json.Unmarshal([]byte(m[2]), &of); err != nil {
			return nil, fmt.Errorf("phrase %s: %w", m[1], err)
		}
		first, last := roman.Phrase{Text: m[1]}, roman.Phrase{Text: m[1]}
		for _, readings := range of {
			if len(readings) == 0 {
				return nil, fmt.Errorf("phrase %s: a character without reading", m[1])
			}
			first.Readings = append(first.Readings, readings[0])
			last.Readings = append(last.Readings, readings[len(readings)-1])
		}
		out = append(out, first, last)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the package's file: %w", err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no phrases in the file")
	}
	return out, nil
}

const head = `# Phrases that are read otherwise than their characters alone: made by placenames/roman/phrasegen.
# Source: phrases_dict of the npm package pinyin 4.0.0, lib/cjs/pinyin.js; © 闲耘 (hotoo), MIT License.
# Of its 41,613 phrases those of two to four characters; where a reading is one of the character's in internal/hanzi/standard.txt
# or go-pinyin; with the tones of the characters; without those that have two readings; and only what characters, as names usually read them (places.txt), and shorter phrases do not give.
`

func write(out io.Writer, phrases []roman.Phrase) error {
	w := bufio.NewWriter(out)
	if _, err := w.WriteString(head); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	for _, p := range phrases {
		if _, err := fmt.Fprintf(w, "%s %s\n", p.Text, strings.Join(p.Readings, " ")); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}
