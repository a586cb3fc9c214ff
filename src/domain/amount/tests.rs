//! Counts as people write them, and numbers that are none.

use super::*;
use proptest::prelude::*;

fn cell(text: &str) -> Option<(i64, Precision, Option<Doubt>)> {
    let found = read_amount(text)?;
    let amount = found.amount?;
    Some((amount.value, amount.precision, found.doubt))
}

/// The counts of a text as they stand in it.
fn counts(text: &str) -> Vec<(String, i64, Precision)> {
    let chars: Vec<char> = text.chars().collect();
    find_amounts(text)
        .into_iter()
        .filter_map(|found| {
            let amount = found.amount?;
            Some((chars[found.start..found.end].iter().collect(), amount.value, amount.precision))
        })
        .collect()
}

use Precision::{AtLeast, Estimate, Exact};

#[test]
fn a_cell_is_read_as_people_write_it() {
    for (text, value, precision) in [
        ("46", 46, Exact),
        ("0", 0, Exact),
        (" 46条 ", 46, Exact),
        ("共46条。", 46, Exact),
        ("3条横幅", 3, Exact),
        ("1,200", 1_200, Exact),
        ("１２０", 120, Exact),
        ("12.0", 12, Exact),
        ("150余", 150, AtLeast),
        ("150余条", 150, AtLeast),
        ("150多", 150, AtLeast),
        ("150+", 150, AtLeast),
        ("约200", 200, Estimate),
        ("约 200 份", 200, Estimate),
        ("大约200", 200, Estimate),
        ("200左右", 200, Estimate),
        ("200份左右", 200, Estimate),
        ("近200", 200, Estimate),
        ("约200余份", 200, Estimate),
        ("7000份以上", 7_000, AtLeast),
        ("7000以上", 7_000, AtLeast),
        ("不少于30", 30, AtLeast),
        ("不低于30场", 30, AtLeast),
        ("至少30", 30, AtLeast),
        ("超过500", 500, AtLeast),
        ("逾500人次", 500, AtLeast),
        ("上百次", 100, AtLeast),
        ("上千份", 1_000, AtLeast),
        ("一千余", 1_000, AtLeast),
        ("三百五十", 350, Exact),
        ("两百多", 200, AtLeast),
        ("二十余", 20, AtLeast),
        ("1.2万余", 12_000, AtLeast),
        ("3万", 30_000, Exact),
        ("一万二", 12_000, Exact),
        ("20多万", 200_000, AtLeast),
        ("百余", 100, AtLeast),
        ("百余人次", 100, AtLeast),
        ("十来次", 10, Estimate),
        ("十", 10, Exact),
    ] {
        assert_eq!(cell(text), Some((value, precision, None)), "{text}");
    }
    assert_eq!(cell("近百人"), Some((100, Estimate, Some(Doubt::Near))));
    for (text, value, doubt) in [
        ("十几", 10, Doubt::AndSome),
        ("二十几场", 20, Doubt::AndSome),
        ("30-40", 30, Doubt::Range),
        ("30~40人", 30, Doubt::Range),
        ("三四十人", 30, Doubt::Range),
        ("30人至40人", 30, Doubt::Range),
    ] {
        assert_eq!(cell(text), Some((value, AtLeast, Some(doubt))), "{text}");
    }
    assert_eq!(cell("2021"), Some((2021, Exact, Some(Doubt::Year))));
}

#[test]
fn words_that_are_no_figure_are_pointed_out() {
    for (text, doubt) in [
        ("数百", Doubt::Vague),
        ("几十", Doubt::Vague),
        ("数千份", Doubt::Vague),
        ("成百上千", Doubt::Vague),
        ("若干", Doubt::Vague),
        ("不足200", Doubt::Upper),
        ("200人以内", Doubt::Upper),
    ] {
        let found = read_amount(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((found.amount, found.doubt), (None, Some(doubt)), "{text}");
    }
}

#[test]
fn a_cell_without_a_count_is_told_apart() {
    for text in [
        "",
        " ",
        "/",
        "—",
        "无",
        "横幅",
        "1.5",
        "-3",
        "95%",
        "12月4日",
        "2021年",
        "第3期",
        "百分之九十五",
        "2021-12-04",
        "11-29",
        "2条，5份",
        "是",
    ] {
        assert_eq!(read_amount(text), None, "{text}");
    }
}

#[test]
fn counts_are_found_in_running_text_with_their_words() {
    for (text, expected) in [
        (
            "天坪村12月4日开展宪法宣传，悬挂横幅2条，发放资料120余份，受教育60余人次",
            vec![("2条", 2, Exact), ("120余份", 120, AtLeast), ("60余人次", 60, AtLeast)],
        ),
        (
            "2021年，圣灯山镇开展活动共10次，悬挂宣传横幅150余条，进村宣传100余次，播放法律知识多达上百次，发放宣传资料7000份以上。",
            vec![
                ("10次", 10, Exact),
                ("150余条", 150, AtLeast),
                ("100余次", 100, AtLeast),
                ("上百次", 100, AtLeast),
                ("7000份以上", 7_000, AtLeast),
            ],
        ),
        ("参加群众约200人左右", vec![("约200人左右", 200, Estimate)]),
        ("发放120本手册、围裙30条", vec![("120本", 120, Exact), ("30条", 30, Exact)]),
        ("院坝会一场，60人（次）", vec![("一场", 1, Exact), ("60人（次）", 60, Exact)]),
        ("走访百余户，二十余盏灯", vec![("百余户", 100, AtLeast), ("二十余盏", 20, AtLeast)]),
        ("1.悬挂横幅2条；2.发放资料30份", vec![("2条", 2, Exact), ("30份", 30, Exact)]),
        ("1️⃣横幅2条 2️⃣资料3份", vec![("2条", 2, Exact), ("3份", 3, Exact)]),
        ("（1）横幅2，资料30", vec![("2", 2, Exact), ("30", 30, Exact)]),
        ("横幅x2，资料*120，手册×20", vec![("2", 2, Exact), ("120", 120, Exact), ("20", 20, Exact)]),
        ("参与30-40人", vec![("30-40人", 30, AtLeast)]),
        ("播放不少于14次", vec![("不少于14次", 14, AtLeast)]),
        ("受教育人数百余人", vec![("百余人", 100, AtLeast)]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(words, value, how)| (words.to_owned(), value, how)).collect();
        assert_eq!(counts(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_count_is_left_alone() {
    for text in [
        "2021年12月4日",
        "2021.12.4上午9:30",
        "12月1日至7日",
        "12月1-7日",
        "11.29-12.5",
        "第3期，第十条",
        "联系电话：13812345678，023-66212345",
        "拨打12348或110",
        "12·4国家宪法日",
        "八五普法、十四五、七一、五四",
        "两河村、三跳社区、四川、万一、一起、进一步、统一、百姓",
        "天坪村3组、2019级1班",
        "合格率95.5%，百分之九十",
        "国办函〔2021〕12号",
        "https://mp.weixin.qq.com/s/a?x=45条",
        "A4纸，5G，Q1",
        "四个意识，两个维护，一个目标",
        "一次性、每一次、同一天",
        "3年、5个月、第二季度",
        "二〇二一年十二月四日",
        "1:3",
    ] {
        assert_eq!(counts(text), [], "{text}");
    }
}

#[test]
fn an_office_may_count_what_it_likes() {
    let found = find_amounts_with("巡河3趟次", &["趟次"]);
    assert_eq!(found[0].amount.as_ref().and_then(|amount| amount.unit_word.clone()), Some("趟次".into()));
}

proptest! {
    #[test]
    fn no_text_panics_and_counts_stand_in_it_one_behind_another(
        text in "[0-9０-９一二三十百千万两零余多约近上条份人次以至年月日第数几.,，、:：\\-（）() w\n]{0,40}",
    ) {
        let length = text.chars().count();
        let mut end = 0;
        for found in find_amounts(&text) {
            prop_assert!(end <= found.start && found.start < found.end && found.end <= length, "{:?}", found);
            end = found.end;
        }
        let _ = read_amount(&text);
    }

    #[test]
    fn any_text_at_all_is_read_without_a_panic(text in "\\PC{0,60}") {
        let _ = find_amounts(&text);
        let _ = read_amount(&text);
    }

    #[test]
    fn no_value_is_above_what_stands_in_the_text(value in 1i64..10_000_000, before in "(约|近|超过|不少于|共)?", behind in "(余|多|\\+)?") {
        let text = format!("{before}{value}{behind}份");
        let found = read_amount(&text).unwrap();
        prop_assert_eq!(found.amount.map(|amount| amount.value), Some(value));
        let in_text = counts(&format!("发放资料{text}，")).remove(0);
        prop_assert_eq!(in_text.1, value);
    }
}
