//! The law of rounding, example by example and as laws.

use super::*;
use crate::domain::measure::Precision;
use proptest::prelude::*;

fn total(exact: i64, at_least: i64, estimate: i64) -> Total {
    Total { exact, at_least, estimate, activities: 1 }
}

fn wording(form: Form) -> Wording {
    Wording { form, ..Wording::default() }
}

fn said(sum: Total, form: Form, unit_word: &str) -> String {
    official(sum, &wording(form), unit_word, Locale::Zh)
}

#[test]
fn the_law_of_rounding_example_by_example() {
    for (sum, form, unit_word, expected) in [
        (total(46, 0, 0), Form::More, "条", "46条"),
        (total(62, 0, 0), Form::Above, "条", "62条"),
        (total(99, 0, 0), Form::Hundreds, "次", "99次"),
        (total(100, 0, 0), Form::More, "条", "100条"),
        (total(156, 0, 0), Form::More, "条", "150余条"),
        (total(149, 0, 0), Form::More, "条", "140余条"),
        (total(150, 0, 0), Form::More, "条", "150条"),
        (total(108, 0, 0), Form::More, "次", "100余次"),
        (total(4836, 0, 0), Form::More, "份", "4800余份"),
        (total(7065, 0, 0), Form::Above, "份", "7000份以上"),
        (total(7000, 0, 0), Form::Above, "份", "7000份"),
        (total(0, 7000, 0), Form::Above, "份", "7000份以上"),
        (total(52_200, 0, 0), Form::More, "份", "52000余份"),
        (total(112, 0, 0), Form::Hundreds, "次", "上百次"),
        (total(199, 0, 0), Form::Hundreds, "次", "上百次"),
        (total(200, 0, 0), Form::Hundreds, "次", "200次"),
        (total(215, 0, 0), Form::Hundreds, "次", "210余次"),
        (total(0, 150, 0), Form::More, "条", "150余条"),
        (total(100, 50, 0), Form::More, "条", "150余条"),
        (total(20, 26, 0), Form::More, "条", "46条以上"),
        (total(20, 0, 26), Form::More, "条", "约46条"),
        (total(20, 20, 6), Form::More, "条", "约46条"),
        (total(3412, 0, 600), Form::More, "人次", "约4000人次"),
        (total(4000, 0, 12), Form::More, "人次", "4000余人次"),
        (total(4000, 0, 600), Form::More, "人次", "约4600人次"),
        (total(64, 0, 48), Form::Hundreds, "次", "约110次"),
        (total(3000, 1000, 12), Form::Above, "份", "4000份以上"),
    ] {
        assert_eq!(said(sum, form, unit_word), expected, "{sum:?}");
    }
}

#[test]
fn ten_thousands_only_where_the_measure_says_so() {
    let wan = Wording { ten_thousands: true, ..Wording::default() };
    let said = |sum, wording: &Wording| official(sum, wording, "份", Locale::Zh);
    assert_eq!(said(total(12_345, 0, 0), &wan), "1.2万余份");
    assert_eq!(said(total(10_000, 0, 0), &wan), "1万份");
    assert_eq!(said(total(120_500, 0, 0), &wan), "12万余份");
    assert_eq!(said(total(9_999, 0, 0), &wan), "9900余份");
    assert_eq!(said(total(11_000, 0, 3_000), &wan), "约1.4万份");
    let above = Wording { form: Form::Above, ..wan };
    assert_eq!(said(total(12_345, 0, 0), &above), "1.2万份以上");
    assert_eq!(said(total(12_345, 0, 0), &Wording::default()), "12000余份");
}

#[test]
fn a_measure_may_choose_a_coarser_step() {
    let coarse = |step, sum| official(sum, &Wording { step, ..Wording::default() }, "条", Locale::Zh);
    assert_eq!(coarse(50, total(199, 0, 0)), "150余条");
    assert_eq!(coarse(1_000, total(7_865, 0, 0)), "7000余条");
    assert_eq!(coarse(50, total(1_234, 0, 0)), "1200余条");
    assert_eq!(coarse(50, total(62, 0, 0)), "62条");
    assert_eq!(coarse(500, total(156, 0, 0)), "150余条");
}

#[test]
fn the_exact_style_says_what_is_not_certain() {
    let said = |sum, locale| exact(sum, "人次", locale);
    assert_eq!(said(total(7_065, 0, 0), Locale::Zh), "7,065人次");
    assert_eq!(said(total(3_412, 0, 600), Locale::Zh), "4,012（其中估计600，15.0%）人次");
    assert_eq!(said(total(6, 150, 0), Locale::Zh), "156（含“以上”口径150）人次");
    assert_eq!(said(total(100, 50, 50), Locale::Zh), "200（其中估计50，25.0%；含“以上”口径50）人次");
    assert_eq!(said(total(3_412, 0, 600), Locale::En), "4,012 (600 of it estimated, 15.0%)");
    assert_eq!(said(total(0, 0, 220), Locale::Zh), "220人次（全部为估计）");
    assert_eq!(said(total(0, 0, 220), Locale::En), "220 (all estimated)");
    assert_eq!(said(total(0, 0, 0), Locale::Zh), "0人次");
    assert_eq!(grouped(1_234_567), "1,234,567");
    assert_eq!(grouped(100), "100");
}

#[test]
fn the_internal_style_tells_every_part_and_how_many_records_it_comes_from() {
    let sum = Total { activities: 12, ..total(126, 20, 10) };
    assert_eq!(internal(sum, "条", Locale::Zh), "156条（确数126、以上20、约10，12条记录）");
    assert_eq!(internal(Total::of(Precision::Exact, 46), "条", Locale::Zh), "46条（确数46，0条记录）");
    assert_eq!(internal(Total::default(), "条", Locale::Zh), "0条");
    assert_eq!(internal(sum, "条", Locale::En), "156 (126 exact, 20 at least, 10 estimated; 12 records)");
}

#[test]
fn english_says_the_same_bounds() {
    let said = |sum, form| official(sum, &wording(form), "条", Locale::En);
    assert_eq!(said(total(156, 0, 0), Form::More), "at least 150");
    assert_eq!(said(total(7_065, 0, 0), Form::Above), "at least 7,000");
    assert_eq!(said(total(112, 0, 0), Form::Hundreds), "at least 100");
    assert_eq!(said(total(3_412, 0, 600), Form::More), "about 4,000");
    assert_eq!(said(total(46, 0, 0), Form::More), "46");
}

fn any_total() -> impl Strategy<Value = Total> {
    let part = prop_oneof![Just(0i64), 0i64..120, 0i64..20_000, 0i64..30_000_000];
    (part.clone(), part.clone(), part).prop_map(|(exact, at_least, estimate)| total(exact, at_least, estimate))
}

fn any_wording() -> impl Strategy<Value = Wording> {
    (0usize..3, prop_oneof![Just(0i64), 0i64..5_000], any::<bool>()).prop_map(|(form, step, ten_thousands)| Wording {
        form: Form::ALL[form],
        step,
        ten_thousands,
        ..Wording::default()
    })
}

proptest! {
    /// "All of it" is said of what is all an estimate, and of nothing else.
    #[test]
    fn a_part_that_is_the_whole_is_said_as_the_whole(sum in any_total()) {
        let said = exact(sum, "人次", Locale::Zh);
        let all = sum.estimate > 0 && sum.lower_bound() == 0;
        prop_assert_eq!(said.contains("全部为估计"), all, "{}", said);
        prop_assert!(!said.contains("100.0%") || !all, "{said}");
        prop_assert!(said.starts_with(&grouped(sum.total())), "{said}");
    }

    #[test]
    fn nothing_is_said_that_is_above_the_truth(sum in any_total(), wording in any_wording()) {
        let figure = round(sum, &wording);
        prop_assert!(figure.value <= sum.total());
        prop_assert!(figure.value * 2 >= sum.total() || wording.step > 0);
    }

    /// Whatever the measure is called and whatever is counted: the words are the law's figure, and nothing above it.
    #[test]
    fn the_words_of_any_measure_say_the_laws_figure_and_never_more(
        sum in any_total(), wording in any_wording(), unit_word in "[块台次本份处期条]{1,2}",
    ) {
        let words = official(sum, &wording, &unit_word, Locale::Zh);
        let figure = round(sum, &wording);
        prop_assert!(words.contains(&unit_word), "{words}");
        prop_assert!(!words.contains('近'), "{words}");
        let number: String = words.chars().filter(|letter| letter.is_ascii_digit() || *letter == '.').collect();
        if figure.claim == Claim::Hundreds {
            prop_assert_eq!(number, "");
        } else {
            let scale = if words.contains('万') { 10_000.0 } else { 1.0 };
            let said = number.parse::<f64>().expect("a number") * scale;
            prop_assert!((said - figure.value as f64).abs() < 0.5, "{words}: {figure:?}");
            prop_assert!(said < sum.total() as f64 + 0.5, "{words}: {sum:?}");
        }
    }

    #[test]
    fn what_is_certain_carries_what_is_said_unless_it_is_about(sum in any_total(), wording in any_wording()) {
        let figure = round(sum, &wording);
        prop_assert!(figure.claim == Claim::About || figure.value <= sum.lower_bound());
        if figure.claim == Claim::Exactly {
            prop_assert_eq!(figure.value, sum.total());
            prop_assert_eq!(sum.at_least, 0);
        }
    }

    #[test]
    fn a_rounded_figure_is_not_rounded_again(sum in any_total(), wording in any_wording()) {
        let once = round(sum, &wording).value;
        prop_assert_eq!(round(Total::of(Precision::Exact, once), &wording).value, once);
    }

    #[test]
    fn more_is_never_said_as_less(first in 0i64..3_000_000, more in 0i64..3_000, wording in any_wording()) {
        let value = |whole| round(Total::of(Precision::Exact, whole), &wording).value;
        prop_assert!(value(first) <= value(first + more));
    }

    #[test]
    fn a_hundred_or_more_is_said_of_one_hundred_to_199_only(sum in any_total()) {
        let figure = round(sum, &wording(Form::Hundreds));
        prop_assert!(figure.claim != Claim::Hundreds || (100..200).contains(&sum.total()));
    }
}
