//! Formulas as counties type them, months that end on the 25th, and what always holds of both.

use super::{
    formula::{Fault, read},
    *,
};
use crate::domain::{alias::tests::catalogue, measure::Precision};
use proptest::prelude::*;

fn reckon(text: &str) -> Result<Option<f64>, Fault> {
    let catalogue = catalogue();
    let formula = read(text, &catalogue.measures)?;
    Ok(formula.value(&|key| match key {
        "banner" => 156.0,
        "board" => 62.0,
        "led" => 64.0,
        "broadcast" => 48.0,
        _ => 0.0,
    }))
}

#[test]
fn a_column_reckons_what_a_county_wrote() {
    for (text, value) in [
        ("banner", Some(156.0)),
        ("led + broadcast", Some(112.0)),
        ("（led＋broadcast）×2－banner", Some(68.0)),
        ("[横幅/标语] + [展板]", Some(218.0)),
        ("【横幅／标语】+展板", Some(218.0)),
        ("led ÷ (led + broadcast) %", Some(6_400.0 / 112.0)),
        ("10 - 2 - 3", Some(5.0)),
        ("2 + 3 * 4", Some(14.0)),
        ("banner / lecture", None),
        ("0.5*banner", Some(78.0)),
    ] {
        let found = reckon(text).unwrap();
        match value {
            Some(value) => assert!((found.unwrap() - value).abs() < 1e-9, "{text}: {found:?}"),
            None => assert_eq!(found, None, "{text}"),
        }
    }
}

#[test]
fn a_wrong_formula_says_what_is_wrong_and_where() {
    for (text, fault) in [
        (" ", Fault::Empty),
        ("banners", Fault::Unknown("banners".into())),
        ("[灯笼] + banner", Fault::Unknown("灯笼".into())),
        ("law_literate", Fault::Stock("法律明白人".into())),
        ("banner +", Fault::Unfinished),
        ("(banner", Fault::Unfinished),
        ("[横幅", Fault::Unfinished),
        ("banner )", Fault::Unexpected(8, ")".into())),
        ("banner board", Fault::Unexpected(8, "b".into())),
        ("+ banner", Fault::Unexpected(1, "+".into())),
        ("1.2.3", Fault::Unexpected(1, "1.2.3".into())),
    ] {
        assert_eq!(reckon(text), Err(fault), "{text}");
    }
    assert_eq!(reckon(&"(".repeat(399)), Err(Fault::TooLong));
    assert_eq!(reckon(&"1+".repeat(300)), Err(Fault::TooLong));
}

#[test]
fn a_sum_knows_how_sure_it_is_and_what_is_reckoned_from_an_estimate_is_one() {
    let catalogue = catalogue();
    let totals = BTreeMap::from([
        ("led".to_owned(), Total::of(Precision::AtLeast, 60)),
        ("broadcast".to_owned(), Total::of(Precision::Estimate, 40)),
    ]);
    let of = |text: &str| cell(&read(text, &catalogue.measures).unwrap(), &totals);
    assert_eq!(of("led + broadcast"), Cell { at_least: 60, estimate: 40, ..Cell::plain(100.0) });
    for (text, value) in [("led - broadcast", 20.0), ("led ÷ broadcast", 1.5), ("broadcast ÷ led × 3 %", 200.0)] {
        assert_eq!(of(text), Cell { unsure: true, ..Cell::plain(value) }, "{text}");
    }
    assert_eq!(of("banner × 2"), Cell::plain(0.0));
    assert_eq!(of("led ÷ banner"), Cell::default(), "what is divided by nothing is not even an estimate");
}

#[test]
fn a_month_that_ends_on_the_25th_begins_on_the_26th() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let of = |text: &str, cutoff| {
        let period = Time::parse(text).unwrap().period(cutoff);
        (period.from, period.to)
    };
    assert_eq!(of("2021-01", Some(25)), (day("2020-12-26"), day("2021-01-25")));
    assert_eq!(of("2021-Q1", Some(25)), (day("2020-12-26"), day("2021-03-25")));
    assert_eq!(of("2021", Some(25)), (day("2020-12-26"), day("2021-12-25")));
    assert_eq!(of("2021-02", Some(28)), (day("2021-01-29"), day("2021-02-28")));
    assert_eq!(of("2021-02", None), (day("2021-02-01"), day("2021-02-28")));
    assert_eq!(of("2021", None), (day("2021-01-01"), day("2021-12-31")));
    for wrong in ["", "21", "2021-13", "2021-Q5", "2021-00", "2021-1-1", "２０２１"] {
        assert_eq!(Time::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_share_is_known_by_its_formula() {
    let catalogue = catalogue();
    let is_share = |text: &str| read(text, &catalogue.measures).unwrap().is_share();
    assert!(is_share("led ÷ (led + broadcast) %") && is_share("led/broadcast％"));
    assert!(!is_share("led ÷ broadcast") && !is_share("banner + led ÷ broadcast %"));
}

proptest! {
    #[test]
    fn twelve_months_are_the_year_without_a_gap(year in 1950i32..2150, cutoff in prop::option::of(1u32..=28)) {
        let whole = Time::new(Span::Year, year, 1).unwrap();
        let months: Vec<Period> = whole.months().into_iter().map(|own| month(own, cutoff)).collect();
        prop_assert_eq!(months.iter().map(|month| month.days()).sum::<i64>(), whole.period(cutoff).days());
        for pair in months.windows(2) {
            prop_assert_eq!(pair[0].to.succ_opt(), Some(pair[1].from));
        }
        for span in [Span::Month, Span::Quarter, Span::Year] {
            for time in (1..=12).filter_map(|part| Time::new(span, year, part)) {
                prop_assert_eq!(Time::parse(&time.to_string()), Some(time));
            }
        }
    }

    #[test]
    fn no_text_panics(text in "[a-z0-9+*/()\\[\\]%.横幅 ×÷（）-]{0,60}") {
        let _ = reckon(&text);
    }
}
