//! At which units, on what and when a figure is meant.

use super::{
    about::{Place, Topic},
    tests::{CAMPAIGNS, UNITS, office, read},
    *,
};

/// 天坪村 drugs ?联合派出所
fn about(text: &str, claim: &Claim) -> String {
    let mut parts: Vec<String> = Vec::new();
    match claim.about.place {
        Place::Whole => {}
        Place::At(id) => parts.extend(UNITS.iter().find(|one| one.0 == id).map(|one| one.1.to_owned())),
        Place::Kind(kind) => parts.push(kind.key().to_owned()),
    }
    match &claim.about.topic {
        Topic::Any => {}
        Topic::Theme(key) => parts.push(key.clone()),
        Topic::Campaign(id) => parts.extend(CAMPAIGNS.iter().find(|one| one.0 == *id).map(|one| one.1.to_owned())),
    }
    if let Some(doubt) = claim.about.doubt {
        parts.push(format!("?{}", text.chars().skip(doubt.start).take(doubt.end - doubt.start).collect::<String>()));
    }
    parts.join(" ")
}

#[track_caller]
fn speaks(text: &str, expected: &[&str]) {
    let claims = read(text, &office());
    let found: Vec<String> = claims.iter().map(|claim| about(text, claim)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_sentence_that_names_a_village_speaks_of_it() {
    speaks("12月4日，天坪村发放资料20份。悬挂横幅30条。", &["天坪村", ""]);
    speaks("新天坪村悬挂横幅20条。", &["新天坪村"]);
    speaks("天坪村、两河村共悬挂横幅20条。", &["?天坪村、两河村"]);
    speaks("天坪村发放资料20份，两河村发放资料30份。", &["天坪村", "两河村"]);
    speaks("天坪村悬挂横幅20条、两河村30条。", &["天坪村", "两河村"]);
    speaks("在天坪村召开现场会，全镇发放资料7000份。", &[""]);
    speaks("我镇在天坪村发放资料20份，青山镇发放资料300份。", &["天坪村", ""]);
    speaks("红旗村发放资料20份。深入红旗村开展讲座3场。", &["?红旗村", "?红旗村"]);
    speaks("在全镇行政村、示范村、各村发放资料20份。", &["village"]);
}

#[test]
fn a_sentence_that_names_a_theme_speaks_of_it() {
    speaks("开展禁毒宣传，悬挂横幅20条，发放资料500份。发放资料7000份。", &["drugs", "drugs", ""]);
    speaks("发放禁毒资料1200份、反诈资料2000份。", &["drugs", "fraud"]);
    speaks("发放1200份禁毒资料、300份反诈资料。", &["drugs", "fraud"]);
    speaks("发放禁毒资料1200份，发放手册300本。开展禁毒讲座12场，发放手册300本。", &["drugs", "", "drugs", "drugs"]);
    speaks("向群众发放《民法典》手册1200本、宣传资料3万余份。", &["civil_code", ""]);
    speaks("举办未成年人保护法治讲座12场，参加学生300人次。", &["minors", "school minors"]);
    speaks("开展扫黑除恶专项斗争、禁毒、安全、校园暴力等法治宣传活动共10次，悬挂横幅150余条。", &["", ""]);
    speaks("开展禁毒、反诈宣传，发放资料300份。", &["?禁毒、反诈"]);
    speaks("为增强群众安全意识，悬挂横幅150条，群众安全感明显提升，发放资料300份。", &["", ""]);
    speaks("开展知识产权宣传，发放资料300份。", &["?知识产权"]);
    speaks("开展“平安护航”专项行动，发放资料300份。", &["?“平安护航”"]);
    speaks("发放《反有组织犯罪法》手册120本，发放《民法典》手册300本。", &["?《反有组织犯罪法》", "civil_code"]);
    speaks("根据《法治宣传教育法》，按照“八五”普法规划开展“法律六进”活动，发放资料300份。", &[""]);
}

#[test]
fn a_campaign_by_its_name_is_one() {
    speaks("国家宪法日宣传周中，悬挂横幅20条。", &["2021年国家宪法日宣传周"]);
    speaks("扎实开展禁毒专项行动，开展禁毒宣传，发放资料500份。", &["青山镇禁毒专项行动"]);
    speaks("开展“禁毒”专项行动，发放资料500份。", &["青山镇禁毒专项行动"]);
    speaks("开展平安校园护航宣传，发放资料500份。", &["“平安校园”护航宣传活动"]);
    speaks("宪法宣传周期间，悬挂横幅20条。", &[""]);
    speaks("开展禁毒专项行动、平安校园护航宣传，发放资料500份。", &["?禁毒专项行动、平安校园护航"]);
}

#[test]
fn schools_are_told_from_villages() {
    speaks("在学校开展讲座3场，受教育师生300人次。", &["school", "school"]);
    speaks("进村（社区）、进学校开展讲座10场，悬挂横幅150条。", &["", ""]);
    speaks("组织师生、家长、村民参加讲座10场。", &[""]);
    speaks("青山小学开展讲座3场，红星小学开展讲座2场。", &["青山小学", "?红星小学"]);
    speaks("开展防治校园欺凌宣传，发放资料300份。", &["bullying"]);
}

#[test]
fn who_took_part_is_not_told_apart() {
    speaks("联合派出所、司法所开展禁毒宣传，发放资料500份。", &["drugs ?联合派出所、司法所"]);
    speaks("镇司法所会同镇禁毒办在天坪村发放资料20份。发放资料30份。", &["天坪村 ?会同镇禁毒办", ""]);
}

#[test]
fn a_heading_holds_for_what_follows_it() {
    speaks(
        "（一）深入开展禁毒宣传\n悬挂横幅20条，发放资料500份。\n（二）加强学习\n发放资料30份。",
        &["drugs", "drugs", ""],
    );
    speaks("1．开展反诈宣传。6月，发放资料500份。发放手册20本。", &["fraud", "fraud"]);
    speaks("禁毒宣传\n开展反诈讲座3场。全年发放资料7000份。悬挂横幅20条。", &["fraud", "", "drugs"]);
}

/// The time of the first figure.
fn when(text: &str) -> String {
    match read(text, &office())[0].when {
        When::Year => "year".into(),
        When::Within(period, ..) => format!("{}..{}", &period.from.to_string()[2..], &period.to.to_string()[2..]),
        When::Unclear(start, end) => format!("?{}", text.chars().skip(start).take(end - start).collect::<String>()),
    }
}

#[test]
fn what_can_be_read_of_a_time_is_read_exactly_and_what_cannot_is_open() {
    for (words, undated, dated) in [
        ("11月以来", "21-11-01..21-12-31", "21-11-01..21-12-10"),
        ("自6月份起", "21-06-01..21-12-31", "21-06-01..21-12-10"),
        ("12月4日至今", "21-12-04..21-12-31", "21-12-04..21-12-10"),
        ("今年以来", "year", "21-01-01..21-12-10"),
        ("截至目前", "year", "21-01-01..21-12-10"),
        ("今年", "year", "year"),
        ("上半年", "21-01-01..21-06-30", "21-01-01..21-06-30"),
        ("第三季度", "21-07-01..21-09-30", "21-07-01..21-09-30"),
        ("11月至12月", "21-11-01..21-12-31", "21-11-01..21-12-31"),
        ("10月下旬", "21-10-21..21-10-31", "21-10-21..21-10-31"),
        ("10月下旬以来", "21-10-21..21-12-31", "21-10-21..21-12-10"),
        ("截至11月底", "21-01-01..21-11-30", "21-01-01..21-11-30"),
        ("11月底前", "21-01-01..21-11-30", "21-01-01..21-11-30"),
        ("6月前", "21-01-01..21-05-31", "21-01-01..21-05-31"),
        ("去年", "20-01-01..20-12-31", "20-01-01..20-12-31"),
        ("半年来", "?半年来", "21-06-11..21-12-10"),
        ("近三个月来", "?近三个月来", "21-09-11..21-12-10"),
        ("本月", "?本月", "21-12-01..21-12-10"),
        ("上月", "?上月", "21-11-01..21-11-30"),
        ("近期", "?近期", "?近期"),
        ("入冬以来", "?入冬以来", "?入冬以来"),
        ("暑假", "?暑假", "?暑假"),
        ("近年来", "?近年来", "?近年来"),
        ("6月以后", "?6月以后", "?6月以后"),
    ] {
        let text = format!("{words}，悬挂横幅20条。");
        assert_eq!(when(&text), undated, "{text}");
        assert_eq!(when(&format!("{text}\n青山镇人民政府\n2021年12月10日")), dated, "{text}");
    }
    assert_eq!(when("较去年悬挂横幅20条。"), "year", "only compared with");
    assert_eq!(when("11月前往天坪村悬挂横幅20条。"), "21-11-01..21-11-30");
}
