//! The key dates every installation begins with. Source: the table "Key dates" of the domain's description; what it
//! marks (†) is common knowledge that nobody held against its source, and says so here.

use super::rule::Rule;

/// A built-in key date.
#[derive(Debug)]
pub struct BuiltIn {
    pub key: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    pub rule: Rule,
    pub themes: &'static [&'static str],
    pub lead: &'static str,
    pub basis: &'static str,
    pub unverified: bool,
    pub since: Option<i32>,
}

impl BuiltIn {
    fn on(mut self, themes: &'static [&'static str]) -> BuiltIn {
        self.themes = themes;
        self
    }

    fn by(mut self, basis: &'static str) -> BuiltIn {
        self.basis = basis;
        self
    }

    fn unverified(mut self) -> BuiltIn {
        self.unverified = true;
        self
    }

    fn since(mut self, year: i32) -> BuiltIn {
        self.since = Some(year);
        self
    }
}

fn date(key: &'static str, (name, name_en): (&'static str, &'static str), rule: Rule, lead: &'static str) -> BuiltIn {
    BuiltIn { key, name, name_en, rule, themes: &[], lead, basis: "", unverified: false, since: None }
}

fn day(month: u32, day: u32) -> Rule {
    Rule::Day { month, day }
}

fn range(from: (u32, u32), to: (u32, u32)) -> Rule {
    Rule::Range { from_month: from.0, from_day: from.1, to_month: to.0, to_day: to.1 }
}

/// The built-in key dates, by the year's course.
pub fn key_dates() -> Vec<BuiltIn> {
    let term = |term: &str| Rule::SolarTerm { term: term.into() };
    let nth_weekday = |month, nth, weekday| Rule::NthWeekday { month, nth, weekday };
    vec![
        date("police-day", ("110宣传日", "110 publicity day"), day(1, 10), "公安")
            .on(&["safety", "fraud"])
            .unverified(),
        date("peace-month", ("平安建设宣传月", "Peace and safety month"), range((3, 1), (3, 31)), "政法委")
            .on(&["gangs", "safety", "mediation"])
            .unverified(),
        date("womens-day", ("妇女节、反家暴", "Women's Day, against domestic violence"), day(3, 8), "妇联")
            .on(&["family"]),
        date("arbor-day", ("植树节", "Arbor Day"), day(3, 12), "林业").on(&["environment"]),
        date("consumer-day", ("消费者权益日", "Consumer Rights Day"), day(3, 15), "市场监管").on(&["consumer"]),
        date("water-day", ("世界水日", "World Water Day"), day(3, 22), "水利").on(&["environment"]).unverified(),
        date("water-week", ("中国水周", "China Water Week"), range((3, 22), (3, 28)), "水利")
            .on(&["environment"])
            .unverified(),
        date(
            "school-safety-day",
            ("中小学生安全教育日", "School Safety Education Day"),
            Rule::LastWeekday { month: 3, weekday: 1 },
            "教育",
        )
        .on(&["safety", "minors"]),
        date(
            "qingming",
            ("清明：森林防火、文明祭祀", "Qingming: forest fires, civil mourning"),
            term("清明"),
            "林业、民政",
        )
        .on(&["fire"])
        .unverified(),
        date(
            "national-security-day",
            ("全民国家安全教育日", "National Security Education Day"),
            day(4, 15),
            "国安、司法",
        )
        .on(&["national_security"])
        .by("国家安全法第十四条"),
        date("ip-week", ("知识产权宣传周", "Intellectual property week"), range((4, 20), (4, 26)), "市场监管")
            .unverified(),
        date(
            "occupational-disease-week",
            ("职业病防治法宣传周", "Occupational Disease Prevention Law week"),
            range((4, 25), (5, 1)),
            "卫健",
        )
        .on(&["health", "labor"])
        .unverified(),
        date("civil-code-month", ("民法典宣传月", "Civil Code month"), range((5, 1), (5, 31)), "司法")
            .on(&["civil_code"])
            .since(2021),
        date("petition-month", ("信访法治化宣传月", "Petitions under the law month"), range((5, 1), (5, 31)), "信访")
            .on(&["petition"])
            .unverified(),
        date("disaster-day", ("防灾减灾日", "Disaster Prevention Day"), day(5, 12), "应急")
            .on(&["safety"])
            .unverified(),
        date("economic-crime-day", ("打击和防范经济犯罪宣传日", "Economic crime prevention day"), day(5, 15), "公安")
            .on(&["fraud", "fundraising"])
            .unverified(),
        date(
            "family-education-week",
            ("家庭教育宣传周", "Family education week"),
            Rule::WeekOf { month: 5, day: 15 },
            "妇联、教育",
        )
        .on(&["family", "minors"])
        .by("家庭教育促进法第十三条"),
        date("disabled-day", ("全国助残日", "National Day for Disabled Persons"), nth_weekday(5, 3, 7), "残联")
            .on(&["disabled"])
            .by("残疾人保障法第十四条"),
        date("work-safety-month", ("安全生产月", "Work safety month"), range((6, 1), (6, 30)), "应急")
            .on(&["safety"])
            .unverified(),
        date("work-safety-day", ("安全生产宣传咨询日", "Work safety advice day"), day(6, 16), "应急")
            .on(&["safety"])
            .unverified(),
        date(
            "minors-day",
            ("未成年人保护、防校园欺凌", "Protection of minors, against bullying"),
            day(6, 1),
            "教育、团委",
        )
        .on(&["minors", "bullying"]),
        date("fundraising-month", ("防范非法集资宣传月", "Illegal fundraising month"), range((6, 1), (6, 30)), "金融")
            .on(&["fundraising"])
            .unverified(),
        date("drugs-month", ("全民禁毒宣传月", "Drug prevention month"), range((6, 1), (6, 30)), "禁毒办")
            .on(&["drugs"])
            .by("禁毒法第十三条、第十七条"),
        date("environment-day", ("环境日", "Environment Day"), day(6, 5), "生态环境")
            .on(&["environment"])
            .by("环境保护法第十二条"),
        date("land-day", ("土地日", "Land Day"), day(6, 25), "自然资源").on(&["rural"]).unverified(),
        date("drugs-day", ("国际禁毒日", "International Day against Drugs"), day(6, 26), "禁毒办")
            .on(&["drugs"])
            .by("禁毒法第十三条、第十七条"),
        date("ecology-day", ("全国生态日", "National Ecology Day"), day(8, 15), "生态环境")
            .on(&["environment"])
            .unverified(),
        date("first-lesson", ("开学第一课", "First lesson of the term"), range((9, 1), (9, 7)), "教育")
            .on(&["constitution", "minors", "bullying"])
            .unverified(),
        date("charity-day", ("中华慈善日", "China Charity Day"), day(9, 5), "民政").by("慈善法第七条"),
        date("network-week", ("网络安全宣传周", "Cyber security week"), Rule::NthWeek { month: 9, nth: 3 }, "网信")
            .on(&["network", "fraud"]),
        date("defence-day", ("国防教育日", "National Defence Education Day"), nth_weekday(9, 3, 6), "宣传、武装部")
            .on(&["veterans"])
            .by("国防教育法第十二条"),
        date("harvest-festival", ("农民丰收节", "Farmers' Harvest Festival"), term("秋分"), "农业农村").on(&["rural"]),
        date("martyrs-day", ("烈士纪念日", "Martyrs' Day"), day(9, 30), "退役军人").on(&["veterans"]),
        date("elderly-day", ("老年节", "Seniors' Day"), Rule::LunarDay { month: 9, day: 9 }, "民政")
            .on(&["elderly"])
            .by("老年人权益保障法第十二条"),
        date("fire-month", ("消防宣传月", "Fire prevention month"), range((11, 1), (11, 30)), "消防").on(&["fire"]),
        date("fire-day", ("消防日", "Fire Prevention Day"), day(11, 9), "消防").on(&["fire"]),
        date("domestic-violence-day", ("反家暴日", "Day against Domestic Violence"), day(11, 25), "妇联")
            .on(&["family"])
            .unverified(),
        date("aids-day", ("艾滋病日", "AIDS Day"), day(12, 1), "卫健").on(&["health"]).unverified(),
        date(
            "migrant-workers",
            ("农民工工资、春节返乡送法", "Migrant workers' wages, law for those who come home"),
            range((12, 1), (1, 31)),
            "人社、司法所",
        )
        .on(&["labor"])
        .unverified(),
        date("traffic-day", ("交通安全日", "Road Safety Day"), day(12, 2), "公安交管").on(&["traffic"]).unverified(),
        date("constitution-day", ("国家宪法日", "Constitution Day"), day(12, 4), "司法、宣传、教育")
            .on(&["constitution"]),
        date(
            "constitution-week",
            ("宪法宣传周", "Constitution week"),
            Rule::WeekOf { month: 12, day: 4 },
            "司法、宣传、教育",
        )
        .on(&["constitution"]),
    ]
}

/// A year in which a notice gave other days: the key date, the year, from, to (month and day), the notice.
pub type BuiltInNotice = (&'static str, i32, (u32, u32), (u32, u32), &'static str);

/// The notices that are known. The domain's description gives their days and not their numbers.
pub const NOTICES: &[BuiltInNotice] = &[
    ("constitution-week", 2021, (11, 29), (12, 5), "2021年宪法宣传周的年度通知"),
    ("constitution-week", 2022, (12, 4), (12, 10), "2022年宪法宣传周的年度通知"),
    ("constitution-week", 2025, (12, 1), (12, 7), "2025年宪法宣传周的年度通知"),
    ("network-week", 2021, (10, 11), (10, 17), "2021年网络安全宣传周的年度通知"),
];
