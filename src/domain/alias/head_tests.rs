//! Heads as offices write them, and what they mean.

use super::{
    head::{Field, Names, field, field_by_ending, plain, without_brackets},
    tests::catalogue,
};

#[test]
fn the_longest_name_in_a_head_decides_and_the_unit_word_before_it() {
    let catalogue = catalogue();
    let names = Names::new(&catalogue);
    for (head, unit_word, expected) in [
        ("发放宣传资料", "", "leaflet"),
        ("宣传品", "份", "gift"),
        ("宣传手册", "", "booklet"),
        ("悬挂横幅标语", "条", "banner"),
        ("讲座参与人次", "", "attendance"),
        ("坝坝会", "", "lecture"),
        ("进村入户", "次", "village_visit"),
        ("进村入户", "户", "household_visit"),
        ("法律咨询人次", "", "consultation"),
        ("受教育人数", "", "attendance"),
        ("ＬＥＤ滚动播放", "", "led"),
        ("大喇叭播放", "次", "broadcast"),
        ("会前学法", "", "pre_meeting_study"),
        ("leaflet", "", "leaflet"),
    ] {
        assert_eq!(names.measure(head, unit_word).map(|one| one.key.as_str()), Some(expected), "{head}");
    }
    assert_eq!(names.measure("经费", ""), None);
    assert_eq!(names.by_unit_word("户").map(|one| one.key.as_str()), Some("household_visit"));
    assert_eq!(names.by_unit_word("份"), None, "leaflets and gifts are both 份");
}

#[test]
fn heads_and_their_endings_name_fields() {
    for (head, expected) in [
        ("日 期", Field::Date),
        ("活动时间", Field::Date),
        ("村（社区）", Field::Unit),
        ("村/社区", Field::Unit),
        ("备注", Field::Note),
        ("序号", Field::Index),
        ("数量（份）", Field::Count),
        ("经办人", Field::Handler),
        ("主办单位", Field::Organiser),
    ] {
        assert_eq!(field(&plain(head)), Some(expected), "{head}");
    }
    assert_eq!(field_by_ending(&plain("讲座地点")), Some(Field::Place));
    assert_eq!(field_by_ending(&plain("横幅内容")), Some(Field::Note));
    assert_eq!(field(&plain("横幅（条）")), None);
    assert_eq!(without_brackets(&plain("宣传资料（份）")), ("宣传资料".into(), "份".into()));
}

#[test]
fn themes_are_known_by_what_offices_call_them() {
    let catalogue = catalogue();
    let names = Names::new(&catalogue);
    let keys = |text: &str| names.themes(text).into_iter().map(|one| one.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys("宪法宣传周"), ["constitution"]);
    assert_eq!(keys("禁毒、反诈"), ["drugs", "fraud"]);
    assert_eq!(keys("国家安全"), ["national_security"]);
    assert_eq!(keys("安全"), ["safety"]);
    assert_eq!(keys("扫黑除恶"), ["gangs"]);
    assert!(keys("春节慰问").is_empty());
}

#[test]
fn a_missing_type_is_the_one_whose_main_measure_was_counted() {
    let catalogue = catalogue();
    let names = Names::new(&catalogue);
    let kind = |keys: &[&str]| {
        let ids: Vec<i64> = keys.iter().filter_map(|key| catalogue.measure(key)).map(|one| one.id).collect();
        names.kind_of_measures(&ids).map(|kind| kind.key.clone())
    };
    assert_eq!(kind(&["leaflet", "attendance", "lecture"]).as_deref(), Some("lecture"));
    assert_eq!(kind(&["leaflet"]).as_deref(), Some("leaflet"));
    assert_eq!(kind(&["attendance"]).as_deref(), Some("attendance"));
    assert_eq!(kind(&["banner", "leaflet"]).as_deref(), Some("banner"));
    assert_eq!(kind(&["law_literate"]), None);
    assert_eq!(names.kind("举办法治讲座").map(|kind| kind.key.as_str()), Some("lecture"));
}
