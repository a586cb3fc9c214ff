//! Sentences as offices write them, and what is read of their figures.

use super::{
    verdict::{Verdict, carries, judge},
    *,
};
use crate::domain::{
    alias::tests::catalogue,
    measure::{Form, Precision, Total},
    wording::built_in,
};
use proptest::prelude::*;

/// The built-in catalogue, and a poster (海报) that an office added as data.
pub(super) fn office() -> Catalogue {
    let mut catalogue = catalogue();
    for measure in &mut catalogue.measures {
        measure.wording = built_in::wording(&measure.key);
        if ["led", "broadcast"].contains(&measure.key.as_str()) {
            measure.wording.form = Form::Hundreds;
            measure.wording.together = Some("利用镇LED电屏幕以及广播播放法律知识多达{figure}".into());
        }
    }
    let like = catalogue.measures[0].clone();
    let own = |id: i64, key: &str, name: &str, unit_word: &str, phrase: Option<&str>| Measure {
        id,
        key: key.into(),
        unit_id: Some(1),
        name: name.into(),
        unit_word: unit_word.into(),
        wording: Wording { phrase: phrase.map(str::to_owned), ..Wording::default() },
        ..like.clone()
    };
    catalogue.measures.push(own(900, "poster", "海报", "张", None));
    catalogue.measures.push(own(901, "people", "受教育人数", "人", None));
    catalogue.measures.push(own(902, "lamp", "普法灯箱", "座", Some("点亮{figure}")));
    catalogue
}

/// The units below 青山镇: three villages, a community and a school.
pub(super) const UNITS: [(i64, &str, UnitKind); 5] = [
    (1, "天坪村", UnitKind::Village),
    (2, "两河村", UnitKind::Village),
    (3, "新天坪村", UnitKind::Village),
    (4, "滨河社区", UnitKind::Community),
    (5, "青山小学", UnitKind::School),
];

/// Its campaigns.
pub(super) const CAMPAIGNS: [(i64, &str, &[&str]); 3] = [
    (7, "2021年国家宪法日宣传周", &["constitution"]),
    (8, "青山镇禁毒专项行动", &["drugs"]),
    (9, "“平安校园”护航宣传活动", &["bullying", "safety"]),
];

pub(super) fn read(text: &str, catalogue: &Catalogue) -> Vec<Claim> {
    let vocabulary = Vocabulary::of(catalogue);
    let phrases = phrases(catalogue.active_measures().map(|measure| (measure, &measure.wording)));
    let day = |text: &str| text.parse().unwrap();
    let week = Period { from: day("2021-11-29"), to: day("2021-12-05") };
    let units = UNITS.map(|(id, name, kind)| Named { id, name: name.into(), kind });
    let keys = |themes: &[&str]| themes.iter().map(|key| (*key).to_owned()).collect();
    let campaigns = CAMPAIGNS.map(|(id, title, themes)| Run { id, title: title.into(), themes: keys(themes) });
    let known = Known {
        year: 2021,
        catalogue,
        vocabulary: &vocabulary,
        phrases: &phrases,
        key_dates: &[("宪法宣传周".to_owned(), week)],
        own_names: &["青山镇".to_owned()],
        units: &units,
        campaigns: &campaigns,
    };
    find(text, &known)
}

/// 150余条 banner>150
pub(super) fn told(text: &str, claim: &Claim) -> String {
    let words: String = text.chars().skip(claim.start).take(claim.end - claim.start).collect();
    let number = match claim.number {
        _ if matches!(claim.subject, Subject::Unknown(_)) => String::new(),
        Number::Share(value) => format!("{value}"),
        Number::Count(value, said) => match said {
            Said::Exactly => format!("={value}"),
            Said::AtLeast => format!(">={value}"),
            Said::More => format!(">{value}"),
            Said::About => format!("~{value}"),
            Said::Near => format!("-{value}"),
            Said::UpTo(most) => format!("={value}..{most}"),
            Said::Below => format!("<{value}"),
        },
    };
    let subject = match &claim.subject {
        Subject::Measures { keys, each, people, theme } => {
            let marks = format!("{}{}", if *each { "@" } else { "" }, if *people { "?" } else { "" });
            let theme = theme.as_ref().map_or(String::new(), |theme| format!("/{theme}"));
            format!("{}{theme}{marks}", keys.join("+"))
        }
        Subject::Campaigns => "campaigns".into(),
        Subject::Activities { or } => match or.first() {
            Some(Subject::Measures { keys, .. }) => format!("activities|{}", keys.join("+")),
            Some(_) => "activities|campaigns".into(),
            None => "activities".into(),
        },
        Subject::Growth { keys, up } => format!("{}{} ", keys.join("+"), if *up { " more" } else { " less" }),
        Subject::Unknown(why) => format!("?{why}"),
    };
    let when = match claim.when {
        When::Year => String::new(),
        When::Within(period, ..) => format!(" {}..{}", period.from, period.to),
        When::Unclear(..) => " ?".into(),
    };
    format!("{words} {subject}{number}{when}")
}

#[track_caller]
pub(super) fn reads(text: &str, expected: &[&str]) {
    let claims = read(text, &office());
    let found: Vec<String> = claims.iter().map(|claim| told(text, claim)).collect();
    assert_eq!(found, expected, "{text}");
}

const SENTENCE: &str = "2021年，圣灯山镇开展扫黑除恶专项斗争、禁毒、安全、校园暴力等法治宣传进村（社区）、进学校活动共10次，\
     悬挂宣传横幅150余条，进村宣传100余次，利用镇LED电屏幕以及广播播放法律知识多达上百次，发放宣传资料7000份以上。";

#[test]
fn the_seeds_sentence_is_read_whole() {
    let expected = [
        "10次 campaigns=10",
        "150余条 banner>150",
        "100余次 village_visit>100",
        "上百次 broadcast+led>=100",
        "7000份以上 leaflet>=7000",
    ];
    let read = |text: &str, catalogue: &Catalogue| -> Vec<String> {
        read(text, catalogue).iter().map(|claim| told(text, claim)).collect()
    };
    assert_eq!(read(SENTENCE, &office()), expected);
    // An office whose catalogue has no words of its own for a figure is read by the words around it.
    let plain = read(SENTENCE, &catalogue());
    assert_eq!(plain[3], "上百次 led+broadcast>=100");
    assert_eq!(
        (plain.len(), &plain[..3], plain[4].as_str()),
        (5, expected.map(String::from)[..3].as_ref(), expected[4])
    );
}

#[test]
fn sentences_of_other_towns_are_read() {
    for (text, expected) in [
        (
            "今年以来，我镇共举办各类法治讲座、院坝会46场，受教育群众5000余人次，发放《民法典》手册1200本、普法宣传单3万余份。",
            vec!["46场 lecture=46", "5000余人次 attendance>5000", "1200本 booklet=1200", "3万余份 leaflet>30000"],
        ),
        (
            "全年出动宣传车20台次，制作展板62块，张贴海报一千二百张，接受群众法律咨询三百余人次。",
            vec!["20台次 vehicle=20", "62块 board=62", "一千二百张 poster=1200", "三百余人次 consultation>300"],
        ),
        (
            "在学校开展模拟法庭3场、法治课12课时，参加学生１，２００余人次，发放宣传手册两千余册；更换宣传栏12期。",
            vec![
                "3场 moot_court=3",
                "12课时 class_hour=12",
                "１，２００余人次 attendance>1200",
                "两千余册 booklet>2000",
                "12期 bulletin=12",
            ],
        ),
        (
            "充分利用微信公众号、LED显示屏滚动播放普法标语300余条，村村响广播不少于120次，阅读量达1.2万余次。",
            vec!["300余条 post+led>300", "不少于120次 broadcast>=120", "1.2万余次 views>12000"],
        ),
        (
            "走访群众1200余户，现场解答群众咨询数百人次，召开院坝会30-40场，参会群众近3000人次，发放普法围裙、环保袋2000余个。",
            vec![
                "1200余户 household_visit>1200",
                "数百人次 consultation>=200",
                "30-40场 lecture=30..40",
                "近3000人次 attendance-3000",
                "2000余个 gift>2000",
            ],
        ),
        (
            "发放了7000余份宣传资料，挂起156条横幅，举办宣讲会二三十场，约4000人次参加。",
            vec!["7000余份 leaflet>7000", "156条 banner=156", "二三十场 lecture=20..30", "约4000人次 attendance~4000"],
        ),
        (
            "镇党委理论学习中心组学法4次，组织会前学法10余次；培养法律明白人42名，聘请法律顾问14名，建成法治文化广场3处。",
            vec![
                "4次 study=4",
                "10余次 pre_meeting_study>10",
                "42名 law_literate=42",
                "14名 legal_adviser=14",
                "3处 venue=3",
            ],
        ),
        (
            "通过悬挂横幅、张贴标语、发放宣传资料、宣传手册等方式，共发放宣传资料、手册8000余份，横幅、展板各20余。",
            vec!["8000余份 leaflet+booklet>8000", "20余 banner+board@>20"],
        ),
        (
            "悬挂横幅 150 余条，发放宣传资料 1.2 万余份，受教育群众 3000 人次。",
            vec!["150 余条 banner>150", "1.2 万余份 leaflet>12000", "3000 人次 attendance=3000"],
        ),
        (
            "全年举办法治讲座、法律咨询等活动46场次，观看普法电影的群众800余人次，播放LED标语500余条。",
            vec!["46场次 lecture=46", "800余人次 attendance>800", "500余条 led>500"],
        ),
        (
            "LED屏滚动播放宪法标语68条次，建成法治文化广场2个。发放宣传资料7000余份，其中禁毒资料1200份、反诈资料2000份，手册300本。",
            vec![
                "68条次 led=68",
                "2个 venue=2",
                "7000余份 leaflet>7000",
                "1200份 leaflet/drugs=1200",
                "2000份 leaflet/fraud=2000",
                "300本 booklet=300",
            ],
        ),
        (
            "发放资料7000份，其中禁毒1200份，村级1300份；召开院坝会46场，其中村级院坝会30场，悬挂横幅150余条。",
            vec![
                "7000份 leaflet=7000",
                "1200份 leaflet/drugs=1200",
                "1300份 ?no_measure",
                "46场 lecture=46",
                "30场 ?part_of",
                "150余条 banner>150",
            ],
        ),
        ("进村入户宣传100余次，进村入户宣传800户。", vec!["100余次 village_visit>100", "800户 household_visit=800"]),
        ("开展普法宣传活动12场次，点亮9座。", vec!["12场次 activities|lecture+show+moot_court=12", "9座 lamp=9"]),
        (
            "开展进村宣传活动108次；横幅：156；展板62块",
            vec!["108次 village_visit=108", "156 banner=156", "62块 board=62"],
        ),
    ] {
        reads(text, &expected);
    }
}

#[test]
fn people_are_not_attendances_but_an_office_may_count_them() {
    reads("受教育群众5000余人次，受教育人数1800余人。", &["5000余人次 attendance>5000", "1800余人 people>1800"]);
    let plain = catalogue();
    let text = "受教育群众1800余人。";
    let claims = read(text, &plain);
    assert_eq!(told(text, &claims[0]), "1800余人 attendance?>1800");
    let of = |total: i64| judge(&claims[0], Some(Total::of(Precision::Exact, total)));
    assert_eq!(of(5_000), (Verdict::Unknown, Some(Why::People)));
    assert_eq!(of(1_800), (Verdict::HigherThanLogged, None), "there are no more people than attendances");
}

#[test]
fn what_is_no_figure_is_left_alone_and_swallows_none() {
    reads(
        "根据《法治中国建设规划（2020—2025年）》和渝司发〔2021〕12号文件，按“八五”普法规划要求，12月4日第8个国家宪法日，联系电话023-66412345，\
         拨打12348热线24小时服务，悬挂横幅20条。",
        &["20条 banner=20 2021-12-04..2021-12-04"],
    );
    reads("一是加强领导。（一）悬挂横幅156条。1.发放资料2000份", &["156条 banner=156", "2000份 leaflet=2000"]);
    reads("形成学校、家庭、社会三位一体法治教育新格局，落实一村一法律顾问。", &[]);
    reads("第12期简报、十四五规划、5A景区、“12·4”国家宪法日", &[]);
}

#[test]
fn what_nobody_logged_here_is_unknown_and_says_why() {
    for (text, expected) in [
        ("目前我镇共有22名人员持有行政执法证。", vec!["22名 ?no_measure"]),
        ("化解矛盾纠纷156件，接待群众来访230人次。", vec!["156件 ?no_measure", "230人次 ?no_measure"]),
        ("化解矛盾纠纷46起，排查隐患120处。", vec!["46起 ?no_measure", "120处 ?no_measure"]),
        (
            "在校生受教育面继续保持在100%，知晓率94.4%，九成以上群众满意。",
            vec!["100% ?share", "94.4% ?share", "九成以上 ?share"],
        ),
        ("出动志愿者50人次，展板12套。", vec!["50人次 ?not_counted", "12套 ?unit_word"]),
        ("每村悬挂横幅3条，横幅同比增加30条。", vec!["3条 ?rate", "30条 banner more =30"]),
        ("2022年计划开展讲座30场。", vec!["30场 ?plan 2022-01-01..2022-12-31"]),
        ("四、下一步工作计划\n悬挂横幅200条", vec!["200条 ?plan"]),
        ("受教育群众不足200人次", vec!["不足200人次 attendance<200"]),
    ] {
        reads(text, &expected);
    }
}

#[test]
fn a_narrower_time_holds_for_what_follows_it_in_its_sentence() {
    for (text, expected) in [
        (
            "11月，悬挂横幅20条；发放资料500份。全年发放资料7000份。",
            vec![
                "20条 banner=20 2021-11-01..2021-11-30",
                "500份 leaflet=500 2021-11-01..2021-11-30",
                "7000份 leaflet=7000",
            ],
        ),
        ("宪法宣传周期间，悬挂横幅20条。", vec!["20条 banner=20 2021-11-29..2021-12-05"]),
        ("宪法宣传周，悬挂横幅20条。", vec!["20条 banner=20"]),
        (
            "1-11月悬挂横幅140条，三季度悬挂横幅40条。",
            vec!["140条 banner=140 2021-01-01..2021-11-30", "40条 banner=40 2021-07-01..2021-09-30"],
        ),
        ("截至11月底，悬挂横幅140条。", vec!["140条 banner=140 2021-01-01..2021-11-30"]),
        ("11月29日至12月5日，悬挂横幅20条。", vec!["20条 banner=20 2021-11-29..2021-12-05"]),
        ("3月以来，悬挂横幅120条。", vec!["120条 banner=120 2021-03-01..2021-12-31"]),
        ("2020年，悬挂横幅90条。", vec!["90条 banner=90 2020-01-01..2020-12-31"]),
        ("“八五”普法期间，悬挂横幅900条。", vec!["900条 banner=900 2021-01-01..2025-12-31"]),
        ("2021年11月20余场讲座", vec!["20余场 lecture>20 2021-11-01..2021-11-30"]),
    ] {
        reads(text, &expected);
    }
}

#[test]
fn what_is_said_has_to_be_carried_by_what_is_certain() {
    let exact = |value: i64| Total::of(Precision::Exact, value);
    let mixed = Total { exact: 3_412, estimate: 600, ..Total::default() };
    for (total, value, said, carried) in [
        (exact(156), 150, Said::More, true),
        (exact(150), 150, Said::More, false),
        (exact(150), 150, Said::AtLeast, true),
        (exact(150), 150, Said::Exactly, true),
        (exact(149), 150, Said::More, false),
        (Total::of(Precision::AtLeast, 150), 150, Said::More, true),
        (exact(0), 1, Said::Exactly, false),
        (exact(35), 30, Said::UpTo(40), false),
        (exact(40), 30, Said::UpTo(40), true),
        (exact(290), 300, Said::Near, false),
        (mixed, 4_000, Said::More, false),
        (mixed, 4_000, Said::About, true),
        (mixed, 4_012, Said::Exactly, false),
        (mixed, 3_400, Said::More, true),
    ] {
        assert_eq!(carries(total, value, said), carried, "{total:?} {value} {said:?}");
    }
}

fn total() -> impl Strategy<Value = Total> {
    (0i64..400, 0i64..400, 0i64..400).prop_map(|(exact, at_least, estimate)| Total {
        exact,
        at_least,
        estimate,
        activities: 1,
    })
}

proptest! {
    #[test]
    fn nothing_is_supported_above_the_log(
        total in total(),
        parts in prop::collection::vec(prop::sample::select(vec![
            "悬挂横幅", "发放宣传资料", "LED以及广播播放", "进村宣传", "活动共", "受教育群众", "讲座", "展板", "各", "约", "近", "超过", "不足", "上",
            "百", "数百", "150余", "二三十", "30-40", "１００", "1.2万", "条", "份", "次", "场", "人次", "人", "块", "以上", "左右", "余", "，", "。", "；", "11月",
            "12月4日", "其中", "每村", "计划", "%", "成", "2021年", "\n", "、", "（", "）", "😀",
        ]), 0..20),
    ) {
        let text = parts.concat();
        let chars: Vec<char> = text.chars().collect();
        let mut last = 0;
        for claim in read(&text, &office()) {
            prop_assert!(last <= claim.start && claim.start < claim.end && claim.end <= chars.len());
            last = claim.end;
            if judge(&claim, Some(total)).0 == Verdict::Supported {
                let Number::Count(value, said) = claim.number else { return Err(TestCaseError::fail("a share")) };
                let most = if let Said::UpTo(most) = said { most } else { value };
                prop_assert!(most <= total.total(), "{claim:?}");
                let leans = matches!(said, Said::About | Said::Near);
                prop_assert!(leans || most <= total.lower_bound(), "{claim:?}");
                let more = total.at_least > 0 || value < total.lower_bound();
                prop_assert!(said != Said::More || more, "{claim:?}");
            }
        }
    }

    #[test]
    fn any_text_at_all_may_be_checked(text in "\\PC{0,80}") {
        for claim in read(&text, &office()) {
            prop_assert!(claim.start < claim.end && claim.end <= text.chars().count());
        }
    }

    #[test]
    fn what_the_official_style_writes_is_always_supported(total in total()) {
        prop_assume!(total.total() > 0);
        let catalogue = office();
        for key in ["banner", "led", "leaflet"] {
            let measure = catalogue.measure(key).unwrap();
            let figure = crate::domain::wording::official(total, &measure.wording, &measure.unit_word, crate::locale::Locale::Zh);
            let text = format!("{}{figure}。", measure.name);
            let claims = read(&text, &catalogue);
            prop_assert_eq!(claims.len(), 1, "{}", text);
            prop_assert_eq!(judge(&claims[0], Some(total)).0, Verdict::Supported, "{} {:?}", text, claims);
        }
    }
}
