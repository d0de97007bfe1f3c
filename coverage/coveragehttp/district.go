package coveragehttp

// Status says how far the server is on its way to answering.
type Status struct {
	Ready   bool   `json:"ready" doc:"Whether questions are answered now"`
	Stage   string `json:"stage" doc:"Code word of the stage" example:"ready"`
	StageZH string `json:"stage_zh" doc:"The stage in Chinese"`
	StageEN string `json:"stage_en" doc:"The stage in English"`
	Done    int64  `json:"done" doc:"Steps of this stage that are done"`
	Total   int64  `json:"total" doc:"Steps of this stage; 0 when unknown"`
	Version string `json:"version" doc:"Version of the loaded data; empty before they are loaded"`
}

// Text is a sentence or a name in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// District is what the map needs to know before it asks anything.
type District struct {
	AdCode    string     `json:"adcode" doc:"Six-digit code of the authority that keeps the records" example:"420102"`
	Slug      string     `json:"slug" doc:"Short name of the data pack"`
	Name      Text       `json:"name"`
	Synthetic bool       `json:"synthetic" doc:"The district was generated and must be labelled so wherever it is shown"`
	Examples  bool       `json:"examples" doc:"At least one facility was placed by rule and is labelled 示例"`
	Bounds    [4]float64 `json:"bounds" nullable:"false" doc:"West, south, east, north in degrees, WGS 84"`
	Version   string     `json:"version" doc:"Changes whenever the data do"`
	Bands     []Band     `json:"bands" nullable:"false" doc:"Age bands; every array of people elsewhere is in this order"`
	Bases     []string   `json:"bases" nullable:"false" doc:"Population bases the data have: registered (户籍), resident (常住)"`
	Levels    []string   `json:"levels" nullable:"false" doc:"Division levels that exist, the widest first"`
	Notices   []Notice   `json:"notices" nullable:"false" doc:"What must be shown beside the data"`
	Absent    []Text     `json:"absent" nullable:"false" doc:"What the data lack"`
	Network   Network    `json:"network"`
	BaseMap   BaseMap    `json:"base_map"`
	Defaults  Defaults   `json:"defaults"`
	Speeds    []float64  `json:"speeds" nullable:"false" doc:"Walking speeds to offer, metres per second"`
	LimitsS   []int      `json:"limits_s" nullable:"false" doc:"Limits to offer, seconds"`
}

// Band is an age band; ages are in years, inclusive.
type Band struct {
	ID     string `json:"id" example:"70+"`
	From   int    `json:"from"`
	To     *int   `json:"to" doc:"null when the band is open" nullable:"true"`
	Widest bool   `json:"widest" doc:"The widest band, shown under its own name and never as all"`
}

// Notice must be shown wherever the data are.
type Notice struct {
	ZH      string `json:"zh"`
	EN      string `json:"en"`
	URL     string `json:"url"`
	Licence string `json:"licence"`
}

// Network describes the pedestrian network and what its faults cost.
type Network struct {
	Nodes           int       `json:"nodes"`
	Edges           int       `json:"edges"`
	LengthM         float64   `json:"length_m" doc:"Length of all walkable edges, metres"`
	Islands         int       `json:"islands" doc:"Parts that are not connected with the largest one"`
	IslandLengthM   float64   `json:"island_length_m"`
	IslandPeople    []Persons `json:"island_people" nullable:"false" doc:"People by band, of the first base, whose path lies on an island: they reach only what is on it"`
	UnsnappedPeople []Persons `json:"unsnapped_people" nullable:"false" doc:"People by band, of the first base, who live too far from any path to be counted"`
	KeepsHours      bool      `json:"keeps_hours" doc:"Some gate is open at some times of the day only, so that the time of a question matters"`
	SnapLimitM      float64   `json:"snap_limit_m" doc:"How far from a path a place may be, metres"`
}

// BaseMap describes the optional background map that the server proxies.
type BaseMap struct {
	Enabled      bool   `json:"enabled"`
	ReviewNumber string `json:"review_number" doc:"Map review number (审图号) to show"`
	URL          string `json:"url" doc:"Tile address on this server"`
}

// Defaults is the question that the map opens with.
type Defaults struct {
	Type   string  `json:"type"`
	Band   string  `json:"band"`
	LimitS int     `json:"limit_s"`
	Speed  float64 `json:"speed"`
}
