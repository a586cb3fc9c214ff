//! Figures of activities as such, those under a heading before a colon, and what else no measure counts.

use super::{
    about::Topic,
    tests::{office, read, reads},
};

#[test]
fn activities_are_counted_and_the_yearly_sentence_counts_campaigns() {
    for (text, expected) in [
        ("全民禁毒宣传月：开展活动44次。", vec!["44次 activities|campaigns=44"]),
        ("1.禁毒：开展活动39次，悬挂宣传横幅13条。", vec!["39次 activities|campaigns=39", "13条 banner=13"]),
        (
            "全年开展活动292次，开展禁毒活动39次。",
            vec!["292次 activities|campaigns=292", "39次 activities|campaigns=39"],
        ),
        ("各类普法活动290余场次。", vec!["290余场次 activities|lecture+show+moot_court>290"]),
        ("天坪村开展普法活动22次。", vec!["22次 activities|campaigns=22"]),
        ("宪法进校园活动3场。", vec!["3场 activities|lecture+show+moot_court=3"]),
        ("开展禁毒等法治宣传活动共2次。开展禁毒专项宣传3次。", vec!["2次 campaigns=2", "3次 campaigns=3"]),
        ("开展普法宣传，开展志愿服务活动30次、消防安全检查活动8次。", vec!["30次 ?no_measure", "8次 ?no_measure"]),
        ("开展进村宣传活动108次，举办讲座等活动46场。", vec!["108次 village_visit=108", "46场 lecture=46"]),
    ] {
        reads(text, &expected);
    }
}

#[test]
fn what_stands_before_a_colon_holds_through_its_paragraph() {
    let text = "（三）抓好专项宣传。\n1.禁毒：开展活动39次，悬挂宣传横幅13条；发放资料900份。制作展板4块。\n2.反诈：悬挂横幅5条，发放资料70份。\n\
                悬挂横幅156条。";
    let topics: Vec<String> = read(text, &office())
        .into_iter()
        .map(|claim| match claim.about {
            about if about.doubt.is_some() => "?".into(),
            about => match about.topic {
                Topic::Theme(key) => key,
                _ => String::new(),
            },
        })
        .collect();
    assert_eq!(topics, ["drugs", "drugs", "drugs", "drugs", "fraud", "fraud", ""]);
}

#[test]
fn a_thing_at_another_unit_of_the_sentence_is_the_same_thing() {
    reads("天坪村发放资料330份，两河村发放三百多份。", &["330份 leaflet=330", "三百多份 leaflet>300"]);
    reads("天坪村发放资料330份。两河村发放三百多份。", &["330份 leaflet=330", "三百多份 ?no_measure"]);
    reads("天坪村发放资料330份，两河村发放慰问品三百多份。", &["330份 leaflet=330", "三百多份 ?no_measure"]);
}

#[test]
fn shares_points_and_what_is_missing_are_no_sums() {
    reads("群众知晓率提高2.1个百分点，同比上升两个百分点。", &["2.1个百分点 ?points", "两个百分点 ?points"]);
    reads("调解成功率98.8%，知晓率94.4%。", &["98.8% ?other_share", "94.4% ?share"]);
    reads("村级学法尚未达标，还差3次。讲座还差30场。", &["3次 ?missing", "30场 ?missing"]);
    // What was told of something else grew by nothing that is known.
    reads("悬挂横幅20条。化解纠纷46起，同比下降12.5%。", &["20条 banner=20", "46起 ?no_measure", "12.5% ?change"]);
}
