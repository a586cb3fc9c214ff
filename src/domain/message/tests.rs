//! Messages as village groups really send them, and what was read of each.

use super::*;
use crate::domain::alias::tests::catalogue;
use proptest::prelude::*;

fn place(code: &str, path: &str, kind: UnitKind, name: &str, mine: bool) -> Place {
    let short_name = crate::domain::unit::short_name(name).to_owned();
    Place { code: code.into(), path: path.into(), kind, short_name, name: name.into(), mine }
}

/// 青山镇 with its villages and school; the officer may log everywhere, the cadre in 天坪村 alone.
fn places(cadre: bool) -> Vec<Place> {
    use UnitKind::{Community, Department, School, Town, Village};
    vec![
        place("T", "/1/", Town, "青山镇", !cadre),
        place("天坪", "/1/2/", Village, "天坪村村民委员会", true),
        place("两河", "/1/3/", Village, "两河村村民委员会", !cadre),
        place("大佛", "/1/4/", Village, "大佛村村民委员会", !cadre),
        place("跳石", "/1/5/", Community, "跳石社区居民委员会", !cadre),
        place("小学", "/1/6/", School, "青山小学（示例）", !cadre),
        place("司法所", "/1/7/", Department, "司法所", !cadre),
    ]
}

pub fn reading(text: &str, cadre: bool) -> Reading {
    let catalogue = catalogue();
    let vocabulary = Vocabulary::of(&catalogue);
    let places = places(cadre);
    let today = "2021-12-20".parse().unwrap();
    let home = cadre.then_some("天坪");
    read(text, &Known { today, catalogue: &catalogue, vocabulary: &vocabulary, places: &places, home })
}

/// 天坪 12-04 banner=2 leaflet>=120 ?vague
pub fn told(entry: &Entry) -> String {
    let mut words: Vec<String> = Vec::new();
    words.push(match (&entry.unit, &entry.foreign) {
        (_, Some(name)) => format!("!{name}"),
        (Some(unit), _) => unit.clone(),
        (None, None) => "-".into(),
    });
    if !entry.units.is_empty() {
        words.push(format!("({})", entry.units.join("+")));
    }
    if !entry.covers.is_empty() {
        words.push(format!("<{}>", entry.covers.join("+")));
    }
    let days = entry.date.format("%m-%d").to_string();
    words.push(entry.date_to.map_or(days.clone(), |to| format!("{days}..{}", to.format("%m-%d"))));
    for count in &entry.counts {
        let sign = match count.precision {
            Precision::Exact => "=",
            Precision::AtLeast => ">=",
            Precision::Estimate => "~",
        };
        words.push(format!("{}{sign}{}", count.measure, count.value));
    }
    let mut whys: Vec<&str> = entry.marks.iter().map(|mark| mark.why.key()).collect();
    whys.sort_unstable();
    whys.dedup();
    if !whys.is_empty() {
        words.push(format!("?{}", whys.join(",")));
    }
    words.join(" ")
}

#[track_caller]
pub fn reads(text: &str, expected: &[&str]) {
    let read = reading(text, false);
    let told: Vec<String> = read.entries.iter().map(told).collect();
    assert_eq!(told, expected, "{text}");
}

#[test]
fn the_scenarios_message_is_read() {
    let text = "天坪村12月4日开展宪法宣传，悬挂横幅2条，发放资料120余份，受教育60余人次";
    reads(text, &["天坪 12-04 banner=2 leaflet>=120 attendance>=60"]);
    let entry = &reading(text, false).entries[0];
    assert_eq!(
        (entry.themes.as_slice(), entry.kind.as_deref()),
        (["constitution".to_owned()].as_slice(), Some("attendance"))
    );
    assert_eq!(entry.date.to_string(), "2021-12-04");
    let chars: Vec<char> = text.chars().collect();
    let words: Vec<String> = entry.counts.iter().map(|count| chars[count.start..count.end].iter().collect()).collect();
    assert_eq!(words, ["2条", "120余份", "60余人次"]);
}

#[test]
fn villages_report_in_many_ways() {
    for (text, expected) in [
        // Short and without verbs.
        ("天坪村：横幅3条，资料150份，院坝会1场", "天坪 12-20 banner=3 leaflet=150 lecture=1 ?day"),
        ("【两河村】12.3，张贴标语5条、发传单80张", "两河 12-03 banner=5 leaflet=80"),
        ("【天坪】昨天入户走访30户，发放宣传册30册", "天坪 12-19 household_visit=30 leaflet=30"),
        (
            "大佛村今日召开坝坝会一场，参会群众四十余人，发放禁毒手册40本。",
            "大佛 12-20 lecture=1 attendance>=40 booklet=40",
        ),
        // With emojis, bullets and hashtags.
        (
            "📢#宪法宣传周#📢 大佛村 12月5日✅悬挂横幅2条✅播放大喇叭6次✅发放资料200份",
            "大佛 12-05 banner=2 broadcast=6 leaflet=200",
        ),
        (
            "🌸天坪村🌸\n1、横幅：2条\n2、宣传单：100余张\n3、受教育群众：80余人次",
            "天坪 12-20 banner=2 leaflet>=100 attendance>=80 ?day",
        ),
        ("天坪村 1️⃣横幅2条 2️⃣资料50份", "天坪 12-20 banner=2 leaflet=50 ?day"),
        // The number stands before the thing.
        (
            "12月2日，两河村挂了3条横幅，发了120余份宣传资料，有60余名群众参加",
            "两河 12-02 banner=3 leaflet>=120 attendance>=60",
        ),
        ("跳石社区12月1日组织2场院坝会，50余人听讲", "跳石 12-01 lecture=2 attendance>=50"),
        // About, more than, at least.
        ("两河村12月8日发放反诈资料约200份，覆盖群众近300人次", "两河 12-08 leaflet~200 attendance~300"),
        ("大佛村本周一LED滚动播放上百次，发放资料7000份以上", "大佛 12-20 led>=100 leaflet>=7000"),
        ("天坪村12月3日接受法律咨询20余人次，发放环保袋100个", "天坪 12-03 consultation>=20 gift=100"),
        // Days in a row; so many a day.
        ("两河村11月29日至12月5日大喇叭每天播放2次", "两河 11-29..12-05 broadcast=14 ?reckoned"),
        ("大佛村12月1-7日村村响早晚各播放1次", "大佛 12-01..12-07 broadcast=14 ?reckoned"),
        ("天坪村大喇叭每天播放3次", "天坪 12-20 broadcast=3 ?day,per_day"),
        // School.
        ("青山小学12月4日上法治课2节，学生120人参加", "小学 12-04 class_hour=2 attendance=120"),
        // Offices come into the village.
        ("青山镇司法所12月6日到天坪村开展民法典宣讲1场，受教育45人次", "天坪 12-06 lecture=1 attendance=45"),
        // A table's row in words.
        ("两河村 12月7日 横幅2 展板4 资料130", "两河 12-07 banner=2 board=4 leaflet=130"),
        ("天坪村12月4日横幅、展板各2，资料、手册各50份", "天坪 12-04 banner=2 board=2 leaflet=50 booklet=50"),
        ("天坪村2021年12月4日发放资料１２０份，悬挂条幅两幅", "天坪 12-04 leaflet=120 banner=2"),
        ("大佛村12月9日出动宣传车2台次，悬挂横幅2条", "大佛 12-09 vehicle=2 banner=2"),
        ("两河村12月4日更换宣传栏1期，微信公众号推送3篇，阅读量1.2万余次", "两河 12-04 bulletin=1 post=3 views>=12000"),
        ("天坪村12月4日：横幅x2，资料*120，手册×20", "天坪 12-04 banner=2 leaflet=120 booklet=20"),
        (
            "【普法动态】12月4日上午，两河村在村委会广场开展“12·4”国家宪法日集中宣传活动。活动现场悬挂横幅3条、摆放展板6块，发放宪法、民法典\
             宣传资料300余份，接受群众法律咨询15人次，参与群众200余人。",
            "两河 12-04 banner=3 board=6 leaflet>=300 consultation=15 attendance>=200",
        ),
        (
            "领导好，大佛村12月3日晚上7点在4组院坝召开院坝会，到会52人，发资料50份",
            "大佛 12-03 lecture=1 attendance=52 leaflet=50 ?once",
        ),
        (
            "12.5两河村：1.悬挂横幅2条；2.发放资料80份；3.受教育群众：50人次",
            "两河 12-05 banner=2 leaflet=80 attendance=50",
        ),
        (
            "今天（12月10日）两河村赶场天设咨询点，发资料三百多份，咨询二十余人次",
            "两河 12-10 leaflet>=300 consultation>=20",
        ),
        ("天坪村\n时间：12月9日\n地点：村委会\n参加人数：56人\n资料：56份", "天坪 12-09 attendance=56 leaflet=56"),
        ("跳石社区LED屏滚动播放宪法标语，从11月29日到12月5日，共播放7天", "跳石 11-29..12-05 led=7 ?once_a_day"),
        // Key dates are names.
        ("天坪村12月3日开展“12·4”国家宪法日宣传，悬挂横幅2条", "天坪 12-03 banner=2"),
        ("天坪村开展12.4国家宪法日宣传，悬挂横幅2条", "天坪 12-04 banner=2 ?day"),
    ] {
        reads(text, &[expected]);
    }
}

#[test]
fn what_is_doubtful_is_pointed_out_and_never_dropped() {
    for (text, expected) in [
        ("天坪村12月4日发放资料数百份，悬挂横幅2条", "天坪 12-04 banner=2 ?vague"),
        ("天坪村12月4日发放大量资料，悬挂横幅2条", "天坪 12-04 banner=2 ?vague"),
        ("天坪村12月4日受教育不足200人，横幅1条", "天坪 12-04 banner=1 ?upper"),
        ("天坪村12月4日院坝会1场，参加30-40人", "天坪 12-04 lecture=1 attendance>=30 ?range"),
        ("天坪村12月4日走访十几户", "天坪 12-04 household_visit>=10 ?and_some"),
        ("天坪村12月4日横幅2条，慰问老人5名，发米10袋", "天坪 12-04 banner=2 attendance=5 ?no_measure"),
        ("天坪村12月4日组织志愿者8人，发放资料60份", "天坪 12-04 leaflet=60 ?not_counted"),
        ("天坪村12月4日出动宣传人员12人次，资料60份", "天坪 12-04 leaflet=60 ?not_counted"),
        ("天坪村12月4日微信群转发5条，横幅1条", "天坪 12-04 banner=1 ?not_counted"),
        ("截至12月4日，天坪村共发放资料1,200余份", "天坪 12-04 leaflet>=1200 ?cumulative"),
        ("天坪村12月4日制作横幅5条", "天坪 12-04 banner=5 ?only_made"),
        ("天坪村12月4日横幅2条，村口又悬挂横幅3条", "天坪 12-04 banner=5 ?repeated"),
        ("天坪村12月4日发放资料300份，其中禁毒100份、反诈200份", "天坪 12-04 leaflet=300 ?part_of"),
        ("天坪村12月4日发放手册、资料共120份", "天坪 12-04 leaflet=120 ?two_measures"),
        ("天坪村12月4日、8日各开展讲座1场", "天坪 12-04 lecture=1 ?days"),
        ("天坪村12月4日惠及500人", "天坪 12-04 attendance=500 ?unit_word"),
        ("天坪村12月4日开展宣传，60人次", "天坪 12-04 attendance=60 ?by_unit_word"),
        ("天坪村3月4日横幅2条", "天坪 03-04 banner=2 ?day"),
        ("天坪村联合两河村12月4日悬挂横幅2条", "天坪 12-04 banner=2 ?other_unit"),
        ("天坪村12月4日悬挂横幅0条，资料20份", "天坪 12-04 leaflet=20 ?out_of_range"),
        ("天坪村今天挂了横幅", "天坪 12-20 ?no_count"),
    ] {
        reads(text, &[expected]);
    }
}

#[test]
fn several_villages_in_one_message() {
    reads("天坪村、两河村各悬挂横幅2条", &["天坪 12-20 banner=2 ?day", "两河 12-20 banner=2 ?day"]);
    reads(
        "天坪村和两河村12月4日各悬挂横幅2条，发放资料50份",
        &["天坪 12-04 banner=2", "两河 12-04 banner=2", "T <天坪+两河> 12-04 leaflet=50 ?not_each"],
    );
    reads("天坪村、两河村12月4日共发放资料500份", &["T <天坪+两河> 12-04 leaflet=500"]);
    reads("天坪村、两河村12月4日发放资料500份", &["T (天坪+两河) 12-04 leaflet=500 ?manner"]);
    reads("12月4日，4个村共发放资料500份", &["T <天坪+两河+大佛+跳石> 12-04 leaflet=500"]);
    reads("12月4日，14个村共发放资料500份", &["T <天坪+两河+大佛+跳石> 12-04 leaflet=500 ?villages"]);
    reads(
        "青山镇各村（社区）12月4日合计发放资料500份，悬挂横幅28条",
        &["T <天坪+两河+大佛+跳石> 12-04 leaflet=500 banner=28"],
    );
    reads(
        "各村12月4日悬挂横幅2条，每村发放资料50份",
        &[
            "天坪 12-04 banner=2 leaflet=50",
            "两河 12-04 banner=2 leaflet=50",
            "大佛 12-04 banner=2 leaflet=50",
            "跳石 12-04 banner=2 leaflet=50",
        ],
    );
    // One behind another, the day and the theme said once.
    reads(
        "12月4日宪法宣传情况：天坪村悬挂横幅2条，资料100份；两河村横幅3条；大佛村开展讲座1场，50人参加。",
        &["天坪 12-04 banner=2 leaflet=100", "两河 12-04 banner=3", "大佛 12-04 lecture=1 attendance=50"],
    );
    reads("天坪村12月4日横幅2条；两河村横幅3条", &["天坪 12-04 banner=2", "两河 12-04 banner=3 ?day"]);
    let text = "12月4日宪法宣传周各村进展\n天坪村：横幅2条\n两河村：横幅3条，资料60余份\n大佛村：LED播放6次";
    reads(text, &["天坪 12-04 banner=2", "两河 12-04 banner=3 leaflet>=60", "大佛 12-04 led=6"]);
    assert!(reading(text, false).entries.iter().all(|entry| entry.themes == ["constitution"]));
}

#[test]
fn ten_copied_messages_are_ten_drafts() {
    let mut text = String::new();
    for (index, unit) in ["天坪村", "两河村", "大佛村", "跳石社区", "青山小学"].iter().cycle().take(10).enumerate()
    {
        let day = index + 1;
        text += &format!("张{index} 12-{day:02} 15:32:\n{unit}开展宪法宣传，悬挂横幅{day}条，发放资料{day}0余份\n");
    }
    text += "李四 12-11 08:00:\n收到[玫瑰]\n";
    let read = reading(&text, false);
    assert_eq!(read.entries.len(), 10, "{:?}", read.entries.iter().map(told).collect::<Vec<_>>());
    assert_eq!(told(&read.entries[0]), "天坪 12-01 banner=1 leaflet>=10");
    assert_eq!(told(&read.entries[9]), "小学 12-10 banner=10 leaflet>=100");
    assert_eq!(read.left_out.len(), 1);
}

#[test]
fn a_relative_day_is_reckoned_from_the_day_of_the_message() {
    reads("张三 12-04 15:32:\n天坪村昨天悬挂横幅2条", &["天坪 12-03 banner=2"]);
    reads("张三 12-04 15:32:\n天坪村悬挂横幅2条", &["天坪 12-04 banner=2"]);
}

#[test]
fn who_names_no_village_speaks_of_their_own() {
    let read = reading("12月4日悬挂横幅2条，发放资料30份", true);
    assert_eq!(told(&read.entries[0]), "天坪 12-04 banner=2 leaflet=30");
    // An officer of many villages is asked.
    reads("12月4日悬挂横幅2条", &["- 12-04 banner=2"]);
}

#[test]
fn another_cadres_village_is_refused_by_name() {
    let read = reading("两河村12月4日悬挂横幅2条", true);
    assert_eq!(told(&read.entries[0]), "!两河村 12-04 banner=2 ?foreign");
    let read = reading("天坪村、两河村12月4日各悬挂横幅2条", true);
    assert_eq!(
        read.entries.iter().map(told).collect::<Vec<_>>(),
        ["天坪 12-04 banner=2", "!两河村 12-04 banner=2 ?foreign"]
    );
}

#[test]
fn where_it_was_held_is_kept() {
    for (text, expected) in [
        ("天坪村12月4日在三组院坝开展宪法宣讲1场", "三组院坝"),
        ("天坪村12月4日在天坪村开展宣讲1场", ""),
        ("天坪村12月4日在宪法宣传周期间悬挂横幅2条", ""),
        ("天坪村12月4日讲座1场。地点：村委会会议室，60人参加", "村委会会议室"),
        ("天坪村12月4日在青山小学开展宣讲1场", "青山小学"),
    ] {
        assert_eq!(reading(text, false).entries[0].place, expected, "{text}");
    }
}

#[test]
fn talk_is_left_out_and_said_so() {
    for text in ["收到", "好的👌", "@所有人 请各村于明天前报送", "天坪村收到"] {
        let read = reading(text, false);
        assert!(read.entries.is_empty(), "{text}: {:?}", read.entries);
        assert_eq!(read.left_out.len(), 1, "{text}");
    }
    assert_eq!(reading("  \n ", false), Reading::default());
}

fn whole(text: &str, cadre: bool) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    let read = reading(text, cadre);
    // What stands in the text, added up: no figure is above it unless it was reckoned.
    let sum: i64 = crate::domain::amount::find_amounts_with(text, &["人次"])
        .iter()
        .filter_map(|one| one.amount.as_ref())
        .map(|one| one.value)
        .sum();
    for entry in &read.entries {
        prop_assert!(entry.start <= entry.end && entry.end <= length);
        for mark in &entry.marks {
            prop_assert!(mark.start <= mark.end && mark.end <= length, "{:?}", mark);
        }
        for count in &entry.counts {
            prop_assert!(count.start < count.end && count.end <= length);
            prop_assert!(count.value > 0);
            let reckoned = [Why::Reckoned, Why::Once, Why::OnceADay];
            let is_reckoned = entry.marks.iter().any(|mark| reckoned.contains(&mark.why));
            prop_assert!(is_reckoned || count.value <= sum, "{:?} of {}", count, sum);
        }
        let mut kinds: Vec<_> = entry.counts.iter().map(|count| (&count.measure, count.precision)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        prop_assert_eq!(kinds.len(), entry.counts.len(), "one figure for each measure and precision");
    }
    for (start, end) in read.left_out {
        prop_assert!(start < end && end <= length);
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_message_panics_and_no_figure_is_above_what_stands_in_it(
        parts in prop::collection::vec(prop::sample::select(vec![
            "天坪村", "两河村", "【大佛】", "跳石社区", "青山镇", "各村", "14个村", "各", "共", "合计", "每天", "早晚各", "其中", "，", "。", "、", "\n", "；",
            "12月4日", "12.1-12.7", "昨天", "张三 12-04 15:32:\n", "横幅", "资料", "手册", "院坝会", "大喇叭", "LED", "受教育", "志愿者", "制作", "群众",
            "计划", "下周", "全年", "累计", "3个村", "联合", "红星村：", "六七十个", "近百人", "40-30人", "500元", "宣传册36本",
            "2条", "120余份", "约200", "数百份", "60余人次", "三十人", "上百次", "0", "99999999", "30-40人", "连续7天", "在院坝开展", "宪法", "😀", "（", "）",
        ]), 0..24),
        cadre: bool,
    ) {
        whole(&parts.concat(), cadre)?;
    }

    #[test]
    fn any_text_at_all_may_be_pasted(text in "\\PC{0,80}", cadre: bool) {
        whole(&text, cadre)?;
    }
}
