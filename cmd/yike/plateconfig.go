package main

import (
	"fmt"
	"os"

	"yike/placenames/plates"
	"yike/placenames/plates/faces"
)

// plateConfig is what the environment says of address plates.
type plateConfig struct {
	Host  string       // YIKE_PLATE_HOST: of the addresses in symbols; "" and plates are samples only
	Upper bool         // YIKE_PLATE_UPPER: the whole address in upper case
	Faces []faces.Face // those that are built in, with what the file YIKE_PLATE_FACES adds or changes
}

// sampleHost stands in symbols of samples. No such host can be (RFC 2606).
const sampleHost = "plate.invalid"

// loadPlates reads the settings of plates. Every fault is bad input.
func loadPlates(getenv func(string) string) (plateConfig, error) {
	c := plateConfig{Host: getenv("YIKE_PLATE_HOST")}
	if c.Host != "" {
		if err := plates.CheckHost(c.Host); err != nil {
			return c, badInput("YIKE_PLATE_HOST="+c.Host+"：应为不带协议、端口和路径的域名，全长不超过 37 个字符", "YIKE_PLATE_HOST="+c.Host+": must be the name of a host without scheme, port and path, of at most 37 characters")
		}
	}
	switch word := getenv("YIKE_PLATE_UPPER"); word {
	case "", "off":
	case "on":
		c.Upper = true
	default:
		return c, badInput("YIKE_PLATE_UPPER="+word+"：应为 on 或 off", "YIKE_PLATE_UPPER="+word+": must be on or off")
	}
	all, err := faces.BuiltIn()
	if err != nil {
		return c, err
	}
	if path := getenv("YIKE_PLATE_FACES"); path != "" {
		text, err := os.ReadFile(path)
		if err != nil {
			return c, badInput(fmt.Sprintf("YIKE_PLATE_FACES：无法读取 %s：%v", path, err), fmt.Sprintf("YIKE_PLATE_FACES: cannot read %s: %v", path, err))
		}
		own, err := faces.Read(text)
		if err != nil {
			return c, badInput(fmt.Sprintf("YIKE_PLATE_FACES：%s 有误：%v", path, err), fmt.Sprintf("YIKE_PLATE_FACES: %s: %v", path, err))
		}
		all = faces.Merge(all, own)
	}
	c.Faces = all
	return c, nil
}

// hosts are those that symbols of ours spell.
func (c plateConfig) hosts() []string {
	if c.Host == "" {
		return nil
	}
	return []string{c.Host}
}

// face is the first face of a kind, nil if there is none.
func (c plateConfig) face(kind plates.Kind) *faces.Face {
	for i := range c.Faces {
		if c.Faces[i].Kind == kind {
			return &c.Faces[i]
		}
	}
	return nil
}

// payload is what the symbol of a plate says; of a sample where no host is set.
func (c plateConfig) payload(t plates.Token) (text string, sample bool) {
	if c.Host == "" {
		return plates.Payload(sampleHost, t, c.Upper), true
	}
	return plates.Payload(c.Host, t, c.Upper), false
}
