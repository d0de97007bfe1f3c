package auth

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestPassword is how many bytes of a password are taken; hashing a longer one would
// only cost time.
const LongestPassword = 256

// The rules of passwords, as code words.
const (
	RuleTooShort   = "too_short"
	RuleTooLong    = "too_long"
	RuleClasses    = "too_few_classes"
	RuleRepeats    = "repeats"
	RuleSequence   = "sequence"
	RuleCommon     = "common"
	RulePersonal   = "personal"
	RuleUsedBefore = "used_before"
)

// Person is what a password may not be made of.
type Person struct{ Name, DisplayName, Department, Phone string }

// CheckPassword lists the rules that a new password breaks, in the order that people are
// told them; none when it may be used. Whether it was used before is for the one who
// keeps the former ones: see UsedBefore.
func CheckPassword(p Policy, who Person, password string) []Fault {
	var faults []Fault
	add := func(rule, zh, en string) { faults = append(faults, Fault{"new", rule, zh, en}) }
	letters := utf8.RuneCountInString(password)
	if letters < p.MinLength {
		add(RuleTooShort, fmt.Sprintf("至少 %d 个字符，现有 %d 个", p.MinLength, letters),
			fmt.Sprintf("at least %d characters; it has %d", p.MinLength, letters))
	}
	if len(password) > LongestPassword {
		add(RuleTooLong, fmt.Sprintf("最多 %d 个字节", LongestPassword), fmt.Sprintf("at most %d bytes", LongestPassword))
		return faults
	}
	if n := classes(password); n < p.NeedClasses {
		add(RuleClasses, fmt.Sprintf("小写字母、大写字母、数字、其他字符中至少用 %d 种，现有 %d 种", p.NeedClasses, n),
			fmt.Sprintf("mix at least %d of small letters, capitals, digits and others; it has %d", p.NeedClasses, n))
	}
	if distinct(password) < 5 {
		add(RuleRepeats, "不同的字符太少", "too few different characters")
	}
	plain := strings.ToLower(password)
	if rest := withoutSequences(plain); letters > 0 && utf8.RuneCountInString(rest)*2 < letters {
		add(RuleSequence, "大半是连续的字母、数字或键盘顺序", "most of it is a run of the alphabet, of digits or of the keyboard")
	}
	if utf8.RuneCountInString(strings.TrimFunc(without(plain, commonWords()), notLetter)) < 4 {
		add(RuleCommon, "由常见的密码词加数字组成，容易被猜到", "it is made of words that are guessed first, with digits")
	}
	if part := personalPart(plain, who); part != "" {
		add(RulePersonal, "不应含有本人的账号、姓名、部门或电话", "it must not hold your own account name, name, department or phone")
	}
	return faults
}

// UsedBefore is the fault of a password that was used lately.
func UsedBefore(remember int) Fault {
	if remember == 0 {
		return Fault{"new", RuleUsedBefore, "与现在的密码相同", "it is the present password"}
	}
	return Fault{
		"new", RuleUsedBefore,
		fmt.Sprintf("与现在的或最近 %d 个旧密码相同", remember), fmt.Sprintf("it is the present password or one of the last %d", remember),
	}
}

func classes(s string) int {
	var lower, upper, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// sequences are what fingers run along, forwards or backwards.
func sequences() []string {
	return []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik"}
}

// shortestRun is how many letters make a sequence.
const shortestRun = 4

// withoutSequences leaves out every run of shortestRun or more letters.
func withoutSequences(s string) string {
	all := sequences()
	for _, q := range sequences() {
		all = append(all, reverse(q))
	}
	var rest strings.Builder
	for s != "" {
		run := 0
		for _, q := range all {
			run = max(run, prefixRun(s, q))
		}
		if run >= shortestRun {
			s = s[run:]
			continue
		}
		_, size := utf8.DecodeRuneInString(s)
		rest.WriteString(s[:size])
		s = s[size:]
	}
	return rest.String()
}

// prefixRun is how many letters at the beginning of s run along q, from anywhere in it.
func prefixRun(s, q string) int {
	at := strings.IndexByte(q, s[0])
	if at < 0 {
		return 0
	}
	n := 0
	for n < len(s) && at+n < len(q) && s[n] == q[at+n] {
		n++
	}
	return n
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// commonWords are the words that lists of leaked passwords are full of, and ours.
func commonWords() []string {
	return []string{
		"password", "passw0rd", "p@ssw0rd", "p@ssword", "pass", "administrator", "admin", "root", "guest", "test", "user", "login",
		"welcome", "letmein", "changeme", "default", "secret", "master", "monkey", "dragon", "football", "baseball", "sunshine", "princess",
		"iloveyou", "superman", "batman", "shadow", "qwerty", "qwertyuiop", "asdfgh", "zxcvbn", "1q2w3e4r", "1qaz2wsx", "abc123", "hello",
		"woaini", "aini", "5201314", "1314520", "woaiwojia", "zhongguo", "china", "beijing", "shanghai", "yike", "demo", "huawei", "taobao",
		"minzheng", "minzhengju", "shequ", "jiedao", "mima", "wode", "nihao", "computer", "internet", "server", "system", "spring", "summer", "autumn", "winter",
	}
}

func without(s string, words []string) string {
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) }) // the longest first, so that no half of one is left
	for _, w := range words {
		s = strings.ReplaceAll(s, w, "")
	}
	return s
}

// personalPart is the piece of the person that the password holds, "" for none. Pieces
// of fewer than three letters would forbid too much; two Chinese characters are a name.
func personalPart(plain string, who Person) string {
	for _, part := range []string{who.Name, who.DisplayName, who.Department, who.Phone} {
		part = strings.ToLower(strings.TrimSpace(part))
		long := len(part) >= 4 || part != "" && part[0] >= utf8.RuneSelf && utf8.RuneCountInString(part) >= 2
		if long && strings.Contains(plain, part) {
			return part
		}
	}
	return ""
}
