//! What a new user's messages brought to light: figures that were doubled, planned, summed up or lost, each told or marked.

use super::tests::{reading, reads, told};

#[test]
fn a_list_of_villages_is_held_against_how_many_they_are_said_to_be() {
    let text = "天坪、大佛、沿滩三个村共发500份";
    reads(text, &["T <天坪+大佛> 12-20 leaflet=500 ?by_unit_word,day,unknown_unit"]);
    let entry = &reading(text, false).entries[0];
    let mark = entry.marks.iter().find(|mark| mark.why == super::Why::UnknownUnit).unwrap();
    assert_eq!(text.chars().skip(mark.start).take(mark.end - mark.start).collect::<String>(), "沿滩");
    reads("天坪、大佛和两河三个村共发500份", &["T <天坪+大佛+两河> 12-20 leaflet=500 ?by_unit_word,day"]);
    reads("天坪村、大佛村12月4日三个村共发资料500份", &["T <天坪+大佛> 12-04 leaflet=500 ?villages"]);
    reads("天坪、沿滩村12月4日共发资料500份", &["天坪 12-04 leaflet=500 ?unknown_unit"]);
    reads("12月4日，沿滩、天坪两个村共发资料500份", &["天坪 12-04 leaflet=500 ?unknown_unit"]);
}

#[test]
fn a_line_that_begins_with_another_unit_is_another_entry() {
    reads(
        "12月4日天坪、大佛两个村共发500份\n青山小学：开展宪法晨读，师生1300余人参加，悬挂横幅1条",
        &["T <天坪+大佛> 12-04 leaflet=500 ?by_unit_word", "小学 12-04 attendance>=1300 banner=1"],
    );
    // The tree calls it 青山小学（示例）; and a unit that it does not know is nobody's.
    reads(
        "天坪村12月4日横幅2条\n红星村：横幅3条\n青山小学：横幅1条",
        &["天坪 12-04 banner=2", "- 12-04 banner=3 ?day,unknown_unit", "小学 12-04 banner=1 ?day"],
    );
    let read = reading("红星村：12月4日横幅3条", true);
    assert_eq!(told(&read.entries[0]), "- 12-04 banner=3 ?unknown_unit", "it is not the cadre's own village's");
}

#[test]
fn each_shares_out_only_the_count_it_stands_before() {
    reads(
        "天坪村两河村12月4日联合开展院坝会，各发60份，参加45人",
        &[
            "天坪 12-04 leaflet=60 ?by_unit_word",
            "两河 12-04 leaflet=60 ?by_unit_word",
            "T <天坪+两河> 12-04 lecture=1 attendance=45 ?once",
        ],
    );
    reads(
        "天坪村、两河村12月4日各悬挂横幅2条，资料共500份",
        &["天坪 12-04 banner=2", "两河 12-04 banner=2", "T <天坪+两河> 12-04 leaflet=500"],
    );
}

#[test]
fn a_screen_that_ran_for_days_counts_once_a_day_and_what_has_no_number_is_told() {
    reads("天坪村12月4日悬挂横幅2条，LED屏滚动播放（12.1-12.7）", &["天坪 12-04 banner=2 led=7 ?days,once_a_day"]);
    reads("天坪村12月4日横幅2条，LED屏滚动播放宪法标语", &["天坪 12-04 banner=2 ?no_count"]);
    reads("天坪村12月4日发放宣传资料，横幅2条", &["天坪 12-04 banner=2 ?no_count"]);
}

#[test]
fn the_counter_tells_booklets_from_leaflets() {
    reads("天坪村12月4日发放宣传册36本", &["天坪 12-04 booklet=36"]);
    reads("天坪村12月4日发放宣传册36份", &["天坪 12-04 leaflet=36"]);
    reads("天坪村12月4日发放500份", &["天坪 12-04 leaflet=500 ?by_unit_word"]);
    reads("天坪村12月4日上报方案2份，横幅1条", &["天坪 12-04 banner=1 ?no_measure"]);
}

#[test]
fn what_is_planned_was_not_done() {
    reads("天坪村12月4日悬挂横幅2条。下周计划发放500份资料", &["天坪 12-04 banner=2 ?planned"]);
    reads("天坪村计划发放资料500份，实际发放480份", &["天坪 12-20 leaflet=480 ?by_unit_word,day,planned"]);
    reads("天坪村拟于12月25日召开院坝会1场", &["天坪 12-25 ?day,planned"]);
    reads("天坪村12月4日按计划发放资料将近200份，将资料送到手里", &["天坪 12-04 leaflet~200"]);
    reads("天坪村12月4日开展模拟法庭1场", &["天坪 12-04 moot_court=1"]);
}

#[test]
fn a_sum_over_the_year_is_none_of_what_was_done() {
    reads("天坪村累计发放资料3000余份（全年）", &["天坪 12-20 leaflet>=3000 ?cumulative,day"]);
    reads("天坪村12月4日横幅2条，全年累计发放资料3000余份", &["天坪 12-04 banner=2 ?sum_left_out"]);
}

#[test]
fn a_day_below_another_ones_message_is_the_nearest_that_is_past() {
    reads(
        "刘敏 12-4 16:32\n天坪村悬挂横幅2条\n\n大佛村昨天（12月8号）横幅3条",
        &["天坪 12-04 banner=2", "大佛 12-08 banner=3"],
    );
    let read = reading("刘敏 12-4 16:32\n大佛村昨天（12月8号）横幅3条", false);
    assert_eq!(read.entries[0].date.to_string(), "2021-12-08");
    let read = reading("刘敏 2021-01-05 16:32\n大佛村12月28日横幅3条", false);
    assert_eq!(read.entries[0].date.to_string(), "2020-12-28", "it was told in January");
}

#[test]
fn numbers_that_nobody_counted_are_read_with_care() {
    reads("天坪村12月4日院坝会1场，来了六七十个", &["天坪 12-04 lecture=1 attendance>=60 ?range"]);
    reads("天坪村12月4日院坝会1场，六七十个群众参加", &["天坪 12-04 lecture=1 attendance>=60 ?range"]);
    reads("天坪村12月4日院坝会1场，近百人参加", &["天坪 12-04 lecture=1 attendance~100 ?near"]);
    reads("天坪村12月4日院坝会1场，40-30人参加", &["天坪 12-04 lecture=1 ?unreadable"]);
}

#[test]
fn a_number_that_is_not_taken_is_marked() {
    for (text, expected) in [
        ("天坪村12月4日横幅2条，投入500元", "天坪 12-04 banner=2 ?aside"),
        ("天坪村12月4日横幅2条，历时2小时", "天坪 12-04 banner=2 ?aside"),
        ("天坪村12月4日横幅2条，资料3.5份", "天坪 12-04 banner=2 ?unreadable"),
        ("天坪村12月4日横幅2条，三五十人参加", "天坪 12-04 banner=2 ?unreadable"),
        ("天坪村12月4日横幅2条，来了六七十", "天坪 12-04 banner=2 ?no_measure"),
        ("天坪村12月4日横幅2条，走访3个小组", "天坪 12-04 banner=2 household_visit=3 ?unit_word"),
    ] {
        reads(text, &[expected]);
    }
}
