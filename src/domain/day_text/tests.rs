//! Days as people write them.

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// 2021-12-20, a Monday.
fn known() -> Known {
    Known::on(day("2021-12-20"))
}

#[test]
fn a_day_is_read_as_people_write_it() {
    for text in [
        "2021.12.4",
        "2021-12-4",
        "2021/12/04",
        "2021-12-04",
        "2021年12月4日",
        "2021年12月04号",
        "2021 年 12 月 4 日",
        "12月4日",
        "12月4号",
        "12月4",
        "12.4",
        "12-4",
        "12/4",
        "12·4",
        "20211204",
        "21.12.4",
        "21年12月4日",
        "２０２１．１２．４",
        "二〇二一年十二月四日",
        "十二月四日",
        "2021-12-04 09:30",
        "2021/12/4 0:00:00",
        "2021年12月4日（星期六）",
        "2021年12月4日上午9时",
        "4日",
        "4号",
    ] {
        assert_eq!(read_day(text, &known()), Some(day("2021-12-04")), "{text}");
    }
    for (text, expected) in [
        ("今天", "2021-12-20"),
        ("昨天", "2021-12-19"),
        ("昨日", "2021-12-19"),
        ("前天下午", "2021-12-18"),
        ("上周五", "2021-12-17"),
        ("上周日", "2021-12-19"),
        ("上星期一", "2021-12-13"),
        ("本周一", "2021-12-20"),
        ("12月25日", "2020-12-25"),
        ("2月29日", "2020-02-29"),
        ("25日", "2021-11-25"),
    ] {
        assert_eq!(read_day(text, &known()), Some(day(expected)), "{text}");
    }
    let given = Known { year: Some(2019), month: Some(3), ..known() };
    assert_eq!(read_day("12.4", &given), Some(day("2019-12-04")));
    assert_eq!(read_day("4日", &given), Some(day("2019-03-04")));
}

#[test]
fn days_in_a_row_have_a_first_and_a_last_one() {
    for (text, from, to) in [
        ("11月29日至12月5日", "2021-11-29", "2021-12-05"),
        ("12月1-7日", "2021-12-01", "2021-12-07"),
        ("12月1日-7日", "2021-12-01", "2021-12-07"),
        ("12月1日（星期三）至7日", "2021-12-01", "2021-12-07"),
        ("12.1-12.7", "2021-12-01", "2021-12-07"),
        ("12.1-7", "2021-12-01", "2021-12-07"),
        ("2021.11.29—2021.12.5", "2021-11-29", "2021-12-05"),
        ("2021年11月29日 至 12月5日", "2021-11-29", "2021-12-05"),
        ("2020-12-29~2021-01-04", "2020-12-29", "2021-01-04"),
        ("2020年12月29日到1月4日", "2020-12-29", "2021-01-04"),
    ] {
        let expected = Days { from: day(from), to: Some(day(to)) };
        assert_eq!(read_days(text, &known()), Some(expected), "{text}");
        assert_eq!(read_day(text, &known()), None, "{text}");
    }
    assert_eq!(read_days("12月4日至4日", &known()), Some(Days { from: day("2021-12-04"), to: None }));
}

#[test]
fn what_is_no_day_is_not_read() {
    for text in [
        "",
        "横幅",
        "13月4日",
        "12月32日",
        "2021-02-29",
        "2021年12月",
        "20211304",
        "46",
        "1.5.2",
        "0.4",
        "2021",
        "二季度",
        "12月4日悬挂横幅",
        "3213-12-04",
        "每周五",
    ] {
        assert_eq!(read_days(text, &known()), None, "{text}");
    }
}

#[test]
fn days_are_found_in_running_text() {
    let found = |text: &str| -> Vec<(String, String, bool)> {
        let chars: Vec<char> = text.chars().collect();
        find_days(text, &known())
            .into_iter()
            .map(|found| {
                let words: String = chars[found.start..found.end].iter().collect();
                let to = found.days.to.map_or(String::new(), |to| format!("..{to}"));
                (words, format!("{}{to}", found.days.from), found.doubtful)
            })
            .collect()
    };
    let own = |words: &str, days: &str, doubtful: bool| (words.to_owned(), days.to_owned(), doubtful);
    assert_eq!(found("天坪村12月4日开展宪法宣传，悬挂横幅2条"), [own("12月4日", "2021-12-04", false)]);
    assert_eq!(found("昨天下午在院坝"), [own("昨天", "2021-12-19", false)]);
    assert_eq!(found("12月4日、8日各一场"), [own("12月4日", "2021-12-04", false), own("8日", "2021-12-08", true)]);
    assert_eq!(
        found("2020年12月29日、30日"),
        [own("2020年12月29日", "2020-12-29", false), own("30日", "2020-12-30", true)]
    );
    assert_eq!(found("11.29-12.5大喇叭播放"), [own("11.29-12.5", "2021-11-29..2021-12-05", false)]);
    assert_eq!(
        found("12月6日开展“12·4”国家宪法日宣传"),
        [own("12月6日", "2021-12-06", false), own("12·4", "2021-12-04", true)]
    );
    assert_eq!(found("6.26国际禁毒日"), [own("6.26", "2021-06-26", true)]);
    for text in [
        "资料1.2万份",
        "参与5-6人",
        "2.5小时",
        "国办函〔2021〕12号",
        "3号楼",
        "第4日",
        "电话023-12-4567",
        "2021年宣传",
        "30条",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_serial_number_is_a_day_and_the_leap_day_that_never_was_is_none() {
    for (serial, expected) in [
        (1.0, "1900-01-01"),
        (59.0, "1900-02-28"),
        (61.0, "1900-03-01"),
        (44_534.0, "2021-12-04"),
        (44_534.99, "2021-12-04"),
    ] {
        assert_eq!(from_serial(serial), Some(day(expected)), "{serial}");
    }
    for serial in [0.0, -1.0, 60.0, 60.5, f64::NAN, f64::INFINITY, 1e300, 2_958_465.0] {
        assert_eq!(from_serial(serial), None, "{serial}");
    }
}

proptest! {
    #[test]
    fn a_day_written_in_any_form_is_that_day(offset in 0i64..80_000, form in 0usize..6) {
        let own = day("1990-01-01") + chrono::TimeDelta::days(offset % 40_000);
        let (year, month, number) = (own.year(), own.month(), own.day());
        let text = match form {
            0 => format!("{year}.{month}.{number}"),
            1 => format!("{year}-{month:02}-{number:02}"),
            2 => format!("{year}/{month}/{number}"),
            3 => format!("{year}年{month}月{number}日"),
            4 => format!("{year}{month:02}{number:02}"),
            _ => own.to_string(),
        };
        prop_assert_eq!(read_day(&text, &known()), Some(own), "{}", text);
    }

    #[test]
    fn a_day_without_a_year_is_never_after_today(month in 1u32..=12, number in 1u32..=31, back in 0i64..3_000) {
        let today = day("2029-12-31") - chrono::TimeDelta::days(back);
        if let Some(own) = read_day(&format!("{month}月{number}日"), &Known::on(today)) {
            prop_assert!(own <= today && (own.month(), own.day()) == (month, number));
            prop_assert!(number == 29 && month == 2 || (today - own).num_days() < 366);
        }
    }

    #[test]
    fn no_text_panics_and_days_stand_in_it_one_behind_another(text in "[0-9０-９一二三十〇年月日号.\\-/至到昨今天上周五()（） ]{0,40}") {
        let length = text.chars().count();
        let mut end = 0;
        for found in find_days(&text, &known()) {
            prop_assert!(end <= found.start && found.start < found.end && found.end <= length);
            prop_assert!(found.days.to.is_none_or(|to| to > found.days.from));
            end = found.end;
        }
        let _ = read_days(&text, &known());
    }

    #[test]
    fn serials_follow_one_another(serial in 61u32..109_000) {
        let (one, next) = (from_serial(f64::from(serial)).unwrap(), from_serial(f64::from(serial + 1)).unwrap());
        prop_assert_eq!(one.succ_opt(), Some(next));
    }
}
