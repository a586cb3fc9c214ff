//! The entries every installation begins with. They hold for all units and nobody changes them; an office that counts
//! otherwise adds entries of its own.
//!
//! Source of the counting rules: the contract's "How things are really counted".

/// A built-in measure.
#[derive(Debug)]
pub struct BuiltInMeasure {
    pub key: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// The counter after a figure.
    pub unit_word: &'static str,
    pub unit_word_en: &'static str,
    /// Whether people take part, or are shown something.
    pub interactive: bool,
    /// Whether it is a stock, entered as of a date and never summed over time.
    pub is_stock: bool,
    /// What counts and what does not.
    pub counting_rule: &'static str,
}

const fn measure(
    key: &'static str,
    (name, unit_word): (&'static str, &'static str),
    (name_en, unit_word_en): (&'static str, &'static str),
    counting_rule: &'static str,
) -> BuiltInMeasure {
    BuiltInMeasure { key, name, name_en, unit_word, unit_word_en, interactive: false, is_stock: false, counting_rule }
}

const fn interactive(measure: BuiltInMeasure) -> BuiltInMeasure {
    BuiltInMeasure { interactive: true, ..measure }
}

const fn stock(measure: BuiltInMeasure) -> BuiltInMeasure {
    BuiltInMeasure { is_stock: true, ..measure }
}

/// The built-in measures, in the order in which they are offered.
pub const MEASURES: &[BuiltInMeasure] = &[
    measure(
        "banner",
        ("横幅/标语", "条"),
        ("Banners and slogans", "banners"),
        "每悬挂一次计1条，换地方重新悬挂再计；只制作未悬挂不计。墙体标语是长期存在的，不重复计。",
    ),
    measure("board", ("展板", "块"), ("Display boards", "boards"), "每展出一次、每块计1块；一套6块计6块。"),
    measure(
        "leaflet",
        ("宣传资料", "份"),
        ("Leaflets", "leaflets"),
        "发到群众手里才计；从镇里领回的（领用）不计，发出多于领用时会询问。手册、宣传品另计。",
    ),
    measure(
        "booklet",
        ("手册", "本"),
        ("Booklets", "booklets"),
        "成册的读本、手册，发到群众手里才计；单页资料计入宣传资料。",
    ),
    measure(
        "gift",
        ("宣传品", "份"),
        ("Promotional items", "items"),
        "印有普法内容的围裙、环保袋、扇子等，发到群众手里才计。",
    ),
    interactive(measure(
        "village_visit",
        ("进村宣传", "次"),
        ("Village visits", "visits"),
        "到一个村（社区）宣传一次计1次；同一天走两个村计2次；不等于入户，也不等于专项活动的次数。",
    )),
    interactive(measure(
        "household_visit",
        ("入户宣传", "户"),
        ("Household visits", "households"),
        "上门当面宣传一户计1户；只在门上张贴不计。",
    )),
    interactive(measure(
        "lecture",
        ("讲座/宣讲/院坝会", "场"),
        ("Lectures and courtyard meetings", "sessions"),
        "集中宣讲一场计1场；几家单位联合举办只计1场，由主办单位登记，协办单位可见。",
    )),
    interactive(measure(
        "class_hour",
        ("法治课", "课时"),
        ("Law classes", "class hours"),
        "给学生上一节法治课计1课时；两个班合上一节计1课时。",
    )),
    measure("show", ("文艺演出", "场"), ("Performances", "performances"), "普法文艺演出、电影放映，演一场计1场。"),
    measure(
        "broadcast",
        ("广播", "次"),
        ("Radio broadcasts", "broadcasts"),
        "大喇叭、村村响播放一次计1次；每天早晚各播一次、连播7天计14次，按天分摊到各月。",
    ),
    measure(
        "led",
        ("LED播放", "次"),
        ("LED plays", "plays"),
        "一条内容、一块屏、一天计1次，不论滚动多少遍；不折算为受教育人次。",
    ),
    measure("vehicle", ("宣传车", "台次"), ("Publicity vehicle runs", "runs"), "一台车出动一次计1台次。"),
    interactive(measure(
        "consultation",
        ("法律咨询", "人次"),
        ("Legal consultations", "consultations"),
        "解答一位群众的一次咨询计1人次。",
    )),
    interactive(measure(
        "attendance",
        ("受教育", "人次"),
        ("Attendances", "attendances"),
        "到场参加的人次；同一人参加两场计2人次；人次不是人数，不能相互折算；LED、广播、横幅不计。",
    )),
    measure("bulletin", ("宣传栏", "期"), ("Bulletin boards renewed", "issues"), "宣传栏更换一次内容计1期。"),
    stock(measure(
        "venue",
        ("法治文化阵地", "处"),
        ("Legal culture venues", "venues"),
        "法治广场、公园、长廊、法治文化墙等；截至某日的存量，只取最近一次的数，不逐月相加。",
    )),
    measure(
        "post",
        ("微信/短视频", "条"),
        ("Online posts and short videos", "posts"),
        "发布一条计1条；转发不计，同一内容发多个平台计1条。",
    ),
    measure("views", ("阅读/播放量", "次"), ("Views", "views"), "平台显示的阅读量、播放量；不折算为受教育人次。"),
    interactive(measure(
        "study",
        ("中心组学法", "次"),
        ("Study sessions of the party committee", "sessions"),
        "党委（党组）理论学习中心组集体学法一次计1次；会前学法另计；村的学法不算镇的。",
    )),
    interactive(measure(
        "pre_meeting_study",
        ("会前学法", "次"),
        ("Study before meetings", "sessions"),
        "会议开始前集体学法一次计1次；不计入中心组学法。",
    )),
    interactive(measure(
        "exam",
        ("法律考试", "人"),
        ("Law exams sat", "people"),
        "参加考试的人数；合格人数另列；同一场同一人只计一次。",
    )),
    interactive(measure("moot_court", ("模拟法庭", "场"), ("Moot courts", "sessions"), "模拟开庭一场计1场。")),
    stock(measure(
        "law_literate",
        ("法律明白人", "人"),
        ("Law-literate villagers", "people"),
        "截至某日在册的人数；离任的不计；不逐月相加。",
    )),
    stock(measure(
        "legal_adviser",
        ("村（社区）法律顾问", "名"),
        ("Village legal advisers", "advisers"),
        "截至某日在聘的人数；与法律明白人分别统计。",
    )),
    stock(measure(
        "vice_principal",
        ("法治副校长", "名"),
        ("Vice principals for law", "vice principals"),
        "截至某日在聘的人数；一人最多兼任两所学校。",
    )),
];

/// A built-in activity type; its key is that of its main measure.
#[derive(Debug)]
pub struct BuiltInType {
    pub key: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    /// The measures its form asks, the main one first.
    pub measures: &'static [&'static str],
}

const fn kind(
    key: &'static str,
    name: &'static str,
    name_en: &'static str,
    measures: &'static [&'static str],
) -> BuiltInType {
    BuiltInType { key, name, name_en, measures }
}

/// The built-in activity types, the most used first.
pub const TYPES: &[BuiltInType] = &[
    kind("banner", "挂横幅/标语", "Hanging banners", &["banner"]),
    kind("leaflet", "发宣传资料", "Handing out leaflets", &["leaflet", "booklet", "gift"]),
    kind("village_visit", "进村宣传", "Village visit", &["village_visit", "leaflet", "attendance"]),
    kind("lecture", "讲座/宣讲/院坝会", "Lecture or courtyard meeting", &["lecture", "attendance", "leaflet"]),
    kind("broadcast", "大喇叭广播", "Radio broadcast", &["broadcast"]),
    kind("led", "LED播放", "LED play", &["led"]),
    kind("household_visit", "入户宣传", "Household visit", &["household_visit", "leaflet"]),
    kind("consultation", "法律咨询", "Legal consultation", &["consultation", "leaflet"]),
    kind("bulletin", "更换宣传栏", "Renewing a bulletin board", &["bulletin"]),
    kind("board", "展板展出", "Display boards", &["board", "leaflet", "attendance"]),
    kind("study", "中心组学法", "Study session of the party committee", &["study", "attendance"]),
    kind("pre_meeting_study", "会前学法", "Study before a meeting", &["pre_meeting_study", "attendance"]),
    kind("class_hour", "上法治课", "Law class", &["class_hour", "attendance"]),
    kind("moot_court", "模拟法庭", "Moot court", &["moot_court", "attendance"]),
    kind("show", "文艺演出", "Performance", &["show", "attendance", "leaflet"]),
    kind("vehicle", "宣传车", "Publicity vehicle", &["vehicle", "leaflet"]),
    kind("post", "发微信/短视频", "Online post or short video", &["post", "views"]),
    kind("views", "登记阅读/播放量", "Counting views", &["views"]),
    kind("booklet", "发手册", "Handing out booklets", &["booklet"]),
    kind("gift", "发宣传品", "Handing out promotional items", &["gift"]),
    kind("exam", "法律考试", "Law exam", &["exam"]),
    kind("attendance", "其他普法活动", "Other activity", &["attendance", "leaflet"]),
];

/// The built-in themes: key, Chinese and English name; in the order in which reports name them.
pub const THEMES: &[(&str, &str, &str)] = &[
    ("gangs", "扫黑除恶专项斗争", "Fight against organised crime"),
    ("drugs", "禁毒", "Drug prevention"),
    ("safety", "安全", "Safety"),
    ("bullying", "校园暴力", "Violence and bullying in schools"),
    ("constitution", "宪法", "Constitution"),
    ("civil_code", "民法典", "Civil Code"),
    ("fraud", "反诈", "Fraud prevention"),
    ("national_security", "国家安全", "National security"),
    ("minors", "未成年人保护", "Protection of minors"),
    ("elderly", "老年人权益", "Rights of the elderly"),
    ("family", "婚姻家庭与反家暴", "Family, against domestic violence"),
    ("labor", "农民工与劳动权益", "Labour and migrant workers' rights"),
    ("fire", "消防与森林防火", "Fire prevention"),
    ("traffic", "交通安全", "Road safety"),
    ("environment", "生态环境", "Environment"),
    ("network", "网络安全", "Cyber security"),
    ("petition", "信访法治化", "Petitions under the law"),
    ("mediation", "人民调解", "People's mediation"),
    ("rural", "乡村振兴与土地", "Land and rural revitalisation"),
    ("consumer", "消费者权益", "Consumer rights"),
    ("fundraising", "防范非法集资", "Illegal fundraising"),
    ("cults", "反邪教", "Cult prevention"),
    ("health", "公共卫生", "Public health"),
    ("disabled", "残疾人权益", "Rights of the disabled"),
    ("veterans", "国防与退役军人", "National defence and veterans"),
];
