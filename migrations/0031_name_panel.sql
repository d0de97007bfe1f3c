-- +goose Up
-- What experts, offices, the public and the committee say of a proposed place name. See
-- placenames/panel. A step that is taken again after a case was sent back has a further round,
-- counted from 0, with questions of its own.

-- What an authority has set about its panels: criteria, quorums, offices, grounds, periods. One
-- record of each authority, changed as a whole; without one those of the program hold.
CREATE TABLE name_panel_rule (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    rules    jsonb     NOT NULL CHECK (jsonb_typeof(rules) = 'object' AND pg_column_size(rules) < 131072),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- The bank of experts (专家库).
CREATE TABLE name_expert (
    adcode     text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id         uuid      NOT NULL,
    version    integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid      daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded   tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name       text      NOT NULL CHECK (name <> ''),
    fields     text[]    NOT NULL CHECK (cardinality(fields) > 0),
    unit       text      NOT NULL DEFAULT '',
    title      text      NOT NULL DEFAULT '',
    from_day   date      NOT NULL,
    until_day  date      CHECK (until_day >= from_day), -- the last day; NULL without end
    account_id uuid,     -- through which opinions are given; NULL where they come on paper
    account    text      NOT NULL DEFAULT '', -- its name, which never changes
    retired    boolean   NOT NULL DEFAULT false,
    note       text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);
CREATE UNIQUE INDEX name_expert_account ON name_expert (adcode, account_id) WHERE account_id IS NOT NULL;

-- The committee (地名委).
CREATE TABLE name_member (
    adcode     text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id         uuid      NOT NULL,
    version    integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid      daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded   tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    name       text      NOT NULL CHECK (name <> ''),
    office     text      NOT NULL DEFAULT '',
    post       text      NOT NULL CHECK (post IN ('chair', 'vice', 'member')),
    from_day   date      NOT NULL,
    until_day  date      CHECK (until_day >= from_day),
    account_id uuid,
    account    text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);
CREATE UNIQUE INDEX name_member_account ON name_member (adcode, account_id) WHERE account_id IS NOT NULL;

-- An expert who is asked about a case, in a round of its experts' step.
CREATE TABLE name_review (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id              uuid      NOT NULL,
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    case_id         uuid      NOT NULL,
    round           integer   NOT NULL CHECK (round >= 0),
    expert_id       uuid      NOT NULL,
    asked_on        date      NOT NULL,
    due             date      NOT NULL CHECK (due >= asked_on),
    criteria        jsonb     NOT NULL CHECK (jsonb_typeof(criteria) = 'array' AND jsonb_array_length(criteria) > 0),
    seed            text      NOT NULL DEFAULT '', -- of the lot; '' for one who was chosen
    conflict        text      NOT NULL DEFAULT '' CHECK (conflict IN ('', 'proposed', 'declared', 'cleared')),
    conflict_reason text      NOT NULL DEFAULT '',
    withdrawn       text      NOT NULL DEFAULT '', -- why the expert is asked no more
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, case_id, round, expert_id),
    FOREIGN KEY (adcode, case_id) REFERENCES name_case (adcode, id),
    FOREIGN KEY (adcode, expert_id) REFERENCES name_expert (adcode, id),
    CHECK (conflict NOT IN ('declared', 'cleared') OR conflict_reason <> '')
);
CREATE INDEX name_review_of ON name_review (adcode, expert_id);

-- What an expert says. One for each review, never changed.
CREATE TABLE name_opinion (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    review_id   uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    scores      jsonb       NOT NULL CHECK (jsonb_typeof(scores) = 'array'),
    verdict     text        NOT NULL CHECK (verdict IN ('agree', 'change', 'disagree')),
    text        text        NOT NULL DEFAULT '',
    risks       text        NOT NULL DEFAULT '',
    advice      text        NOT NULL DEFAULT '',
    day         date        NOT NULL,
    document    text        NOT NULL DEFAULT '',
    own         boolean     NOT NULL, -- written by the expert
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text        NOT NULL CHECK (recorded_by <> ''),
    PRIMARY KEY (adcode, review_id),
    FOREIGN KEY (adcode, review_id) REFERENCES name_review (adcode, id),
    CHECK (verdict = 'agree' OR text <> ''),
    CHECK (own OR document <> '')
);

-- An office that is asked (会签).
CREATE TABLE name_ask (
    adcode         text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id             uuid      NOT NULL,
    version        integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid          daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded       tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    case_id        uuid      NOT NULL,
    round          integer   NOT NULL CHECK (round >= 0),
    office         text      NOT NULL CHECK (office <> ''),
    question       text      NOT NULL DEFAULT '',
    document       text      NOT NULL DEFAULT '',
    asked_on       date      NOT NULL,
    due            date      NOT NULL CHECK (due >= asked_on),
    silence_agrees boolean   NOT NULL DEFAULT false,
    source         text      NOT NULL DEFAULT '',
    withdrawn      text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, case_id) REFERENCES name_case (adcode, id),
    CHECK (NOT silence_agrees OR source <> '')
);
CREATE UNIQUE INDEX name_ask_once ON name_ask (adcode, case_id, round, office) WHERE withdrawn = '';

-- What an office answers. A later answer takes the place of an earlier one, which stays.
CREATE TABLE name_reply (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    ask_id      uuid        NOT NULL,
    verdict     text        NOT NULL CHECK (verdict IN ('agree', 'change', 'disagree')),
    text        text        NOT NULL DEFAULT '',
    document    text        NOT NULL DEFAULT '',
    day         date        NOT NULL,
    own         boolean     NOT NULL, -- written by somebody of the office
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text        NOT NULL CHECK (recorded_by <> ''),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, ask_id) REFERENCES name_ask (adcode, id),
    CHECK (verdict = 'agree' OR text <> ''),
    CHECK (own OR document <> '')
);
CREATE INDEX name_reply_of ON name_reply (adcode, ask_id, id);

-- A public notice (公示), which everybody reads without an account. No personal data is in it.
CREATE TABLE name_notice (
    adcode    text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid      NOT NULL,
    version   integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid     daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded  tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    year      integer   NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    no        integer   NOT NULL CHECK (no > 0), -- of the authority and year, without a gap
    case_id   uuid      NOT NULL,
    round     integer   NOT NULL CHECK (round >= 0),
    act       text      NOT NULL CHECK (act IN ('naming', 'renaming', 'retirement')),
    name      text      NOT NULL CHECK (name <> ''),
    roman     text      NOT NULL DEFAULT '',
    kind      text      NOT NULL,
    former    text      NOT NULL DEFAULT '',
    extent    text      NOT NULL CHECK (extent <> ''),
    meaning   text      NOT NULL DEFAULT '',
    text      text      NOT NULL CHECK (text <> ''),
    contact   text      NOT NULL CHECK (contact <> ''),
    sketch    jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(sketch) = 'object' AND pg_column_size(sketch) < 65536),
    opens     date      NOT NULL,
    closes    date      NOT NULL CHECK (closes >= opens), -- the last day
    withdrawn text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, year, no),
    FOREIGN KEY (adcode, case_id) REFERENCES name_case (adcode, id)
);
CREATE INDEX name_notice_case ON name_notice (adcode, case_id);

-- What somebody of the public says. Nobody is asked who they are, so the system writes it.
CREATE TABLE name_comment (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid        NOT NULL,
    change_id    uuid        NOT NULL DEFAULT yike_change(),
    notice_id    uuid        NOT NULL,
    receipt_hash bytea       NOT NULL CHECK (length(receipt_hash) = 32), -- SHA-256; the receipt itself is with the visitor only
    position     text        NOT NULL CHECK (position IN ('support', 'object', 'propose')),
    proposal     text        NOT NULL DEFAULT '' CHECK (char_length(proposal) <= 30),
    grounds      text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(grounds) <= 40),
    text         text        NOT NULL DEFAULT '' CHECK (char_length(text) <= 1000),
    day          date        NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, receipt_hash),
    FOREIGN KEY (adcode, notice_id) REFERENCES name_notice (adcode, id),
    CHECK ((position = 'propose') = (proposal <> ''))
);
CREATE INDEX name_comment_of ON name_comment (adcode, notice_id, id);

-- Who it was, as far as they said: apart from the comment, and deleted some days after the
-- notice closed. Requests see what is masked; the whole only whoever may see personal data.
CREATE TABLE name_comment_person (
    adcode         text NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    comment_id     uuid NOT NULL,
    name           text NOT NULL DEFAULT '' CHECK (char_length(name) <= 40),
    contact        text NOT NULL DEFAULT '' CHECK (char_length(contact) <= 60),
    name_masked    text NOT NULL DEFAULT '',
    contact_masked text NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, comment_id),
    FOREIGN KEY (adcode, comment_id) REFERENCES name_comment (adcode, id),
    CHECK (name <> '' OR contact <> '')
);

-- What the authority answers, which the public reads. A later one takes the place of an earlier.
CREATE TABLE name_comment_answer (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    comment_id  uuid        NOT NULL,
    handling    text        NOT NULL CHECK (handling IN ('adopted', 'partly', 'not_adopted', 'noted')),
    reason      text        NOT NULL DEFAULT '',
    day         date        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text        NOT NULL CHECK (recorded_by <> ''),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, comment_id) REFERENCES name_comment (adcode, id),
    CHECK (handling = 'noted' OR reason <> '')
);
CREATE INDEX name_comment_answer_of ON name_comment_answer (adcode, comment_id, id);

-- Meetings of the committee: one row with agenda, presence and decisions, so that a version is
-- what it was as a whole.
CREATE TABLE name_meeting (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    year     integer   NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    no       integer   NOT NULL CHECK (no > 0),
    day      date      NOT NULL,
    at_time  text      NOT NULL DEFAULT '' CHECK (at_time ~ '^([0-2][0-9]:[0-5][0-9])?$'),
    place    text      NOT NULL CHECK (place <> ''),
    chair_id uuid,
    state    text      NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'held', 'cancelled')),
    agenda   jsonb     NOT NULL CHECK (jsonb_typeof(agenda) = 'array' AND jsonb_array_length(agenda) > 0 AND pg_column_size(agenda) < 2097152),
    presence jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(presence) = 'array'),
    note     text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, year, no)
);
CREATE INDEX name_meeting_agenda ON name_meeting USING gin (agenda jsonb_path_ops);

-- +goose StatementBegin
CREATE FUNCTION name_panel_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a name is added to and never changed' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_opinion_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_opinion FOR EACH STATEMENT EXECUTE FUNCTION name_panel_stays();
CREATE TRIGGER name_reply_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_reply FOR EACH STATEMENT EXECUTE FUNCTION name_panel_stays();
CREATE TRIGGER name_comment_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_comment FOR EACH STATEMENT EXECUTE FUNCTION name_panel_stays();
CREATE TRIGGER name_comment_answer_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_comment_answer FOR EACH STATEMENT EXECUTE FUNCTION name_panel_stays();

-- An expert with a conflict of interest gives no opinion, whichever program writes it.
-- +goose StatementBegin
CREATE FUNCTION name_opinion_may() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.name_review AS r WHERE r.adcode = NEW.adcode AND r.id = NEW.review_id
        AND (r.conflict IN ('proposed', 'declared') OR r.withdrawn <> '' OR NEW.day < r.asked_on)) THEN
        RAISE EXCEPTION 'an expert who has a conflict of interest, or is asked no more, gives no opinion' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_opinion_may BEFORE INSERT ON name_opinion FOR EACH ROW EXECUTE FUNCTION name_opinion_may();

-- The minutes of a meeting that was held are closed.
-- +goose StatementBegin
CREATE FUNCTION name_meeting_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'held' THEN
        RAISE EXCEPTION 'the minutes of a meeting that was held are never changed' USING ERRCODE = 'YK003';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (NEW.year, NEW.no) <> (OLD.year, OLD.no) THEN
        RAISE EXCEPTION 'a meeting keeps its number' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_meeting_closed BEFORE UPDATE OR DELETE ON name_meeting FOR EACH ROW EXECUTE FUNCTION name_meeting_closed();

-- What a notice said while people read it stays: only its last day moves, and it may be withdrawn.
-- +goose StatementBegin
CREATE FUNCTION name_notice_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['closes', 'withdrawn', 'version', 'change_id', 'recorded', 'valid']
        <> to_jsonb(OLD) - ARRAY['closes', 'withdrawn', 'version', 'change_id', 'recorded', 'valid'] THEN
        RAISE EXCEPTION 'what a notice said is never changed; withdraw it and publish another' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_notice_said BEFORE UPDATE ON name_notice FOR EACH ROW EXECUTE FUNCTION name_notice_said();

SELECT keep_history('name_panel_rule', 'history.read');
SELECT keep_history('name_expert', 'history.read');
SELECT keep_history('name_member', 'history.read');
SELECT keep_history('name_review', 'history.read');
SELECT keep_history('name_ask', 'history.read');
SELECT keep_history('name_notice', 'history.read');
SELECT keep_history('name_meeting', 'history.read');

GRANT INSERT, UPDATE ON name_panel_rule, name_expert, name_member, name_meeting TO yike_app;
GRANT INSERT ON name_review, name_ask, name_notice TO yike_app;
GRANT UPDATE (conflict, conflict_reason, withdrawn) ON name_review TO yike_app;
GRANT UPDATE (withdrawn) ON name_ask TO yike_app;
GRANT UPDATE (closes, withdrawn) ON name_notice TO yike_app;
GRANT SELECT, INSERT ON name_opinion, name_reply, name_comment_answer TO yike_app;
GRANT SELECT (adcode, id, change_id, notice_id, position, proposal, grounds, text, day) ON name_comment TO yike_app;
GRANT SELECT (adcode, comment_id, name_masked, contact_masked) ON name_comment_person TO yike_app;
ALTER TABLE name_opinion ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_reply ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_comment ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_comment_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_comment_answer ENABLE ROW LEVEL SECURITY;

-- Whether the transaction's account sits on the committee now.
-- +goose StatementBegin
CREATE FUNCTION name_sits() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT public.yike_may('placename.review') AND EXISTS (
        SELECT FROM public.name_member AS m WHERE m.adcode = public.yike_adcode() AND m.account_id = public.yike_account()
            AND m.from_day <= (now() AT TIME ZONE 'Asia/Shanghai')::date AND coalesce(m.until_day >= (now() AT TIME ZONE 'Asia/Shanghai')::date, true))
$$;
-- +goose StatementEnd

-- Whether the transaction's account reads what all say of every case: who keeps the records, who
-- decides, and the committee.
CREATE FUNCTION name_panel_reads() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT yike_may('placename.write') OR yike_may('placename.decide') OR yike_may('placename.rules') OR name_sits() $$;

-- The expert of the bank that the transaction's account is; NULL for none.
-- +goose StatementBegin
CREATE FUNCTION name_expert_me() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id FROM public.name_expert AS e WHERE e.adcode = public.yike_adcode() AND e.account_id = public.yike_account() AND public.yike_may('placename.review')
$$;
-- +goose StatementEnd

-- What the transaction's account owes as an expert of a round of a case: 'owes' an opinion,
-- 'gave' it, or is 'barred' from giving one; NULL for who is not asked.
-- +goose StatementBegin
CREATE FUNCTION name_review_mine(of_case uuid, of_round integer) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM public.name_opinion AS o WHERE o.adcode = r.adcode AND o.review_id = r.id) THEN 'gave'
        WHEN r.withdrawn <> '' OR r.conflict = 'declared' THEN 'barred' ELSE 'owes' END
    FROM public.name_review AS r
    WHERE r.adcode = public.yike_adcode() AND r.case_id = of_case AND r.round = of_round AND r.expert_id = public.name_expert_me()
$$;
-- +goose StatementEnd

-- Whether the transaction's account is of an office, by its department.
-- +goose StatementBegin
CREATE FUNCTION name_office_mine(office text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT office <> '' AND public.yike_may('placename.consult') AND EXISTS (
        SELECT FROM public.account AS a WHERE a.adcode = public.yike_adcode() AND a.id = public.yike_account() AND starts_with(a.department, office))
$$;
-- +goose StatementEnd

-- Whether the transaction's account keeps the record of a case, which is open.
-- +goose StatementBegin
CREATE FUNCTION name_case_kept(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.name_case AS c WHERE c.adcode = public.yike_adcode() AND c.id = of_case
        AND c.division_code LIKE ANY (public.yike_scopes('placename.write')))
$$;
-- +goose StatementEnd

CREATE POLICY name_panel_rule_read ON name_panel_rule FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_panel_rule_add ON name_panel_rule FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_panel_rule_change ON name_panel_rule FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

CREATE POLICY name_expert_read ON name_expert FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND ((SELECT name_panel_reads()) OR id = (SELECT name_expert_me())));
CREATE POLICY name_expert_add ON name_expert FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_expert_change ON name_expert FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

CREATE POLICY name_member_read ON name_member FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT name_panel_reads()));
CREATE POLICY name_member_add ON name_member FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_member_change ON name_member FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

-- An expert sees that others are asked only after the own opinion, as little as what they say.
CREATE POLICY name_review_read ON name_review FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (expert_id = (SELECT name_expert_me()) OR CASE name_review_mine(case_id, round)
        WHEN 'owes' THEN false WHEN 'gave' THEN true ELSE (SELECT name_panel_reads()) END));
CREATE POLICY name_review_add ON name_review FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND name_case_kept(case_id));
CREATE POLICY name_review_change ON name_review FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (name_case_kept(case_id) OR expert_id = (SELECT name_expert_me())))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (name_case_kept(case_id) OR expert_id = (SELECT name_expert_me()) AND conflict = 'declared' AND withdrawn = ''));

-- Experts do not read what others said before they gave their own opinion, whatever else they
-- may do here.
CREATE POLICY name_opinion_read ON name_opinion FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_review AS r WHERE r.adcode = name_opinion.adcode AND r.id = review_id));
CREATE POLICY name_opinion_add ON name_opinion FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_review AS r WHERE r.adcode = name_opinion.adcode AND r.id = review_id
            AND CASE WHEN own THEN r.expert_id = (SELECT name_expert_me()) ELSE name_case_kept(r.case_id) END));

CREATE POLICY name_ask_read ON name_ask FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND ((SELECT name_panel_reads()) OR name_office_mine(office)));
CREATE POLICY name_ask_add ON name_ask FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND name_case_kept(case_id));
CREATE POLICY name_ask_change ON name_ask FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND name_case_kept(case_id));

CREATE POLICY name_reply_read ON name_reply FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND EXISTS (SELECT FROM name_ask AS a WHERE a.adcode = name_reply.adcode AND a.id = ask_id));
CREATE POLICY name_reply_add ON name_reply FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_ask AS a WHERE a.adcode = name_reply.adcode AND a.id = ask_id
            AND CASE WHEN own THEN name_office_mine(a.office) ELSE name_case_kept(a.case_id) END));

CREATE POLICY name_notice_read ON name_notice FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_notice_add ON name_notice FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND name_case_kept(case_id));
CREATE POLICY name_notice_change ON name_notice FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND name_case_kept(case_id));

CREATE POLICY name_comment_read ON name_comment FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT name_panel_reads()));
CREATE POLICY name_comment_person_read ON name_comment_person FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('placename.write')));
CREATE POLICY name_comment_answer_read ON name_comment_answer FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT name_panel_reads()));
CREATE POLICY name_comment_answer_add ON name_comment_answer FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_comment AS c JOIN name_notice AS n ON n.adcode = c.adcode AND n.id = c.notice_id
        WHERE c.adcode = name_comment_answer.adcode AND c.id = comment_id AND name_case_kept(n.case_id)));

CREATE POLICY name_meeting_read ON name_meeting FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT name_panel_reads()));
CREATE POLICY name_meeting_add ON name_meeting FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('placename.write')));
CREATE POLICY name_meeting_change ON name_meeting FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('placename.write')));

-- Whether the transaction's account is an expert of the bank and nothing else: who is sees only
-- the cases that it was asked about.
-- +goose StatementBegin
CREATE FUNCTION name_only_expert() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT public.name_expert_me() IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.account_grant AS g WHERE g.adcode = public.yike_adcode() AND g.account_id = public.yike_account() AND g.role <> 'expert')
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION name_case_asked(of_case uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.name_review AS r WHERE r.adcode = public.yike_adcode() AND r.case_id = of_case AND r.expert_id = public.name_expert_me())
$$;
-- +goose StatementEnd
CREATE POLICY name_case_asked ON name_case AS RESTRICTIVE FOR SELECT TO yike_app
    USING (NOT (SELECT name_only_expert()) OR name_case_asked(id));
CREATE POLICY name_case_event_asked ON name_case_event AS RESTRICTIVE FOR SELECT TO yike_app
    USING (NOT (SELECT name_only_expert()) OR name_case_asked(case_id));
